#pragma once

// Private to core/distributed: types of LibTorch appear here.

#include "core/distributed/collectives_torch.h"
#include "core/distributed/heartbeat_monitor_torch.h"
#include "core/distributed/process_group.h"

#include <ATen/core/Tensor.h>

#include <mutex>
#include <string_view>
#include <vector>

namespace tagscape {

/// Everything of a group that has a type of LibTorch. Empty for a single process.
struct ProcessGroup::Impl {
  RankEnvironment environment;
  Transport transport = Transport::Gloo;
  at::Device device{at::kCPU};  ///< What NCCL exchanges must be on.
  c10::intrusive_ptr<c10d::Store> store;
  std::unique_ptr<HeartbeatMonitor> watch;
  /// Exchanges of the order of the program, and sums of gradients, whose order is that of the backward pass.
  c10::intrusive_ptr<Collectives> in_order, gradients;

  Impl() = default;
  ~Impl();

  /// Where tensors must be to be exchanged.
  [[nodiscard]] at::Device carrier() const;
  /// The tensor itself if it can be exchanged as it is, else a copy.
  [[nodiscard]] at::Tensor staged(const at::Tensor& tensor) const;

  /// Waits for the end of an exchange; throws GroupFailure, naming `doing`, if it fails or a rank is lost.
  void finish(c10d::Work& work, std::string_view doing);
  /// Throws GroupFailure if the group has failed before.
  void checkAlive(std::string_view doing);
  [[noreturn]] void failed(std::string_view doing, const std::string& reason);
  /// As failed(), after finding the rank that is gone.
  [[noreturn]] void broken(std::string_view doing, const std::exception& failure);

  [[nodiscard]] std::optional<Error> failure() const;
  /// Keeps the first.
  Error setFailure(Error error);

 private:
  void waitFor(c10d::Work& work, std::string_view doing);
  mutable std::mutex mutex_;
  std::optional<Error> failure_;
};

}  // namespace tagscape

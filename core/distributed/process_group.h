#pragma once

#include "core/base/rank_environment.h"
#include "core/base/result.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

namespace tagscape {

struct ProcessGroupOptions {
  /// "cpu" (Gloo), "cuda" or "cuda:N" (NCCL where LibTorch and nccl.h have it, else Gloo by way of the CPU).
  std::string device = "cpu";
  /// How long to wait for the others to appear.
  std::chrono::milliseconds join_timeout{std::chrono::minutes(5)};
  /// A process that shows no sign of life for so long counts as lost. Signs come from a thread of their own about every
  /// second, so that long work is no silence.
  std::chrono::milliseconds silence{std::chrono::seconds(30)};
  /// The longest that one exchange may take, waiting for slower ranks included.
  std::chrono::milliseconds exchange_timeout{std::chrono::minutes(30)};
};

/// An exchange failed because another process is gone, has failed or does not answer. Thrown where tensors are
/// exchanged, through LibTorch's backward pass too; torchFailure() passes on its error unchanged.
class GroupFailure : public std::runtime_error {
 public:
  explicit GroupFailure(Error error) : std::runtime_error(error.message), error_(std::move(error)) {}
  [[nodiscard]] const Error& error() const { return error_; }

 private:
  Error error_;
};

/// The processes that train one model together, seen from one of them. How tensors are exchanged stands in
/// process_group_torch.h. Every exchange is made by all ranks, in the same order, or it waits for the missing ones; for
/// a group of one process all of them cost nothing.
///
/// A process that dies, stalls or calls abort() makes the exchanges of all others fail: at once where its connections
/// break, else after `silence`. After a failure a group is of no more use. Used by one thread at a time.
class ProcessGroup {
 public:
  /// The group of a single process.
  [[nodiscard]] static std::shared_ptr<ProcessGroup> alone();
  /// One of these that everybody may use, for default arguments.
  [[nodiscard]] static const ProcessGroup& single();

  /// Meets the others at master_host:master_port, which rank 0 opens (or torchrun's agent), and connects to each of
  /// them. Gloo's connections take the interface that GLOO_SOCKET_IFNAME names, else the one of this machine's name.
  /// Errors: Unsupported if this build has no Gloo; InvalidInput if the port is taken, the host unknown or the device
  ///         none; Cancelled after a stop; Internal, naming the ranks, if some do not appear in time.
  [[nodiscard]] static Result<std::shared_ptr<ProcessGroup>> join(const RankEnvironment& environment,
                                                                  const ProcessGroupOptions& options,
                                                                  const std::stop_token& stop = {});
  /// What this build can carry exchanges by: "gloo" (CPU), "nccl" (GPUs), both or none.
  [[nodiscard]] static std::vector<std::string> transportsBuilt();

  ~ProcessGroup();
  ProcessGroup(const ProcessGroup&) = delete;
  ProcessGroup& operator=(const ProcessGroup&) = delete;

  [[nodiscard]] int rank() const;
  [[nodiscard]] int size() const;
  /// Whether this is rank 0, the one that writes.
  [[nodiscard]] bool isFirst() const { return rank() == 0; }
  [[nodiscard]] bool isAlone() const { return size() == 1; }
  /// "gloo", "nccl", or "none" for a single process.
  [[nodiscard]] std::string transport() const;

  /// Waits until all ranks are here. Errors: that of a failed exchange.
  [[nodiscard]] Status barrier();

  /// Whether all ranks could do something: each brings how it went for itself. An exchange.
  /// Errors: the rank's own; else, as "rank N: …", that of the lowest rank that has one; or that of a failed exchange.
  [[nodiscard]] Status allSucceeded(const Status& own);

  /// Σ over ranks. An exchange. Errors: that of a failed exchange.
  [[nodiscard]] Result<std::int64_t> sum(std::int64_t value);

  /// The value of rank 0, on every rank. An exchange. Errors: that of a failed exchange.
  [[nodiscard]] Result<std::int64_t> broadcast(std::int64_t value);

  /// Tells the others that this rank has failed and will take part in nothing more: exchanges that wait for it fail
  /// with this message. No exchange; returns within a few seconds.
  void abort(const Error& error);

  /// Why an exchange failed, if one has.
  [[nodiscard]] std::optional<Error> failure() const;

  struct Impl;  // holds every torch type
  [[nodiscard]] Impl& impl() const { return *impl_; }

 private:
  explicit ProcessGroup(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tagscape

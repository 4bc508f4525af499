#pragma once

// Private to core/distributed: a type of LibTorch appears here.

#include "core/base/rank_environment.h"
#include "core/base/result.h"

#include <c10/util/intrusive_ptr.h>

#include <chrono>
#include <stop_token>

namespace c10d {
class Store;
}

namespace tagscape {

/// The store where ranks meet, at master_host:master_port.
class MeetingPoint {
 public:
  /// Opens the store (rank 0, unless torchrun's agent keeps one) or waits for it, then waits for all ranks.
  /// Errors: InvalidInput if the port is taken or the host unknown; Cancelled after a stop; Internal, naming the ranks
  ///         that did not appear, after `timeout`.
  [[nodiscard]] static Result<MeetingPoint> open(const RankEnvironment& environment,
                                                 std::chrono::milliseconds timeout,
                                                 const std::stop_token& stop);

  /// Whether this process keeps the store.
  [[nodiscard]] static bool hostedBy(const RankEnvironment& environment);

  [[nodiscard]] const c10::intrusive_ptr<c10d::Store>& store() const { return store_; }
  /// A further connection, for another thread. Throws what LibTorch throws.
  [[nodiscard]] c10::intrusive_ptr<c10d::Store> connectAgain() const;

 private:
  MeetingPoint(const RankEnvironment& environment, std::chrono::milliseconds timeout)
      : environment_(environment), timeout_(timeout) {}
  [[nodiscard]] c10::intrusive_ptr<c10d::Store> connect(bool as_host) const;
  [[nodiscard]] Status waitForAll(const std::stop_token& stop) const;
  [[nodiscard]] std::string missingRanks() const;

  RankEnvironment environment_;
  std::chrono::milliseconds timeout_;
  c10::intrusive_ptr<c10d::Store> store_;
};

}  // namespace tagscape

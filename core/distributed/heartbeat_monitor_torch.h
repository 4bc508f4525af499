#pragma once

// Private to core/distributed: a type of LibTorch appears here.

#include <c10/util/intrusive_ptr.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace c10d {
class Store;
}

namespace tagscape {

/// Detects that another rank has failed, and which. A thread writes this rank's heartbeat into the store of the group,
/// about once a second, and reads that of the next rank. The first rank that detects a loss, or fails itself, publishes
/// the reason in the store; all others read it there, so that every rank reports the same.
class HeartbeatMonitor {
 public:
  struct Place {
    int rank = 0;
    int size = 1;
    bool hosts_store = false;   ///< The others lose the store when this process ends.
    std::string meeting_point;  ///< What the store is, for messages: "rank 0 (node7:29500)".
    std::chrono::milliseconds silence{0};
  };

  /// @param store  a connection used by nothing else.
  HeartbeatMonitor(c10::intrusive_ptr<c10d::Store> store, Place place);
  /// Reports an orderly end to the others; the rank that hosts the store first gives them a few seconds to read a
  /// failure.
  ~HeartbeatMonitor();
  HeartbeatMonitor(const HeartbeatMonitor&) = delete;
  HeartbeatMonitor& operator=(const HeartbeatMonitor&) = delete;

  /// Why the group cannot continue, if that is known. Does not wait.
  [[nodiscard]] std::optional<std::string> failure();

  /// The same after a failed exchange: checks all ranks for a few seconds to find the one that is gone.
  [[nodiscard]] std::optional<std::string> investigate();

  /// Publishes `reason` as the failure of the group, unless there is one. Waits a few seconds at most.
  void abort(const std::string& reason);

 private:
  struct State;
  std::shared_ptr<State> state_;  ///< Shared with the thread, which is left behind if the store does not answer.
  std::thread thread_;
  std::chrono::steady_clock::time_point last_asked_{}, asked_since_{};
};

}  // namespace tagscape

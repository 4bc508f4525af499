#pragma once

#include <stop_token>
#include <thread>

namespace tagscape::cli {

/// Turns the first Ctrl-C (SIGINT) or SIGTERM into a stop request, so that jobs end in order; a second one ends the
/// program at once. Make it before any other thread is started: the signals are blocked for all of them.
class StopOnSignal {
 public:
  StopOnSignal();

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  std::jthread waiter_;
};

}  // namespace tagscape::cli

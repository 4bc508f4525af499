#pragma once

#include <stop_token>
#include <thread>

namespace tagscape::cli {

/// Turns the first Ctrl-C (SIGINT) or SIGTERM into a stop request, so that jobs end in order; a second one ends the
/// program at once. Handlers and not blocked signals, because libraries start threads while they are loaded, which
/// no mask of ours reaches. A program that was started with SIGINT ignored (in the background, by nohup) goes on
/// ignoring it. One at a time.
class StopOnSignal {
 public:
  StopOnSignal();
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  std::jthread waiter_;
};

}  // namespace tagscape::cli

#pragma once

#include <stop_token>
#include <thread>

namespace tagscape::cli {

/// Turns the first Ctrl-C (SIGINT) or SIGTERM into a stop request, so that jobs end in order; a second one terminates
/// the program. It uses handlers instead of blocked signals, since libraries start threads while being loaded, before a
/// mask could be set. If SIGINT was ignored at start (in the background, by nohup), it stays ignored. At most one
/// instance.
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

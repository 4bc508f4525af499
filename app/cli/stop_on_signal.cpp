#include "app/cli/stop_on_signal.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace tagscape::cli {
namespace {

constexpr std::array<int, 2> kSignals{SIGINT, SIGTERM};

/// What a signal handler may touch: numbers without locks, and a pipe whose other end a thread waits at.
std::atomic<int> num_signals{0};
std::array<int, 2> pipe_ends{-1, -1};
std::array<struct sigaction, kSignals.size()> handlers_before;

extern "C" void onStopSignal(int /*number*/) {
  const int saved = errno;
  if (num_signals.fetch_add(1) > 0) ::_exit(130);
  const char byte = 0;
  (void)!::write(pipe_ends[1], &byte, 1);
  errno = saved;
}

}  // namespace

StopOnSignal::StopOnSignal() {
  num_signals = 0;
  if (::pipe2(pipe_ends.data(), O_CLOEXEC) != 0) return;  // then signals terminate the program, as by default
  struct sigaction action {};
  action.sa_handler = onStopSignal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    ::sigaction(kSignals.at(i), nullptr, &handlers_before.at(i));
    if (handlers_before.at(i).sa_handler != SIG_IGN) ::sigaction(kSignals.at(i), &action, nullptr);
  }
  waiter_ = std::jthread([this](const std::stop_token& program_ends) {
    constexpr int kPatience_ms = 200;
    while (!program_ends.stop_requested()) {
      pollfd ready{pipe_ends[0], POLLIN, 0};
      if (::poll(&ready, 1, kPatience_ms) <= 0) continue;
      std::fputs("\nStopping … (once more to end at once)\n", stderr);
      stop_.request_stop();
      return;
    }
  });
}

StopOnSignal::~StopOnSignal() {
  if (pipe_ends[0] < 0) return;
  for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals.at(i), &handlers_before.at(i), nullptr);
  waiter_.request_stop();
  waiter_.join();
  for (int& end : pipe_ends) {
    ::close(end);
    end = -1;
  }
}

}  // namespace tagscape::cli

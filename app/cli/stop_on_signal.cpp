#include "app/cli/stop_on_signal.h"

#include <csignal>
#include <cstdio>
#include <ctime>
#include <unistd.h>

namespace tagscape::cli {
namespace {

sigset_t stopSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

StopOnSignal::StopOnSignal() {
  const sigset_t signals = stopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  waiter_ = std::jthread([this](const std::stop_token& program_ends) {
    const sigset_t awaited = stopSignals();
    constexpr timespec kPatience{0, 200'000'000};
    while (!program_ends.stop_requested()) {
      if (sigtimedwait(&awaited, nullptr, &kPatience) < 0) continue;
      if (stop_.stop_requested()) ::_exit(130);
      std::fputs("\nStopping … (once more to end at once)\n", stderr);
      stop_.request_stop();
    }
  });
}

}  // namespace tagscape::cli

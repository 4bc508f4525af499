#pragma once

#include <QCoreApplication>
#include <QTest>

#include <functional>

namespace tagscape::testing {

/// Runs the event loop until `done`, at most so long.
inline bool waitFor(const std::function<bool()>& done, int timeout_ms = 10'000) {
  return QTest::qWaitFor(done, timeout_ms);
}

/// Delivers what waits in the event queue and what that brings with it: after this, nothing that was asked for on this
/// thread without a delay is still to come.
inline void flushEvents() {
  constexpr int kNumRounds = 3;  // What is posted by a zero timer that a posted event has started, and what that posts.
  for (int i = 0; i < kNumRounds; ++i) {
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents();
  }
}

}  // namespace tagscape::testing

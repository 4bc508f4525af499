#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace tagscape::testing {

/// Far longer than anything takes that a test waits for, also on a busy machine: only what never comes exceeds it.
inline constexpr std::chrono::seconds kPatience{120};

/// Asks every few milliseconds until `condition` holds. @return false if it does not within `limit`.
[[nodiscard]] inline bool eventually(const std::function<bool()>& condition, std::chrono::seconds limit = kPatience) {
  constexpr std::chrono::milliseconds kInterval{5};
  for (const auto end = std::chrono::steady_clock::now() + limit; std::chrono::steady_clock::now() < end;) {
    if (condition()) return true;
    std::this_thread::sleep_for(kInterval);
  }
  return condition();
}

}  // namespace tagscape::testing

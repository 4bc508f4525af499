#pragma once

#include "core/base/rank_environment.h"

#include <chrono>
#include <string>
#include <vector>

namespace tagscape::testing {

/// How one of several processes ended.
struct RankOutcome {
  int exit_code = -1;  ///< -1 if a signal ended it.
  int signal = 0;
  bool timed_out = false;  ///< It was ended after the time that it was given.
  double seconds = 0;      ///< From the start of all to its end.
  std::string output;      ///< stdout and stderr.
};

/// A port of the loopback interface that nobody listens at.
[[nodiscard]] int freePort();

/// Whether this process is one of those that runThisTestOnRanks() started; its environment says which.
[[nodiscard]] bool isRank();

/// Runs the test that calls this once more in each of `size` new processes of the same program, with torchrun's
/// variables in their environment, and waits for them. A test that has several processes:
///
///     TEST(Thing, DoesWhat) {
///       if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
///       … what every rank does …
///     }
[[nodiscard]] std::vector<RankOutcome> runThisTestOnRanks(int size,
                                                          std::chrono::seconds limit = std::chrono::seconds(60));

/// Expects that all ended by themselves with exit code 0; prints what the others wrote.
void expectAllPass(const std::vector<RankOutcome>& outcomes);

}  // namespace tagscape::testing

// A training that is killed again and again, as a failing machine would, and resumed each time.

#include "core/run/run_directory.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace tagscape {
namespace {

using testing::Outcome;
using testing::runProgram;

class KilledTraining : public ::testing::Test {
 protected:
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  /// A training of a few seconds on one thread that saves every third step.
  [[nodiscard]] std::vector<std::string> training(const std::string& run) const {
    return {"train",
            path("room"),
            "--out",
            path(run),
            "--preset",
            "quick",
            "--threads",
            "1",
            "--resume",
            "--image-steps",
            "90",
            "--points-steps",
            "12",
            "--joint-steps",
            "15",
            "--set",
            "checkpoint_every_steps=3",
            "--set",
            "log_every_steps=1",
            "--set",
            "live_every_s=0",
            "--set",
            "points_per_cloud=512",
            "--set",
            "image_batch=4"};
  }
  [[nodiscard]] std::vector<MetricsRow> metricsOf(const std::string& run) const {
    return MetricsTail(RunDirectory::open(path(run)).value()).poll();
  }

  testing::TemporaryFolder folder_;
};

TEST_F(KilledTraining, HasTheLossesOfOneThatWasNeverKilled) {
  ASSERT_EQ(runProgram(TAGSCAPE_PROGRAM, {"synth", path("room"), "--frames", "8", "--width", "96", "--height", "72"})
                .exit_code,
            0);
  const Outcome whole = runProgram(TAGSCAPE_PROGRAM, training("whole"));
  ASSERT_EQ(whole.exit_code, 0) << whole.err;
  const auto expected = metricsOf("whole");
  ASSERT_EQ(expected.size(), 117U);

  // Killed after ever longer times, so that it ends on a slow machine too; each time it goes on.
  int num_killed = 0;
  for (double seconds = 1.5;; seconds *= 1.2) {
    ASSERT_LT(seconds, 120) << "it does not get any further";
    std::vector<std::string> arguments{"--signal=KILL", fmt::format("{:.2f}", seconds), TAGSCAPE_PROGRAM};
    const auto command = training("killed");
    arguments.insert(arguments.end(), command.begin(), command.end());
    const Outcome outcome = runProgram("/usr/bin/timeout", arguments);
    if (outcome.exit_code == 0) break;
    EXPECT_THAT(outcome.err, ::testing::Not(::testing::HasSubstr("error:")));
    ++num_killed;
  }
  EXPECT_GE(num_killed, 1) << "it was never killed: nothing was tested";
  const auto rows = metricsOf("killed");
  ASSERT_EQ(rows.size(), expected.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].step, expected[i].step);
    EXPECT_EQ(rows[i].values, expected[i].values) << "step " << rows[i].step;
  }
}

}  // namespace
}  // namespace tagscape

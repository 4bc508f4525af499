// A training that is killed several times, as by a failing machine, and resumed each time.

#include "core/run/run_directory.h"
#include "tests/support/run_program.h"
#include "tests/support/running_program.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace tagscape {
namespace {

using testing::Outcome;
using testing::RunningProgram;
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
    const auto opened = RunDirectory::open(path(run));
    return opened ? MetricsTail(*opened).poll() : std::vector<MetricsRow>{};
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

  // Killed in every phase, before and after the first checkpoint.
  for (const std::size_t num_steps : {2U, 50U, 95U, 104U}) {
    RunningProgram program(TAGSCAPE_PROGRAM, training("killed"));
    ASSERT_TRUE(testing::eventually([&] { return metricsOf("killed").size() >= num_steps; })) << num_steps;
    ASSERT_EQ(::kill(program.process(), SIGKILL), 0);
    const Outcome outcome = program.wait(testing::kPatience);
    EXPECT_THAT(outcome.err, ::testing::Not(::testing::HasSubstr("error:")));
    ASSERT_LT(metricsOf("killed").size(), expected.size()) << "it had ended before it was killed";
  }
  const Outcome outcome = runProgram(TAGSCAPE_PROGRAM, training("killed"));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto rows = metricsOf("killed");
  ASSERT_EQ(rows.size(), expected.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].step, expected[i].step);
    EXPECT_EQ(rows[i].values, expected[i].values) << "step " << rows[i].step;
  }
}

}  // namespace
}  // namespace tagscape

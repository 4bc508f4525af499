// Training with several processes of the program itself, over the loopback interface.

#include "core/run/run_directory.h"
#include "tests/support/run_program.h"
#include "tests/support/running_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tolerances.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <csignal>
#include <filesystem>
#include <map>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::Outcome;
using testing::RunningProgram;
using namespace std::chrono_literals;
using Words = std::vector<std::string>;

std::vector<MetricsRow> metricsOf(const std::string& run) {
  const auto opened = RunDirectory::open(run);
  return opened ? MetricsTail(*opened).poll() : std::vector<MetricsRow>{};
}

class DistributedTraining : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new testing::TemporaryFolder;
    const Outcome made = testing::runProgram(
        TAGSCAPE_PROGRAM, {"synth", path("room"), "--seed", "3", "--frames", "8", "--width", "96", "--height", "72"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    // The mesh is fused once, not by several processes at a time.
    ASSERT_EQ(testing::runProgram(TAGSCAPE_PROGRAM, {"fuse", path("room")}).exit_code, 0);
  }
  static void TearDownTestSuite() { delete folder_; }
  static std::string path(const std::string& name) { return (folder_->path() / name).string(); }

  /// A short training with tiny networks; `batch` crops and clouds a step of each process.
  static Words train(const std::string& run, int batch, const Words& more = {}) {
    Words words{"train", path("room"), "--out", path(run), "--preset", "quick", "--threads", "1", "--device", "cpu"};
    words.insert(words.end(), {"--image-steps", "5", "--points-steps", "4", "--joint-steps", "6"});
    for (const auto& [name, value] : std::map<std::string, std::string>{{"image_batch", std::to_string(batch)},
                                                                        {"points_batch", std::to_string(batch)},
                                                                        {"joint_batch", std::to_string(batch)},
                                                                        {"points_per_cloud", "512"},
                                                                        {"image_long_side_px", "64"},
                                                                        {"crop_px", "48"},
                                                                        {"image_width", "8"},
                                                                        {"points_width", "8"},
                                                                        {"min_seconds", "0"},
                                                                        {"live_every_s", "0"},
                                                                        {"log_every_steps", "1"}})
      words.insert(words.end(), {"--set", name + "=" + value});
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  static Words launched(int num_processes, const Words& command) {
    Words words{"launch", "--processes", std::to_string(num_processes), "--threads-per-process", "1", "--"};
    words.insert(words.end(), command.begin(), command.end());
    return words;
  }
  static Outcome run(const Words& words) { return RunningProgram(TAGSCAPE_PROGRAM, words).wait(240s); }

  static testing::TemporaryFolder* folder_;
};
testing::TemporaryFolder* DistributedTraining::folder_ = nullptr;

/// A loss of the first step of a phase, before which the network that has it was not trained.
double firstLoss(const std::vector<MetricsRow>& metrics, const std::string& name) {
  for (const MetricsRow& row : metrics) {
    if (const auto found = row.values.find(name); found != row.values.end()) return found->second;
  }
  ADD_FAILURE() << "there is no " << name;
  return 0;
}

// That a step has the gradient of the whole batch is shown by core/methods/joined_training_test.
TEST_F(DistributedTraining, TwoProcessesTrainWithTheBatchOfBoth) {
  const Outcome alone = run(train("alone", 4));
  ASSERT_EQ(alone.exit_code, 0) << alone.err;
  const Outcome half = run(train("half", 2));
  ASSERT_EQ(half.exit_code, 0) << half.err;
  const Outcome together = run(launched(2, train("together", 2)));
  ASSERT_EQ(together.exit_code, 0) << together.err;
  const auto whole = metricsOf(path("alone")), joined = metricsOf(path("together")), other = metricsOf(path("half"));
  ASSERT_EQ(whole.size(), 15U);
  ASSERT_EQ(joined.size(), 15U);
  for (const char* name : {"loss_2d_cls", "loss_3d_cls"}) {
    EXPECT_NEAR(firstLoss(joined, name), firstLoss(whole, name), testing::kFloatNetworkRounding) << name;
    EXPECT_GT(std::abs(firstLoss(other, name) - firstLoss(whole, name)), testing::kFloatNetworkRounding)
        << name << ": otherwise half the batch would pass, too";
  }
  // Rank 0 alone reports, and the directory is like any other.
  EXPECT_THAT(together.out, HasSubstr("15 steps in"));
  EXPECT_EQ(RunDirectory::open(path("together"))->readStatus()->state, RunState::Finished);
}

// That all ranks have the first rank's labels, byte for byte, is shown by core/pseudo_labels/label_sources_test.
TEST_F(DistributedTraining, TrainsWithLabelsOfSuperpoints) {
  Words words = train("superpoints", 2);
  for (const char* setting :
       {"views=multi", "min_tag_area=0.04", "superpoint_lda=true", "superpoint_mlp=true", "warmup_fraction=0"})
    words.insert(words.end(), {"--set", setting});
  const Outcome together = run(launched(2, words));
  ASSERT_EQ(together.exit_code, 0) << together.err;
  const auto metrics = metricsOf(path("superpoints"));
  ASSERT_EQ(metrics.size(), 15U);
  EXPECT_TRUE(metrics.back().values.contains("loss_2d_to_3d"));
  EXPECT_TRUE(metrics.back().values.contains("loss_3d_to_2d"));
}

TEST_F(DistributedTraining, AKilledRankEndsTheOtherAndTheRunResumes) {
  const Words more{"--set", "image_steps=400", "--set", "checkpoint_every_steps=5"};
  Words command = train("killed", 2, more);
  {
    RunningProgram training(TAGSCAPE_PROGRAM, launched(2, command));
    ASSERT_TRUE(testing::eventually([&] { return metricsOf(path("killed")).size() > 12; }));
    for (const pid_t child : training.children()) {
      if (testing::environmentOf(child, "RANK") == "1") ::kill(child, SIGKILL);
    }
    const Outcome outcome = training.wait(testing::kPatience);
    EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("rank 1 of 2 was killed by signal 9"));
    EXPECT_THAT(outcome.err, HasSubstr("[0] error: "));
    EXPECT_THAT(outcome.err, HasSubstr("rank 1 of 2 gave no sign of life"));
    const auto status = RunDirectory::open(path("killed"))->readStatus();
    EXPECT_EQ(status->state, RunState::Failed);
    EXPECT_THAT(status->reason, HasSubstr("rank 1 of 2"));
  }
  const auto before = metricsOf(path("killed"));
  ASSERT_LT(before.size(), 400U) << "it was over before it could be killed";
  command.emplace_back("--resume");
  RunningProgram resumed(TAGSCAPE_PROGRAM, launched(2, command));
  ASSERT_TRUE(testing::eventually([&] { return metricsOf(path("killed")).size() > before.size() + 5; }));
  ASSERT_EQ(::kill(resumed.process(), SIGTERM), 0);
  const Outcome stopped = resumed.wait(testing::kPatience);
  EXPECT_EQ(stopped.exit_code, 1) << stopped.err;
  EXPECT_THAT(stopped.err, HasSubstr("resumed at step"));
  EXPECT_EQ(RunDirectory::open(path("killed"))->readStatus()->state, RunState::Stopped);
  // What was computed twice, before and after the kill, is the same.
  const auto after = metricsOf(path("killed"));
  for (std::size_t row = 0; row < before.size(); ++row) EXPECT_EQ(before[row].values, after[row].values) << row;
}

TEST_F(DistributedTraining, ARankWithoutOthersSaysSoAndCanBeStopped) {
  // Rank 1 of 2 alone: nobody listens. It can be stopped while it waits.
  setenv("RANK", "1", 1);
  setenv("WORLD_SIZE", "2", 1);
  setenv("MASTER_ADDR", "127.0.0.1", 1);
  RunningProgram missing_port(TAGSCAPE_PROGRAM, train("lonely", 2));
  setenv("MASTER_PORT", "9", 1);
  RunningProgram lonely(TAGSCAPE_PROGRAM, train("lonely", 2));
  for (const char* name : {"RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"}) unsetenv(name);
  const Outcome refused = missing_port.wait(testing::kPatience);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("MASTER_PORT is not set"));
  // From here on a stop is answered, whether it comes before the wait or in it.
  ASSERT_TRUE(testing::eventually([&] { return testing::handles(lonely.process(), SIGTERM, "tagscape-learn"); }));
  ::kill(lonely.process(), SIGTERM);
  const Outcome stopped = lonely.wait(testing::kPatience);
  EXPECT_EQ(stopped.exit_code, 1);
  EXPECT_THAT(stopped.err, HasSubstr("waiting for the other processes was stopped"));
  EXPECT_FALSE(fs::exists(path("lonely")));
}

}  // namespace
}  // namespace tagscape

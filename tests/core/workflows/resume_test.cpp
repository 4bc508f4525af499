// Runs that are stopped and go on: the numbers must be those of a run that never stopped.

#include "core/base/files.h"
#include "core/base/random.h"
#include "core/recipe/presets.h"
#include "core/run/run_directory.h"
#include "core/workflows/train_checkpoint.h"
#include "core/workflows/train_job.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <optional>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::makeTinyScene;
using testing::TemporaryFolder;

constexpr int kNumSteps = 4 + 3 + 5;

/// Every phase and everything that a training remembers, in a few steps on one thread.
Recipe fewSteps() {
  Recipe options = presetRecipe("quick").value();
  options.execution.num_threads = 1;
  options.phases.image_steps = 4;
  options.phases.points_steps = 3;
  options.phases.joint_steps = 5;
  options.points_teach_images.warmup_fraction = .4;
  options.phases.image_batch = 2;
  options.phases.points_batch = options.phases.joint_batch = 1;
  options.points.points_per_cloud = 512;
  options.images.image_long_side_px = 64;
  options.images.crop_px = 48;
  options.execution.log_every_steps = 1;
  options.execution.live_every_s = 0;
  options.execution.live_scenes = 0;
  options.labels.views = LabelViews::Multi;
  options.labels.min_tag_area = .04;
  options.labels.superpoint_lda = true;
  options.labels.superpoint_mlp = true;
  return options;
}

/// The frame of the step labels its points.
void labelByFrames(Recipe& options) {
  options.labels.views = LabelViews::Single;
  options.labels.min_tag_area = 0;
  options.labels.superpoint_lda = options.labels.superpoint_mlp = false;
}

std::vector<MetricsRow> metricsOf(const fs::path& run) { return MetricsTail(RunDirectory::open(run).value()).poll(); }

/// Trains and stops after so many steps.
void trainUntil(const fs::path& run, const SharedScene& scene, const Recipe& options, int num_steps) {
  std::stop_source stop;
  const Job job{[&](const Progress& progress) {
                  if (progress.total == kNumSteps && progress.done >= num_steps) stop.request_stop();
                },
                stop.get_token()};
  const auto stopped = trainScenes({scene}, run, options, job);
  ASSERT_FALSE(stopped);
  ASSERT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

void expectSameMetrics(const fs::path& run, const std::vector<MetricsRow>& expected) {
  const auto rows = metricsOf(run);
  ASSERT_EQ(rows.size(), expected.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].step, expected[i].step);
    EXPECT_EQ(rows[i].phase, expected[i].phase);
    EXPECT_EQ(rows[i].values, expected[i].values) << "step " << rows[i].step;
  }
}

TEST(ResumeTraining, GivesTheSameLossesToTheBitFromTwentyRandomSteps) {
  const TemporaryFolder folder;
  const SharedScene scene = makeTinyScene();
  const Recipe options = fewSteps();
  ASSERT_TRUE(trainScenes({scene}, folder.path() / "whole", options, {}));
  const auto expected = metricsOf(folder.path() / "whole");
  ASSERT_EQ(expected.size(), static_cast<std::size_t>(kNumSteps));
  Random random(7);
  for (int trial = 0; trial < 20; ++trial) {
    const int at = 1 + static_cast<int>(random.below(kNumSteps - 1));
    const fs::path run = folder.path() / ("run" + std::to_string(trial));
    trainUntil(run, scene, options, at);
    const auto report = resumeTraining({scene}, run, options, {});
    ASSERT_TRUE(report) << "stopped at " << at << ": " << report.error().message;
    EXPECT_EQ(report->num_steps, kNumSteps);
    SCOPED_TRACE("stopped at " + std::to_string(at));
    expectSameMetrics(run, expected);
  }
}

/// Trains on a disk that is full after `from` steps, until `until` steps.
Result<TrainReport> trainOnFullDisk(
    const fs::path& run, const SharedScene& scene, const Recipe& options, int from, int until) {
  std::optional<testing::FileSizeLimit> full_disk;
  const Job job{[&](const Progress& progress) {
                  if (progress.total != kNumSteps) return;
                  if (progress.done == from) full_disk.emplace(1);
                  if (progress.done == until) full_disk.reset();
                },
                {}};
  return trainScenes({scene}, run, options, job);
}

TEST(TrainingOnAFullDisk, DoesNotEndATrainingThatHasSpaceAgain) {
  const TemporaryFolder folder;
  const SharedScene scene = makeTinyScene();
  Recipe options = fewSteps();
  options.execution.live_scenes = 1;
  options.execution.checkpoint_every_steps = 2;
  ASSERT_TRUE(trainScenes({scene}, folder.path() / "whole", options, {}));
  const fs::path run = folder.path() / "run";
  const auto report = trainOnFullDisk(run, scene, options, 2, 9);  // the ends of two phases among them
  ASSERT_TRUE(report) << report.error().message;
  expectSameMetrics(run, metricsOf(folder.path() / "whole"));
  EXPECT_EQ(RunDirectory::open(run)->readStatus()->state, RunState::Finished);
  EXPECT_EQ(readNewestCheckpoint(run / "checkpoints")->step, kNumSteps);
  EXPECT_THAT(readTextFile(run / "log.txt").value(), HasSubstr("takes files again"));
}

TEST(TrainingOnAFullDisk, LeavesTheOlderCheckpointsWholeToGoOnFrom) {
  const TemporaryFolder folder;
  const SharedScene scene = makeTinyScene();
  Recipe options = fewSteps();
  options.execution.checkpoint_every_steps = 2;
  ASSERT_TRUE(trainScenes({scene}, folder.path() / "whole", options, {}));
  const fs::path run = folder.path() / "run";
  const auto refused = trainOnFullDisk(run, scene, options, 9, -1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::NotWritable);
  EXPECT_THAT(refused.error().message, HasSubstr("tagscape train --resume " + run.string()));
  const auto left = readResumableCheckpoint(run / "checkpoints");
  ASSERT_TRUE(left) << left.error().message;
  EXPECT_EQ(left->checkpoint.step, 7);  // the end of the phase before
  const auto report = resumeTraining({scene}, run, options, {});
  ASSERT_TRUE(report) << report.error().message;
  expectSameMetrics(run, metricsOf(folder.path() / "whole"));
}

TEST(ResumeTraining, RepeatsWhatWasLostAfterTheLastCheckpoint) {
  const TemporaryFolder folder;
  const SharedScene scene = makeTinyScene();
  const Recipe options = fewSteps();
  const fs::path run = folder.path() / "run";
  ASSERT_TRUE(trainScenes({scene}, run, options, {}));
  const auto expected = metricsOf(run);
  // As a machine that failed leaves it: the end of the last phase and its checkpoint are lost, a line is cut short.
  fs::remove(run / "checkpoints" / "step_00000012.json");
  auto status = RunDirectory::open(run).value().readStatus().value();
  status.state = RunState::Running;
  status.pid = 0;
  ASSERT_TRUE(RunDirectory::open(run).value().writeStatus(status));
  std::ofstream(run / "metrics.jsonl", std::ios::app) << R"({"step": 13, "sec)";
  const auto report = resumeTraining({scene}, run, options, {});
  ASSERT_TRUE(report) << report.error().message;
  expectSameMetrics(run, expected);
}

TEST(ResumeTraining, PassesOverACheckpointThatIsBroken) {
  const TemporaryFolder folder;
  const SharedScene scene = makeTinyScene();
  const fs::path run = folder.path() / "run";
  trainUntil(run, scene, fewSteps(), 9);
  std::ofstream(run / "checkpoints" / "step_00000009.state.safetensors", std::ios::trunc) << "cut";
  const auto found = readResumableCheckpoint(run / "checkpoints");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->checkpoint.step, 7) << "the end of the phase before";
  EXPECT_TRUE(resumeTraining({scene}, run, fewSteps(), {}));
}

TEST(ResumeTraining, BeginsAnewWhereThereIsNoCheckpointYet) {
  const TemporaryFolder folder;
  const SharedScene scene = makeTinyScene();
  const fs::path run = folder.path() / "run";
  trainUntil(run, scene, fewSteps(), 2);
  fs::remove_all(run / "checkpoints");
  const auto report = resumeTraining({scene}, run, fewSteps(), {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(metricsOf(run).size(), static_cast<std::size_t>(kNumSteps));
}

TEST(ResumeTraining, LeavesAFinishedRunAsItIs) {
  const TemporaryFolder folder;
  const SharedScene scene = makeTinyScene();
  const fs::path run = folder.path() / "run";
  ASSERT_TRUE(trainScenes({scene}, run, fewSteps(), {}));
  const auto before = fs::last_write_time(run / "metrics.jsonl");
  const auto report = resumeTraining({scene}, run, fewSteps(), {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->num_steps, kNumSteps);
  EXPECT_EQ(fs::last_write_time(run / "metrics.jsonl"), before);
}

TEST(ResumeTraining, RefusesOtherScenesThanTheRuns) {
  const TemporaryFolder folder;
  const fs::path run = folder.path() / "run";
  trainUntil(run, makeTinyScene(), fewSteps(), 2);
  Scene other = *makeTinyScene();
  other.path = "/another/place";
  const auto refused = resumeTraining({std::make_shared<const Scene>(other)}, run, fewSteps(), {});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("/another/place"));
  const auto too_many = resumeTraining({makeTinyScene(), makeTinyScene()}, run, fewSteps(), {});
  ASSERT_FALSE(too_many);
  EXPECT_THAT(too_many.error().message, HasSubstr("the run has 1 scenes, 2 were named"));
}

TEST(ResumeTraining, SaysThatAFolderHoldsNoRun) {
  const TemporaryFolder folder;
  const auto refused = resumeTraining({makeTinyScene()}, folder.path(), fewSteps(), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
}

TEST(StartTrainingFrom, BeginsWithTheWeightsOfAnotherRun) {
  const TemporaryFolder folder;
  const SharedScene scene = makeTinyScene();
  Recipe options = fewSteps();
  options.phases.joint_steps = 0;
  labelByFrames(options);
  ASSERT_TRUE(trainScenes({scene}, folder.path() / "first", options, {}));
  options = fewSteps();
  labelByFrames(options);
  options.phases.image_steps = options.phases.points_steps = 0;
  options.optimisers.joint_image_lr = options.optimisers.joint_points_lr = 0;
  options.optimisers.image_weight_decay = 0;
  options.general.start_from = (folder.path() / "first").string();
  ASSERT_TRUE(trainScenes({scene}, folder.path() / "second", options, {}));
  const Checkpoint first = readNewestCheckpoint(folder.path() / "first" / "checkpoints").value();
  const Checkpoint second = readNewestCheckpoint(folder.path() / "second" / "checkpoints").value();
  EXPECT_EQ(first.weights.tensors.at("image.classifier.weight").bytes,
            second.weights.tensors.at("image.classifier.weight").bytes);
}

TEST(DifferingOptions, AreNamedUnlessTheyChangeNoResult) {
  const Recipe one;
  Recipe other;
  other.labels.confidence = ConfidenceKind::Tagged;
  other.phases.joint_steps = 7;
  other.execution.device = "cpu";
  other.execution.log_every_steps = 3;
  EXPECT_THAT(differingOptions(one, other), ::testing::ElementsAre("joint_steps", "confidence"));
  EXPECT_THAT(differingOptions(one, one), ::testing::IsEmpty());
}

}  // namespace
}  // namespace tagscape

// Trainings of a few steps: what they begin with, how they end, and what they refuse.

#include "core/io/safetensors.h"
#include "core/recipe/presets.h"
#include "core/run/run_directory.h"
#include "core/workflows/learning_doctor.h"
#include "core/workflows/predict_job.h"
#include "core/workflows/train_job.h"
#include "tests/support/eventually.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <thread>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using testing::makeTinyScene;
using testing::TemporaryFolder;

/// A training of a few steps and seconds, for everything but its result.
Recipe fewSteps() {
  Recipe options = presetRecipe("quick").value();
  options.phases.image_steps = 4;
  options.phases.points_steps = 3;
  options.phases.joint_steps = 3;
  options.phases.image_batch = 2;
  options.phases.points_batch = 1;
  options.phases.joint_batch = 1;
  options.points.points_per_cloud = 512;
  options.images.image_long_side_px = 64;
  options.images.crop_px = 48;
  options.execution.log_every_steps = 1;
  return options;
}

std::vector<MetricsRow> metricsOf(const fs::path& run) { return MetricsTail(RunDirectory::open(run).value()).poll(); }

TEST(TrainScenes, GivesTheSameLossesForTheSameSeed) {
  const TemporaryFolder folder;
  const SharedScene scene = makeTinyScene();
  ASSERT_TRUE(trainScenes({scene}, folder.path() / "a", fewSteps(), {}));
  ASSERT_TRUE(trainScenes({scene}, folder.path() / "b", fewSteps(), {}));
  const auto first = metricsOf(folder.path() / "a");
  const auto second = metricsOf(folder.path() / "b");
  ASSERT_EQ(first.size(), 10U);
  ASSERT_EQ(second.size(), 10U);
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].values, second[i].values) << "step " << i;
}

TEST(TrainScenes, LearnsFromSeveralScenesTogether) {
  const TemporaryFolder folder;
  Recipe options = fewSteps();
  options.execution.live_scenes = 2;
  const auto report =
      trainScenes({makeTinyScene(), makeTinyScene({.name = "other", .seed = 2})}, folder.path() / "run", options, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->num_scenes, 2);
  EXPECT_EQ(report->num_frames, 48);
  EXPECT_TRUE(fs::exists(folder.path() / "run" / "live" / "other.safetensors"));
}

TEST(TrainScenes, CountsBrokenFramesAndGoesOn) {
  const TemporaryFolder folder;
  const auto report = trainScenes({makeTinyScene({.broken_color = {0, 10}})}, folder.path() / "run", fewSteps(), {});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->num_frames, 22);
  EXPECT_EQ(report->num_frames_skipped, 2);
  EXPECT_THAT(report->warnings, Contains(HasSubstr("frame 10")));
}

TEST(TrainScenes, StretchesToTheWishedDuration) {
  const TemporaryFolder folder;
  Recipe options = fewSteps();
  options.phases.image_steps = 6;
  options.phases.points_steps = options.phases.joint_steps = 0;
  options.general.min_seconds = 2;
  const auto report = trainScenes({makeTinyScene()}, folder.path() / "run", options, {});
  ASSERT_TRUE(report);
  EXPECT_GT(report->num_steps, 6);
}

/// Trains until `when` is true of the progress, then calls `then` once.
Result<TrainReport> trainAndAt(const fs::path& run,
                               int step,
                               const std::function<void()>& then,
                               std::stop_token stop = {}) {
  Recipe options = fewSteps();
  options.phases.image_steps = 2000;
  Job job{[&, done = false](const Progress& progress) mutable {
            if (done || progress.total < 2000 || progress.done < step) return;
            done = true;
            then();
          },
          std::move(stop)};
  return trainScenes({makeTinyScene()}, run, options, job);
}

TEST(TrainScenes, StopsWithinAStepWhenTheJobIsStopped) {
  const TemporaryFolder folder;
  std::stop_source stop;
  const auto report = trainAndAt(
      folder.path() / "run", 3, [&] { stop.request_stop(); }, stop.get_token());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::Cancelled);
  const RunStatus status = RunDirectory::open(folder.path() / "run").value().readStatus().value();
  EXPECT_EQ(status.state, RunState::Stopped);
  EXPECT_EQ(status.step, 3);
}

TEST(TrainScenes, KeepsACheckpointWhenControlJsonAsksItToStop) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "run";
  const auto report = trainAndAt(path, 3, [&] { (void)RunDirectory::open(path).value().request(RunRequest::Stop); });
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::Cancelled);
  EXPECT_TRUE(predictScene(path, makeTinyScene(), {.max_passes = 1, .frames = false}, {}));
}

TEST(TrainScenes, PausesAndGoesOnWhenControlJsonSaysSo) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "run";
  std::atomic<bool> was_paused = false;
  std::jthread watcher;
  const auto report = trainAndAt(path, 3, [&] {
    (void)RunDirectory::open(path).value().request(RunRequest::Pause);
    watcher = std::jthread([&] {
      const RunDirectory run = RunDirectory::open(path).value();
      was_paused = testing::eventually([&] {
        const auto status = run.readStatus();
        return status && status->state == RunState::Paused && status->step == 3;
      });
      (void)run.request(RunRequest::Resume);
      EXPECT_TRUE(testing::eventually([&] {
        const auto status = run.readStatus();
        return status && status->step > 3;
      }));
      (void)run.request(RunRequest::Stop);
    });
  });
  EXPECT_TRUE(was_paused);
  ASSERT_FALSE(report);
  EXPECT_GT(RunDirectory::open(path).value().readStatus().value().step, 3);
}

TEST(TrainScenes, StopsAtALossThatIsNotFiniteAndNamesTheStep) {
  const TemporaryFolder folder;
  Recipe options = fewSteps();
  options.phases.image_steps = 60;
  options.optimisers.image_lr = 100;  // The largest there is: weights explode within a few steps.
  options.optimisers.image_weight_decay = 10;
  const auto report = trainScenes({makeTinyScene()}, folder.path() / "run", options, {});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::Internal);
  EXPECT_THAT(report.error().message, HasSubstr("not finite at step"));
  EXPECT_THAT(report.error().message, HasSubstr("phase image"));
  EXPECT_EQ(RunDirectory::open(folder.path() / "run").value().readStatus().value().state, RunState::Failed);
}

TEST(TrainScenes, KeepsTheBatchWhoseLossIsNotFinite) {
  const TemporaryFolder folder;
  Recipe options = fewSteps();
  options.phases.image_steps = 60;
  options.optimisers.image_lr = 100;
  options.optimisers.image_weight_decay = 10;
  const auto report = trainScenes({makeTinyScene()}, folder.path() / "run", options, {});
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("broken_batch.safetensors"));
  const auto batch = readSafetensors(folder.path() / "run" / "broken_batch.safetensors");
  ASSERT_TRUE(batch) << batch.error().message;
  EXPECT_EQ(batch->tensors.at("images").shape, (std::vector<std::int64_t>{2, 3, 48, 48}));
}

TEST(TrainScenes, LeavesOutScenesThatCannotBeUsedAsLongAsOneIsLeft) {
  const TemporaryFolder folder;
  const SharedScene untagged = makeTinyScene({.name = "untagged", .scene_tags = false, .frame_tags = false});
  const auto report = trainScenes({untagged, makeTinyScene()}, folder.path() / "run", fewSteps(), {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->num_scenes, 1);
  EXPECT_THAT(report->warnings, Contains(HasSubstr("untagged")));
  EXPECT_THAT(report->warnings, Contains(HasSubstr("no scene is tagged with")));
  const auto none = trainScenes({untagged, untagged}, folder.path() / "other", fewSteps(), {});
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("none of the 2 scenes"));
}

TEST(TrainScenes, LearnsFromTheTruthWhereItIsAskedTo) {
  const TemporaryFolder folder;
  Recipe options = fewSteps();
  options.phases.supervision = Supervision::Labels;
  options.phases.joint_steps = 0;
  const auto refused = trainScenes({makeTinyScene()}, folder.path() / "without", options, {});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("supervision"));
}

/// Large networks on few points and pixels: that they train at all, by the published recipe.
TEST(TrainScenes, TrainsThePublishedNetworksByThePublishedRecipe) {
  const TemporaryFolder folder;
  Recipe options = presetRecipe("scannet").value();
  options.execution.num_threads = 1;
  options.networks.image_width = 4;
  options.networks.points_width = 8;
  options.phases.image_steps = options.phases.points_steps = options.phases.joint_steps = 2;
  options.phases.image_batch = options.phases.points_batch = options.phases.joint_batch = 2;
  options.images.image_long_side_px = 96;
  options.images.resize_min_px = 64;
  options.images.resize_max_px = 128;
  options.images.crop_px = 64;
  options.points.points_per_cloud = 3000;
  options.points_teach_images.warmup_fraction = 0;
  options.execution.log_every_steps = 1;
  const auto report = trainScenes({makeTinyScene()}, folder.path() / "run", options, {});
  ASSERT_TRUE(report) << report.error().message;
  const auto rows = metricsOf(folder.path() / "run");
  ASSERT_EQ(rows.size(), 6U);
  for (const auto& row : rows) EXPECT_TRUE(std::isfinite(row.values.at("loss_total"))) << row.step;
  EXPECT_GT(rows[5].values.at("loss_3d_to_2d"), 0);
  EXPECT_TRUE(predictScene(folder.path() / "run", makeTinyScene(), {.num_threads = 1, .max_passes = 1}, {}));
}

TEST(TrainScenes, RefusesCudaWhereThereIsNone) {
  if (inspectLearning().num_cuda_devices > 0) GTEST_SKIP() << "this machine has a CUDA device";
  const TemporaryFolder folder;
  Recipe options = fewSteps();
  options.execution.device = "cuda";
  const auto report = trainScenes({makeTinyScene()}, folder.path() / "run", options, {});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::Unsupported);
  EXPECT_THAT(report.error().message, HasSubstr("CUDA"));
}

TEST(TrainScenes, RefusesADeviceItDoesNotKnow) {
  const TemporaryFolder folder;
  Recipe options = fewSteps();
  options.execution.device = "abacus";
  const auto report = trainScenes({makeTinyScene()}, folder.path() / "run", options, {});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::InvalidInput);
}

TEST(TrainScenes, RefusesScenesWithoutAnyTags) {
  const TemporaryFolder folder;
  const auto report =
      trainScenes({makeTinyScene({.scene_tags = false, .frame_tags = false})}, folder.path() / "run", fewSteps(), {});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(report.error().message, HasSubstr("tags.json"));
}

TEST(TrainScenes, RefusesNoScenesAtAll) {
  const TemporaryFolder folder;
  EXPECT_EQ(trainScenes({}, folder.path() / "run", fewSteps(), {}).error().code, ErrorCode::InvalidInput);
}

TEST(TrainScenes, RefusesAFolderThatHoldsARun) {
  const TemporaryFolder folder;
  ASSERT_TRUE(trainScenes({makeTinyScene()}, folder.path() / "run", fewSteps(), {}));
  const auto again = trainScenes({makeTinyScene()}, folder.path() / "run", fewSteps(), {});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::InvalidInput);
}

TEST(PredictScene, SaysThatARunHasNoCheckpoint) {
  const TemporaryFolder folder;
  ASSERT_TRUE(RunDirectory::create(folder.path() / "run", false).value().writeStatus({}));
  const auto cams = predictScene(folder.path() / "run", makeTinyScene(), {}, {});
  ASSERT_FALSE(cams);
  EXPECT_EQ(cams.error().code, ErrorCode::NotFound);
  EXPECT_THAT(cams.error().message, HasSubstr("checkpoint"));
}

TEST(InspectLearning, FindsTheVersionTheThreadsAndTheSpeed) {
  const LearningReport report = inspectLearning();
  EXPECT_FALSE(report.torch_version.empty());
  EXPECT_FALSE(report.parallel_backend.empty());
  EXPECT_GT(report.num_threads, 0);
  EXPECT_GT(report.matrix_gflops, 0);
  EXPECT_THAT(report.blas_library, HasSubstr("blas"));
}

}  // namespace
}  // namespace tagscape

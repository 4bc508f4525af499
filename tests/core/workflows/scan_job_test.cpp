#include "core/workflows/scan_job.h"

#include "core/io/cam_file.h"
#include "core/recipe/presets.h"
#include "core/recipe/recipe_file.h"
#include "core/run/run_directory.h"
#include "core/workflows/evaluate_job.h"
#include "core/workflows/scan_label_store.h"
#include "tests/support/box_scene.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using testing::boxScene;
using ::testing::Contains;
using ::testing::Not;

constexpr int kNumSteps = 3 + 2;

/// As little as it takes to run, without weights of a network.
Recipe fewSteps() {
  Recipe recipe = presetRecipe(kScanPreset).value();
  setScanQuality(recipe, ScanQuality::Fast);
  recipe.execution.num_threads = 1;
  recipe.execution.device = "cpu";
  recipe.scan.encoder_width_px = 96;
  recipe.scan.decoder_steps = 20;
  recipe.scan.decoder_hidden = 8;
  recipe.phases.image_steps = 3;
  recipe.phases.points_steps = 2;
  recipe.phases.image_batch = 2;
  recipe.phases.points_batch = 1;
  recipe.points.points_per_cloud = 512;
  recipe.images.image_long_side_px = 64;
  recipe.images.crop_px = 32;
  return recipe;
}

/// A folder for runs, and a store of weights that is empty.
class ScanJob : public ::testing::Test {
 protected:
  ScanJob() { ::setenv("TAGSCAPE_WEIGHTS", (folder_.path() / "weights").c_str(), 1); }
  ~ScanJob() override { ::unsetenv("TAGSCAPE_WEIGHTS"); }
  [[nodiscard]] fs::path run() const { return folder_.path() / "run"; }

  testing::TemporaryFolder folder_;
};

/// Collects the stages that a job reports, and stops it at a step of the training.
struct Watcher {
  std::set<std::string> stages;
  std::stop_source stop;
  std::int64_t stop_at = -1;
  [[nodiscard]] Job job() {
    return {[this](const Progress& progress) {
              stages.insert(progress.stage);
              if (progress.total == kNumSteps && progress.done == stop_at) stop.request_stop();
            },
            stop.get_token()};
  }
};

TEST_F(ScanJob, LabelsTheScanAndTrainsOnTheLabels) {
  const auto scene = boxScene();
  const auto report = trainScan(scene, run(), fewSteps(), false, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->num_steps, kNumSteps);
  const auto labels = readScanLabels(run(), *scene);
  ASSERT_TRUE(labels);
  const auto prediction = readCams(RunDirectory::open(run()).value().predictionFile(scene->name));
  ASSERT_TRUE(prediction) << prediction.error().message;
  EXPECT_EQ(prediction->point_labels, labels->point_labels);
  const auto config = readRecipe(run() / "config.toml");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->general.preset, "scan");
  EXPECT_EQ(config->scan.quality, ScanQuality::Fast);
  EXPECT_EQ(config->scan.decoder_steps, 20);
}

TEST_F(ScanJob, TellsTheRunHowFarItIsAndHowLongItTakes) {
  std::vector<RunStatus> states;
  const Job job{[&](const Progress&) {
                  if (const auto status = RunDirectory::open(run()).value().readStatus()) states.push_back(*status);
                },
                {}};
  const auto report = trainScan(boxScene(), run(), fewSteps(), false, job);
  ASSERT_TRUE(report) << report.error().message;
  const auto expects = [](const RunStatus& status) {
    return status.phase == "labels" && status.eta_s > 0 && status.total_steps == 3 &&
           status.note == "encoding frames, quality fast";
  };
  EXPECT_TRUE(std::ranges::any_of(states, expects)) << "after the second frame of three";
  EXPECT_EQ(states.back().note, "") << "the training says what it does by its phase";
}

TEST_F(ScanJob, GoesOnWithLabelsThatWereFound) {
  Watcher first;
  first.stop_at = 2;
  const auto stopped = trainScan(boxScene(), run(), fewSteps(), false, first.job());
  ASSERT_FALSE(stopped);
  ASSERT_EQ(stopped.error().code, ErrorCode::Cancelled);
  EXPECT_THAT(first.stages, Contains("encoding frames"));
  Watcher second;
  const auto report = trainScan(boxScene(), run(), fewSteps(), true, second.job());
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_THAT(second.stages, Not(Contains("encoding frames")));
  EXPECT_EQ(RunDirectory::open(run()).value().readStatus()->step, kNumSteps);
}

TEST_F(ScanJob, BeginsAnewWhereNoLabelsWereFound) {
  Watcher first;
  first.stop.request_stop();
  EXPECT_EQ(trainScan(boxScene(), run(), fewSteps(), false, first.job()).error().code, ErrorCode::Cancelled);
  const RunStatus status = RunDirectory::open(run()).value().readStatus().value();
  EXPECT_EQ(status.state, RunState::Stopped);
  EXPECT_EQ(status.step, 0);
  Watcher second;
  const auto report = trainScan(boxScene(), run(), fewSteps(), true, second.job());
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_THAT(second.stages, Contains("encoding frames"));
}

TEST_F(ScanJob, ItsLabelsAreEvaluatedInPointsAndPixels) {
  const auto scene = boxScene();
  ASSERT_TRUE(trainScan(scene, run(), fewSteps(), false, {}));
  auto evaluator = Evaluator::open(run(), {.device = "cpu", .num_threads = 1});
  ASSERT_TRUE(evaluator) << evaluator.error().message;
  const auto result = evaluator->evaluate(scene, {});
  ASSERT_TRUE(result) << result.error().message;
  const auto& points = result->points[static_cast<std::size_t>(EvaluationProtocol::WithTags)];
  EXPECT_EQ(points.total(), scene->points().size());
  EXPECT_GT(points.accuracy().value(), .9) << "the labels, not what networks know after five steps";
}

}  // namespace
}  // namespace tagscape

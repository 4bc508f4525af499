// What networks say of scenes: several views and votes, raw logits, and evaluating what lies in files.

#include "core/io/cam_file.h"
#include "core/recipe/presets.h"
#include "core/workflows/evaluate_job.h"
#include "core/workflows/predict_job.h"
#include "core/workflows/train_job.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

/// Labels of a tiny scene beside its pixels.
class LabelledPixels final : public FrameSource {
 public:
  explicit LabelledPixels(const testing::TinyScene& tiny) : pixels_(tiny.scene->pixels), labels_(tiny.frame_labels) {}
  Result<RgbImage> color(std::size_t index) const override { return pixels_->color(index); }
  Result<DepthImage> depth(std::size_t index) const override { return pixels_->depth(index); }
  Result<Image<std::uint8_t>> labels(std::size_t index) const override { return labels_.at(index); }

 private:
  std::shared_ptr<const FrameSource> pixels_;
  std::vector<Image<std::uint8_t>> labels_;
};

/// Networks after a few steps, and an annotated scene of six frames.
class Prediction : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new testing::TemporaryFolder;
    const auto tiny = testing::makeTinySceneWithTruth({.num_frames = 6, .num_points = 1500});
    Recipe options = presetRecipe("quick").value();
    options.phases.image_steps = 6;
    options.phases.points_steps = 4;
    options.phases.joint_steps = 2;
    options.phases.image_batch = 4;
    options.phases.points_batch = 2;
    options.phases.joint_batch = 1;
    options.points.points_per_cloud = 512;
    options.images.image_long_side_px = 64;
    options.images.crop_px = 48;
    trained_ = trainScenes({tiny.scene}, run(), options, {}).has_value();
    auto scene = std::make_shared<Scene>(*tiny.scene);
    scene->point_labels = tiny.point_labels;
    scene->pixels = std::make_shared<LabelledPixels>(tiny);
    for (Frame& frame : scene->frames) frame.has_labels = true;
    scene_ = new SharedScene(scene);
  }
  static void TearDownTestSuite() {
    delete scene_;
    delete folder_;
  }
  void SetUp() override { ASSERT_TRUE(trained_); }

  static std::filesystem::path run() { return folder_->path() / "run"; }
  static SceneCams predict(const PredictOptions& options) {
    auto cams = predictScene(run(), *scene_, options, {});
    EXPECT_TRUE(cams) << cams.error().message;
    return cams.value_or(SceneCams{});
  }
  static Evaluation evaluate(const EvaluateOptions& options) {
    return Evaluator::open(run(), options).value().evaluate(*scene_, {}).value();
  }

  static testing::TemporaryFolder* folder_;
  static SharedScene* scene_;
  static bool trained_;
};
testing::TemporaryFolder* Prediction::folder_ = nullptr;
SharedScene* Prediction::scene_ = nullptr;
bool Prediction::trained_ = false;

TEST_F(Prediction, OverSeveralScalesIsOnTheFinestGrid) {
  const auto once = predict({});
  const auto often = predict({.views = {{.5, 1, 2}, true}, .keep_logits = true});
  ASSERT_THAT(often.frames, SizeIs(6));
  EXPECT_EQ(often.frames[0].width, 2 * once.frames[0].width);
  EXPECT_EQ(often.frames[0].height, 2 * once.frames[0].height);
  EXPECT_EQ(often.frames[0].logits.size(), often.frames[0].values.size());
  EXPECT_EQ(once.point_labels, often.point_labels) << "scales are of frames";
  for (const float value : often.frames[0].values) ASSERT_TRUE(value >= 0 && value <= 1);
}

/// The same scene seen in a mirror.
class MirroredPixels final : public FrameSource {
 public:
  explicit MirroredPixels(std::shared_ptr<const FrameSource> pixels) : pixels_(std::move(pixels)) {}
  Result<RgbImage> color(std::size_t index) const override { return mirrored(pixels_->color(index).value()); }
  Result<DepthImage> depth(std::size_t index) const override { return pixels_->depth(index); }

 private:
  std::shared_ptr<const FrameSource> pixels_;
};

TEST_F(Prediction, MirroredIsTheMeanOfBothSidesWithEachInItsPlace) {
  const PredictOptions one_side{.views = {{1}, false}, .keep_logits = true};
  const auto plain = predict(one_side);
  const auto both = predict({.views = {{1}, true}, .keep_logits = true});
  auto other = std::make_shared<Scene>(**scene_);
  other->pixels = std::make_shared<MirroredPixels>(other->pixels);
  const auto turned = predictScene(run(), other, one_side, {});
  ASSERT_TRUE(turned) << turned.error().message;
  const auto width = static_cast<std::size_t>(plain.frames[0].width);
  const auto& mean = both.frames[0].logits;
  // Of logits: colours are rounded to whole numbers when images are resized, before or after the mirror.
  constexpr float kColorRounding = .02F;
  ASSERT_EQ(mean.size(), plain.frames[0].logits.size());
  for (std::size_t row = 0; row < mean.size(); row += width) {
    for (std::size_t x = 0; x < width; ++x) {
      const float expected = (plain.frames[0].logits[row + x] + turned->frames[0].logits[row + width - 1 - x]) / 2;
      ASSERT_NEAR(mean[row + x], expected, kColorRounding) << "row " << row / width << ", column " << x;
    }
  }
}

TEST_F(Prediction, MoreVotesAverageMorePasses) {
  const auto one = predict({.frames = false, .votes = 1, .keep_logits = true});
  const auto many = predict({.frames = false, .votes = 8, .keep_logits = true});
  const auto other = predict({.frames = false, .seed = 2, .votes = 8, .keep_logits = true});
  const auto distance = [](const std::vector<float>& a, const std::vector<float>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
    return sum;
  };
  ASSERT_EQ(one.point_logits.size(), 1500U * kNumClasses);
  EXPECT_GT(distance(one.point_logits, many.point_logits), 0);
  EXPECT_LT(distance(many.point_logits, other.point_logits), distance(one.point_logits, other.point_logits))
      << "means of many passes lie closer together";
}

TEST_F(Prediction, OriginTellsWeightsAndOptionsApart) {
  const auto originOf = [](const PredictOptions& options) { return Predictor::open(run(), options).value().origin(); };
  EXPECT_EQ(originOf({}), originOf({.num_threads = 1})) << "threads change no more than the last digits";
  EXPECT_NE(originOf({}), originOf({.use_tags = false}));
  EXPECT_NE(originOf({}), originOf({.votes = 2}));
  EXPECT_NE(originOf({}), originOf({.views = {{1, 2}, false}}));
  EXPECT_NE(originOf({}), originOf({.keep_logits = true}));
  EXPECT_THAT(originOf({.use_tags = false}), HasSubstr("without tags"));
  EXPECT_THAT(originOf({}), HasSubstr("step 12"));
  const auto cams = predict({});
  EXPECT_EQ(cams.origin, originOf({}));
  EXPECT_EQ(cams.scene_path, (*scene_)->path.string());
}

TEST_F(Prediction, OptionsOutOfRangeAreRefused) {
  EXPECT_EQ(Predictor::open(run(), {.views = {{}, false}}).error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(Predictor::open(run(), {.views = {{0}, false}}).error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(Evaluator::open(run(), {.views = {{100}, false}}).error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(predictScene(run(), *scene_, {.votes = 0}, {}).error().code, ErrorCode::InvalidInput);
}

void expectEqual(const Confusion& a, const Confusion& b) {
  for (int truth = 0; truth < kNumClasses; ++truth) {
    for (int predicted = 0; predicted <= kNumClasses; ++predicted)
      ASSERT_EQ(a.count(truth, predicted), b.count(truth, predicted)) << truth << " taken for " << predicted;
  }
}

TEST_F(Prediction, EvaluatedFromAFileGivesWhatTheNetworksGive) {
  const FrameViews views{{1, 1.5}, true};
  const auto direct = evaluate({.votes = 2, .views = views});
  const auto file = folder_->path() / "with-logits.safetensors";
  ASSERT_TRUE(writeCams(file, predict({.votes = 2, .views = views, .keep_logits = true})));
  const auto evaluated = evaluatePrediction(*scene_, readCams(file).value(), 1, {});
  ASSERT_TRUE(evaluated) << evaluated.error().message;
  EXPECT_EQ(evaluated->num_frames, direct.num_frames);
  for (std::size_t protocol = 0; protocol < kEvaluationProtocols.size(); ++protocol) {
    expectEqual(evaluated->points[protocol], direct.points[protocol]);
    expectEqual(evaluated->frames[protocol], direct.frames[protocol]);
  }
}

TEST_F(Prediction, AFileWithoutLogitsIsEvaluatedByTheProtocolItWasMadeFor) {
  const auto direct = evaluate({});
  const auto at = [](EvaluationProtocol protocol) { return static_cast<std::size_t>(protocol); };
  const auto with_tags = evaluatePrediction(*scene_, predict({}), 1, {}).value();
  expectEqual(with_tags.points[at(EvaluationProtocol::WithTags)], direct.points[at(EvaluationProtocol::WithTags)]);
  expectEqual(with_tags.points[at(EvaluationProtocol::Cam)], direct.points[at(EvaluationProtocol::Cam)]);
  expectEqual(with_tags.frames[at(EvaluationProtocol::Cam)], direct.frames[at(EvaluationProtocol::Cam)]);
  EXPECT_EQ(with_tags.points[at(EvaluationProtocol::WithoutTags)].total(), 0U);
  EXPECT_THAT(with_tags.rows("x", ""), SizeIs(3));
  const auto without = evaluatePrediction(*scene_, predict({.use_tags = false}), 1, {}).value();
  expectEqual(without.points[at(EvaluationProtocol::WithoutTags)], direct.points[at(EvaluationProtocol::WithoutTags)]);
  EXPECT_THAT(without.rows("x", ""), SizeIs(1));
}

TEST_F(Prediction, OfAnotherCloudIsRefused) {
  auto cams = predict({.frames = false});
  cams.point_labels.pop_back();
  const auto refused = evaluatePrediction(*scene_, cams, 1, {});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("1500 points, its prediction 1499"));
}

TEST_F(Prediction, LabelsOfAnyOriginAreEvaluatedAsTheyAre) {
  const auto given_at = static_cast<std::size_t>(EvaluationProtocol::Given);
  const SceneCams cams = predict({.frames = false});
  const auto given = evaluateLabels(*scene_, labelsOfPrediction(cams), {});
  ASSERT_TRUE(given) << given.error().message;
  const auto as_prediction = evaluatePrediction(*scene_, cams, 0, {}).value();
  expectEqual(given->points[given_at], as_prediction.points[static_cast<std::size_t>(EvaluationProtocol::WithTags)]);
  EXPECT_THAT(given->rows("x", ""), SizeIs(1));
  const auto truth = evaluateLabels(*scene_, labelsOfTruth(**scene_), {}).value();
  EXPECT_EQ(truth.points[given_at].meanIou(), 1);
}

TEST_F(Prediction, PointsWithoutLabelsAreEvaluatedByThePixelsThatSeeThem) {
  auto scene = std::make_shared<Scene>(**scene_);
  scene->point_labels.clear();
  const auto result = evaluatePrediction(scene, predict({.frames = false}), 0, {});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->num_voted, 1U);
  const auto seen = result->points[static_cast<std::size_t>(EvaluationProtocol::WithTags)].total();
  EXPECT_GT(seen, 0U);
  EXPECT_LE(seen, scene->points().size());
  EXPECT_EQ(evaluatePrediction(*scene_, predict({.frames = false}), 0, {})->num_voted, 0U);
}

TEST_F(Prediction, LabelsOfAnotherCloudAreNotEvaluated) {
  const PointLabels three("labels.txt", "", {0, 1, 2}, {}, {LabelOrigin::Import});
  const auto refused = evaluateLabels(*scene_, three, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(refused.error().message, HasSubstr("1500 points, labels.txt 3"));
}

}  // namespace
}  // namespace tagscape

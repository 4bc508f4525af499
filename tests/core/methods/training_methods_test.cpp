#include "core/methods/training_methods.h"

#include "core/train/trainer.h"
#include "core/train/training_method_torch.h"
#include "tests/support/tiny_scene.h"
#include "tests/support/tolerances.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> namesOf(const std::vector<TrainingPhase>& phases) {
  std::vector<std::string> names;
  for (const TrainingPhase& phase : phases) names.push_back(phase.name);
  return names;
}

Recipe small() {
  Recipe options;
  options.images.image_long_side_px = 64;
  options.images.crop_px = 48;
  options.points.points_per_cloud = 512;
  options.points_teach_images.warmup_fraction = 0;
  return options;
}

TEST(TrainingMethods, HaveThePhasesThatHaveSteps) {
  Recipe options;
  EXPECT_THAT(namesOf(phasesOf(options)), ElementsAre("image", "points", "joint"));
  options.phases.points_steps = 0;
  EXPECT_THAT(namesOf(phasesOf(options)), ElementsAre("image", "joint"));
  options.phases.supervision = Supervision::Labels;
  options.phases.points_steps = 7;
  const auto phases = phasesOf(options);
  EXPECT_THAT(namesOf(phases), ElementsAre("image", "points"));
  EXPECT_EQ(phases[1].num_steps, 7);
  EXPECT_TRUE(phases[0].batch.with_labels);
  EXPECT_TRUE(phases[0].image_lr && !phases[0].points_lr);
}

class JointTraining : public ::testing::Test {
 protected:
  /// The first step of the joint phase.
  Result<std::map<std::string, double>> firstStep(const Recipe& options) {
    TrainingDataOptions wanted;
    wanted.image_long_side_px = 64;
    wanted.points_per_cloud = 512;
    wanted.clouds_per_scene = 1;
    wanted.with_superpoints = true;
    auto data =
        std::make_shared<const TrainingData>(prepareTrainingData({testing::makeTinyScene()}, wanted, {}).value());
    const auto source = std::make_shared<const TrainingSource>(std::move(data), wanted);
    auto trainer =
        Trainer::create(source, Networks::create({}, "cpu", 1).value(), options, makeTrainingMethod(options, source));
    if (!trainer) return fail(trainer.error());
    trainer->beginPhase("joint", 2);
    auto values = trainer->step();
    state_ = trainer->state();
    return values;
  }
  TensorFile state_;
};

TEST_F(JointTraining, TeachesBothWaysUnlessAWeightIsZero) {
  const auto both = firstStep(small());
  ASSERT_TRUE(both) << both.error().message;
  EXPECT_GT(both->at("loss_2d_to_3d"), 0);
  EXPECT_GT(both->at("loss_3d_to_2d"), 0);
  Recipe control = small();
  control.images_teach_points.weight_2d_to_3d = control.points_teach_images.weight_3d_to_2d = 0;
  const auto alone = firstStep(control);
  ASSERT_TRUE(alone);
  EXPECT_FALSE(alone->contains("loss_2d_to_3d"));
  EXPECT_FALSE(alone->contains("loss_3d_to_2d"));
  EXPECT_NEAR(alone->at("loss_total"), alone->at("loss_2d_cls") + alone->at("loss_3d_cls"), testing::kFloatRounding);
}

TEST_F(JointTraining, WaitsForTheWarmUpBeforePointsTeachImages) {
  Recipe options = small();
  options.points_teach_images.warmup_fraction = .5;
  const auto values = firstStep(options);
  ASSERT_TRUE(values);
  EXPECT_TRUE(values->contains("loss_2d_to_3d"));
  EXPECT_FALSE(values->contains("loss_3d_to_2d"));
}

TEST_F(JointTraining, LabelsSuperpointsAlsoWhereTheyTeachImagesAlone) {
  Recipe options = small();
  options.labels.views = LabelViews::Multi;
  options.images_teach_points.weight_2d_to_3d = 0;
  const auto values = firstStep(options);
  ASSERT_TRUE(values) << values.error().message;
  EXPECT_GT(values->at("loss_3d_to_2d"), 0);
  EXPECT_FALSE(values->contains("loss_2d_to_3d"));
  EXPECT_TRUE(state_.tensors.contains("lifted_labels"));
}

}  // namespace
}  // namespace tagscape

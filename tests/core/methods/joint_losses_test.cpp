#include "core/methods/joint/joint_losses_torch.h"
#include "core/pseudo_labels/pixel_values_torch.h"
#include "core/pseudo_labels/single_view_labels_torch.h"
#include "tests/support/joint_step.h"
#include "tests/support/tolerances.h"

#include <gtest/gtest.h>

namespace tagscape {
namespace {

using testing::JointStep;

constexpr double kTolerance = testing::kFloatSumRounding;  // Losses of about 1; 1e-6 in the divisor changes them less.

TEST(JointLosses, TeachTheOtherNetworkAndNotTheirOwn) {
  JointStep step;
  Recipe options;
  const SingleViewCamLabels source{options};
  imageToPointsLoss(step.output(), source, options).backward();
  EXPECT_FALSE(step.image_logits.grad().defined());
  EXPECT_GT(step.point_logits.grad().abs().sum().item<double>(), 0);
  EXPECT_EQ(step.point_logits.grad()[0].abs().sum().item<double>(), 0) << "a point that no crop shows";
  for (const Refinement refinement : {Refinement::Labels, Refinement::Cam}) {
    JointStep other;
    options.points_teach_images.refinement = refinement;
    pointsToImageLoss(other.output(), source, options).backward();
    EXPECT_FALSE(other.point_features.grad().defined()) << nameOf(refinement);
    EXPECT_FALSE(other.point_logits.grad().defined()) << nameOf(refinement);
    EXPECT_GT(other.image_logits.grad().abs().sum().item<double>(), 0) << nameOf(refinement);
  }
}

TEST(JointLosses, OfSuperpointsTeachOnlyWhereSomethingIsKnown) {
  JointStep step;
  at::Tensor lifted = at::zeros({4, kNumClasses});
  lifted[2][5] = .8;
  lifted[2][7] = .2;
  const Recipe options;
  const at::Tensor loss = imageToPointsLoss(step.output(), *testing::superpointLabels(options, lifted), options);
  EXPECT_NEAR(loss.item<double>(), -at::log_softmax(step.point_logits.detach()[2], 0)[5].item<double>(), kTolerance);
  loss.backward();
  EXPECT_EQ(step.point_logits.grad()[1].abs().sum().item<double>(), 0);
}

TEST(JointLosses, TrainTheImageNetworkAmongItsTagsOnly) {
  JointStep step;
  at::Tensor lifted = at::zeros({4, kNumClasses});
  lifted.select(1, 3) = 1;
  const Recipe options;
  const at::Tensor loss = pointsToImageLoss(step.output(), *testing::superpointLabels(options, lifted), options);
  const at::Tensor logits = logitsAtPixels(step.image_logits.detach(), step.matches)[0];
  const at::Tensor two = at::stack({logits.select(1, 3), logits.select(1, 6)}, 1);
  EXPECT_NEAR(loss.item<double>(), -at::log_softmax(two, 1).select(1, 0).mean().item<double>(), kTolerance);
}

TEST(JointLosses, AreZeroWithAGradientWhereNothingIsSeen) {
  for (const Refinement refinement : {Refinement::Labels, Refinement::Cam}) {
    JointStep step;
    step.matches = {};
    Recipe options;
    options.points_teach_images.refinement = refinement;
    const SingleViewCamLabels source{options};
    const at::Tensor loss =
        imageToPointsLoss(step.output(), source, options) + pointsToImageLoss(step.output(), source, options);
    EXPECT_EQ(loss.item<double>(), 0);
    loss.backward();
    EXPECT_EQ(step.point_logits.grad().abs().sum().item<double>(), 0);
    EXPECT_EQ(step.image_logits.grad().abs().sum().item<double>(), 0);
  }
}

TEST(BagLogits, AreMeansOfCloudsOfAnySizeAndOfBags) {
  TrainingBatch batch;
  batch.clouds.rows.add(3);
  batch.clouds.rows.add(1);
  batch.scene_tags = at::zeros({2, kNumClasses});
  const at::Tensor logits = at::arange(4, at::kFloat).unsqueeze(1).expand({4, kNumClasses}).contiguous();
  EXPECT_TRUE(at::equal(bagLogits(logits, batch).logits.select(1, 0), at::tensor({1.F, 3.F})));
  batch.bags = {
      at::tensor({0, 3}, at::kLong), at::tensor({0, 0}, at::kLong), at::tensor({.5F, .5F}), at::ones({1, kNumClasses})};
  const BagLogits bags = bagLogits(logits, batch);
  EXPECT_TRUE(at::equal(bags.logits.select(1, 0), at::tensor({1.F, 3.F, 1.5F})));
  EXPECT_TRUE(at::equal(bags.tags.select(1, 0), at::tensor({0.F, 0.F, 1.F})));
}

}  // namespace
}  // namespace tagscape

#include "core/scene/class_catalog.h"
#include "core/train/image_teacher_torch.h"
#include "core/train/joint_losses_torch.h"
#include "core/train/segment_vote_torch.h"
#include "core/train/similarity_torch.h"
#include "tests/core/train/gradients.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tagscape {
namespace {

using testing::expectGradientMatches;

at::Tensor doubles(std::vector<std::int64_t> shape) { return at::randn(shape, at::kDouble); }
double valueAt(const at::Tensor& tensor, std::int64_t u, std::int64_t i, std::int64_t j) {
  return tensor[u][i][j].item<double>();
}

class Similarity : public ::testing::Test {
 protected:
  void SetUp() override { at::manual_seed(3); }
};

TEST_F(Similarity, IsThePowerOfTheCosine) {
  // Unit vectors at 0, 60 and 180 degrees.
  const at::Tensor features = at::tensor({2.0, 0.0, 0.5, std::sqrt(3) / 2, -1.0, 0.0}, at::kDouble).view({1, 3, 2});
  const at::Tensor similarity = pointSimilarity(features, {.power = 2, .centred = false});
  EXPECT_NEAR(valueAt(similarity, 0, 0, 0), 1, 1e-6);
  EXPECT_NEAR(valueAt(similarity, 0, 0, 1), 0.25, 1e-6);
  EXPECT_NEAR(valueAt(similarity, 0, 0, 2), 0, 1e-12) << "opposite is not alike";
}

TEST_F(Similarity, CentringTellsPointsApartThatShareALargePart) {
  const at::Tensor features = at::tensor({10.0, 1.0, 10.0, -1.0}, at::kDouble).view({1, 2, 2});
  EXPECT_GT(valueAt(pointSimilarity(features, {.power = 1, .centred = false}), 0, 0, 1), 0.9);
  EXPECT_NEAR(valueAt(pointSimilarity(features, {.power = 1, .centred = true}), 0, 0, 1), 0, 1e-12);
}

TEST_F(Similarity, MixesValuesOfPlacesThatAreAlike) {
  const at::Tensor similarity = at::tensor({1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0}, at::kDouble).view({1, 3, 3});
  const at::Tensor values = at::tensor({0.2, 0.8, 0.5}, at::kDouble).view({1, 3, 1});
  const at::Tensor plain = mixedBySimilarity(similarity, {}, values);
  EXPECT_NEAR(valueAt(plain, 0, 0, 0), 0.5, 1e-5);
  EXPECT_NEAR(valueAt(plain, 0, 2, 0), 0.5, 1e-5);
  const at::Tensor scores = at::tensor({0.0, 1.0, 1.0}, at::kDouble).view({1, 3});
  EXPECT_NEAR(valueAt(mixedBySimilarity(similarity, scores, values), 0, 0, 0), 0.8, 1e-5)
      << "who is unsure says nothing";
}

TEST_F(Similarity, RefinedLabelsAreLearntAmongTheTagsOnly) {
  const at::Tensor logits = at::tensor({1.0, 2.0, 9.0}, at::kDouble).view({1, 1, 3});
  const at::Tensor refined = at::tensor({0.9, 0.1, 0.0}, at::kDouble).view({1, 1, 3});
  const at::Tensor tags = at::tensor({1.0, 1.0, 0.0}, at::kDouble).view({1, 3});
  const double expected = std::log(1 + std::exp(1.0));  // the third class does not compete
  EXPECT_NEAR(refinedLabelLoss(logits, refined, tags, {}).item<double>(), expected, 1e-5);
}

TEST_F(Similarity, RefinedCamsAreComparedOverTheTagsByHand) {
  const at::Tensor cam = at::tensor({0.5, 0.9, 0.1, 0.4}, at::kDouble).view({1, 2, 2});
  const at::Tensor refined = at::tensor({1.0, 0.0, 0.0, 0.0}, at::kDouble).view({1, 2, 2});
  const at::Tensor tags = at::tensor({1.0, 0.0}, at::kDouble).view({1, 2});
  const at::Tensor scores = at::tensor({1.0, 3.0}, at::kDouble).view({1, 2});
  EXPECT_NEAR(refinedCamLoss(cam, refined, tags, scores).item<double>(), (0.5 + 3 * 0.1) / 4, 1e-5);
}

TEST_F(Similarity, GradientsMatchFiniteDifferences) {
  const at::Tensor tags = at::tensor({1.0, 1.0, 0.0, 0.0, 1.0, 1.0}, at::kDouble).view({2, 3});
  const at::Tensor refined = at::rand({2, 4, 3}, at::kDouble) * tags.unsqueeze(1);
  const at::Tensor scores = at::rand({2, 4}, at::kDouble);
  expectGradientMatches([&](const at::Tensor& x) { return refinedLabelLoss(x, refined, tags, {}); },
                        doubles({2, 4, 3}));
  expectGradientMatches([&](const at::Tensor& x) { return refinedCamLoss(x, refined, tags, scores); },
                        at::rand({2, 4, 3}, at::kDouble));
}

/// One crop of 8 x 8 px with one cell, and one cloud of four points, two of them seen.
struct OneCrop {
  OneCrop() {
    at::manual_seed(5);
    image = {at::randn({1, 6, 2, 2}).requires_grad_(), at::randn({1, kNumClasses, 2, 2}).requires_grad_()};
    points = {at::randn({1, 4, 5}).requires_grad_(), at::randn({1, 4, kNumClasses}).requires_grad_()};
    matches.rows = at::tensor({1, 3}, at::kLong);
    matches.crops = at::tensor({0}, at::kLong);
    matches.places = at::tensor({1.5F, 1.5F, 13.F, 12.F}).view({1, 2, 2});
    matches.image_tags = matches.scene_tags = at::zeros({1, kNumClasses});
    matches.image_tags[0][3] = matches.image_tags[0][6] = 1;
    matches.cells = {8, 3.5};
  }
  NetworkOutput image, points;
  JointMatches matches;
};

/// Points 0, 1 and 3 of the crop's four are one superpoint; 1 and 3 are seen.
struct SuperpointCrop : OneCrop {
  SuperpointCrop() {
    matches.segments = at::tensor({1, 1, 0, 1}, at::kLong);
    matches.num_segments = 2;
    options.labels.views = LabelViews::Multi;
    options.labels.pseudo_labels = PseudoLabelBasis::Logits;
  }
  Recipe options;
};

TEST(JointLosses, TeachTheOtherNetworkAndNotTheirOwn) {
  OneCrop crop;
  Recipe options;
  imageToPointsLoss(crop.image, crop.points, crop.matches, options).backward();
  EXPECT_FALSE(crop.image.maps.grad().defined());
  EXPECT_GT(crop.points.maps.grad().abs().sum().item<double>(), 0);
  EXPECT_EQ(crop.points.maps.grad()[0][0].abs().sum().item<double>(), 0) << "a point that no crop shows";
  for (const Refinement refinement : {Refinement::Labels, Refinement::Cam}) {
    OneCrop other;
    options.points_teach_images.refinement = refinement;
    pointsToImageLoss(other.image, other.points, other.matches, options).backward();
    EXPECT_FALSE(other.points.features.grad().defined()) << nameOf(refinement);
    EXPECT_FALSE(other.points.maps.grad().defined()) << nameOf(refinement);
    EXPECT_GT(other.image.maps.grad().abs().sum().item<double>(), 0) << nameOf(refinement);
  }
}

TEST(JointLosses, LabelsOfAllFramesCountTogetherWithTheImagesOwn) {
  // All frames prefer class 3 at the points that are seen, in odds of 9; the image another, in odds of exp(logit).
  at::Tensor lifted = at::zeros({4, kNumClasses});
  lifted.select(1, 3) = .9;
  lifted.select(1, 6) = .1;
  const auto lossOf = [&](std::int64_t preferred, double logit) {
    SuperpointCrop crop;
    crop.image.maps = at::zeros({1, kNumClasses, 2, 2});
    crop.image.maps.select(1, preferred) = logit;
    return pointsToImageLoss(crop.image, crop.points, crop.matches, crop.options, lifted).item<double>();
  };
  const auto crossEntropy = [](double odds) { return std::log(1 + 1 / odds); };
  EXPECT_NEAR(lossOf(3, 4), crossEntropy(std::exp(4)), 1e-4) << "both of class 3";
  EXPECT_NEAR(lossOf(6, 4), crossEntropy(std::exp(4)), 1e-4) << "the image is surer than the frames: class 6";
  EXPECT_NEAR(lossOf(6, 1), crossEntropy(std::exp(-1)), 1e-4) << "the frames are surer than the image: class 3";
}

TEST(JointLosses, ConfidencesAreAsTheirNamesSay) {
  OneCrop crop;
  Recipe options;
  options.labels.pseudo_labels = PseudoLabelBasis::Logits;
  const at::Tensor logits = atPlaces(crop.image.maps, crop.matches).detach()[0];
  const at::Tensor two = at::stack({logits.select(1, 3), logits.select(1, 6)}, 1).softmax(1);
  const at::Tensor best = two.amax(1);
  const auto scored = [&](ConfidenceKind confidence) {
    options.labels.confidence = confidence;
    return pseudoLabelsAtPlaces(crop.image.maps, crop.matches, options).confidence[0];
  };
  EXPECT_TRUE(at::allclose(scored(ConfidenceKind::Share), best));
  const at::Tensor label = pseudoLabelsAtPlaces(crop.image.maps, crop.matches, options).labels[0];
  const at::Tensor tag = at::sigmoid(crop.image.maps.detach().mean({2, 3}))[0].index_select(0, label);
  EXPECT_TRUE(at::allclose(scored(ConfidenceKind::Tagged), best * tag));
}

TEST(JointLosses, OneTagLeavesNoDoubt) {
  OneCrop crop;
  crop.matches.image_tags[0][6] = 0;
  Recipe options;
  options.labels.pseudo_labels = PseudoLabelBasis::Logits;
  const PseudoLabels pseudo = pseudoLabelsAtPlaces(crop.image.maps, crop.matches, options);
  EXPECT_TRUE(at::allclose(pseudo.confidence, at::ones({1, 2})));
  EXPECT_TRUE(pseudo.labels.eq(3).all().item<bool>());
}

TEST(JointLosses, LiftedLabelsTeachOnlyWhereSomethingIsKnown) {
  OneCrop crop;
  at::Tensor lifted = at::zeros({4, kNumClasses});
  lifted[2][5] = .8;
  lifted[2][7] = .2;
  const at::Tensor loss = liftedLabelLoss(crop.points, lifted, {});
  EXPECT_NEAR(loss.item<double>(), -at::log_softmax(crop.points.maps.detach()[0][2], 0)[5].item<double>(), 1e-4);
  loss.backward();
  EXPECT_EQ(crop.points.maps.grad()[0][1].abs().sum().item<double>(), 0);
}

TEST(SegmentVote, IsTheMeanOfEachSegment) {
  const at::Tensor values = at::tensor({1.F, 0.F, .5F, .5F, 0.F, 1.F}).view({3, 2});
  const at::Tensor voted = votedBySegments(values, at::tensor({2, 0, 2}, at::kLong), 3);
  EXPECT_TRUE(at::allclose(voted, at::tensor({.5F, .5F, 0.F, 0.F, .5F, .5F}).view({3, 2})));
}

TEST(SegmentVote, TeachesTheImageOneLabelForASegment) {
  SuperpointCrop crop;
  const at::Tensor all_alike = at::ones({4, kNumClasses});
  const at::Tensor loss = pointsToImageLoss(crop.image, crop.points, crop.matches, crop.options, all_alike);
  const at::Tensor logits = atPlaces(crop.image.maps.detach(), crop.matches)[0];
  const at::Tensor among_tags = logits + -1e4 * (1 - crop.matches.image_tags);
  // Of unlike points (the drawn ones' features are random) each keeps its own shares, whose mean is the segment's.
  const at::Tensor similarity = pointSimilarity(
      crop.points.features.detach().index_select(1, at::tensor({1, 3}, at::kLong)), {.power = 4, .centred = true});
  const at::Tensor mixed =
      mixedBySimilarity(similarity, {}, taggedShares(logits.unsqueeze(0), crop.matches.image_tags));
  const at::Tensor own = mixed[0].argmax(1);
  ASSERT_NE(own[0].item<std::int64_t>(), own[1].item<std::int64_t>()) << "else nothing is shown";
  const std::int64_t label = mixed[0].mean(0).argmax().item<std::int64_t>();
  EXPECT_NEAR(loss.item<double>(), -at::log_softmax(among_tags, 1).select(1, label).mean().item<double>(), 1e-3);
}

TEST(JointLosses, AreZeroWithAGradientWhereNothingIsSeen) {
  OneCrop crop;
  const JointMatches nothing;
  const at::Tensor loss =
      imageToPointsLoss(crop.image, crop.points, nothing, {}) + pointsToImageLoss(crop.image, crop.points, nothing, {});
  EXPECT_EQ(loss.item<double>(), 0);
  loss.backward();
  EXPECT_EQ(crop.points.maps.grad().abs().sum().item<double>(), 0);
}

}  // namespace
}  // namespace tagscape

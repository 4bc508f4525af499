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
  const at::Tensor similarity = pointSimilarity(doubles({2, 4, 3}), {.power = 1});
  const at::Tensor tags = at::tensor({1.0, 1.0, 0.0, 0.0, 1.0, 1.0}, at::kDouble).view({2, 3});
  const at::Tensor refined = at::rand({2, 4, 3}, at::kDouble) * tags.unsqueeze(1);
  const at::Tensor scores = at::rand({2, 4}, at::kDouble);
  expectGradientMatches([&](const at::Tensor& x) { return refinedLabelLoss(x, refined, tags, {}); },
                        doubles({2, 4, 3}));
  expectGradientMatches([&](const at::Tensor& x) { return refinedCamLoss(x, refined, tags, scores); },
                        at::rand({2, 4, 3}, at::kDouble));
  expectGradientMatches([&](const at::Tensor& x) { return affinityLoss(at::softmax(x, 2), similarity, scores); },
                        doubles({2, 4, 3}));
  expectGradientMatches([&](const at::Tensor& x) { return featureSimilarityLoss(x, similarity); }, doubles({2, 4, 3}));
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

TEST(JointLosses, TeachTheOtherNetworkAndNotTheirOwn) {
  OneCrop crop;
  TrainOptions options;
  imageToPointsLoss(crop.image.maps, crop.points, crop.matches, options).backward();
  EXPECT_FALSE(crop.image.maps.grad().defined());
  EXPECT_GT(crop.points.maps.grad().abs().sum().item<double>(), 0);
  EXPECT_EQ(crop.points.maps.grad()[0][0].abs().sum().item<double>(), 0) << "a point that no crop shows";
  for (const char* refinement : {"labels", "points", "cam", "affinity", "features"}) {
    OneCrop other;
    options.refinement = refinement;
    pointsToImageLoss(other.image, other.image.maps, other.points, other.matches, options).backward();
    EXPECT_FALSE(other.points.features.grad().defined()) << refinement;
    EXPECT_FALSE(other.points.maps.grad().defined()) << refinement;
    const at::Tensor& taught = std::string(refinement) == "features" ? other.image.features : other.image.maps;
    EXPECT_GT(taught.grad().abs().sum().item<double>(), 0) << refinement;
  }
}

TEST(JointLosses, LiftedLabelsTeachImagesWithOrWithoutWhatTheySayThemselves) {
  // All frames are sure of class 3 at the points that are seen; the image is, too, or of class 6.
  at::Tensor lifted = at::zeros({4, kNumClasses});
  lifted.select(1, 3) = .9;
  lifted.select(1, 6) = .1;
  const auto lossOf = [&](const char* refinement, std::int64_t image_says) {
    OneCrop crop;
    TrainOptions options;
    options.refinement = refinement;
    crop.image.maps = at::zeros({1, kNumClasses, 2, 2});
    crop.image.maps.select(1, image_says) = 4;
    return pointsToImageLoss(crop.image, crop.image.maps, crop.points, crop.matches, options, lifted).item<double>();
  };
  EXPECT_LT(lossOf("lifted-alone", 3), lossOf("lifted-alone", 6)) << "the frames are right";
  EXPECT_GT(lossOf("lifted-alone", 6), 2) << "whatever the image says";
  EXPECT_LT(lossOf("lifted", 6), 2) << "the image's own opinion counts, too";
}

TEST(JointLosses, ScoresAreAsTheirNamesSay) {
  OneCrop crop;
  TrainOptions options;
  options.pseudo_labels = "logits";
  const at::Tensor logits = atPlaces(crop.image.maps, crop.matches).detach()[0];
  const at::Tensor two = at::stack({logits.select(1, 3), logits.select(1, 6)}, 1).softmax(1);
  const at::Tensor best = two.amax(1);
  const auto scored = [&](const char* score) {
    options.score = score;
    return pseudoLabelsAtPlaces(crop.image.maps, crop.matches, options).confidence[0];
  };
  EXPECT_TRUE(at::allclose(scored("share"), best));
  EXPECT_TRUE(at::allclose(scored("margin"), 2 * best - 1, 1e-4, 1e-6));
  const at::Tensor entropy = -(two * two.log()).sum(1) / std::log(2.);
  EXPECT_TRUE(at::allclose(scored("entropy"), 1 - entropy, 1e-4, 1e-5));
  const at::Tensor label = pseudoLabelsAtPlaces(crop.image.maps, crop.matches, options).labels[0];
  const at::Tensor tag = at::sigmoid(crop.image.maps.detach().mean({2, 3}))[0].index_select(0, label);
  EXPECT_TRUE(at::allclose(scored("tagged"), best * tag));
  const at::Tensor cam = camAtPlaces(crop.image.maps.detach(), crop.matches)[0];
  EXPECT_TRUE(at::allclose(scored("cam"), cam.gather(1, label.unsqueeze(1)).squeeze(1)));
}

TEST(JointLosses, OneTagLeavesNoDoubtWhateverTheScore) {
  OneCrop crop;
  crop.matches.image_tags[0][6] = 0;
  TrainOptions options;
  options.pseudo_labels = "logits";
  for (const char* score : {"share", "margin", "entropy"}) {
    options.score = score;
    const PseudoLabels pseudo = pseudoLabelsAtPlaces(crop.image.maps, crop.matches, options);
    EXPECT_TRUE(at::allclose(pseudo.confidence, at::ones({1, 2}))) << score;
    EXPECT_TRUE(pseudo.labels.eq(3).all().item<bool>()) << score;
  }
}

TEST(JointLosses, RasterCountsPointsOfACellAsOne) {
  OneCrop crop;
  // Points 1 and 3 in one cell: their mean logits against the label of that cell's own logits.
  crop.matches.places = at::tensor({2.F, 2.F, 5.F, 3.F}).view({1, 2, 2});
  TrainOptions options;
  options.pseudo_labels = "logits";
  options.reach = "raster";
  const at::Tensor maps = crop.image.maps.detach();
  const std::int64_t label = maps[0][3][0][0].item<float>() > maps[0][6][0][0].item<float>() ? 3 : 6;
  const at::Tensor mean = (crop.points.maps.detach()[0][1] + crop.points.maps.detach()[0][3]) / 2;
  const double expected = -at::log_softmax(mean, 0)[label].item<double>();
  EXPECT_NEAR(imageToPointsLoss(crop.image.maps, crop.points, crop.matches, options).item<double>(), expected, 1e-4);
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

/// Points 0, 1 and 3 of the crop's four are one segment; 1 and 3 are seen.
struct VotingCrop : OneCrop {
  VotingCrop() {
    matches.segments = at::tensor({1, 1, 0, 1}, at::kLong);
    matches.num_segments = 2;
    options.vote = "segments";
    options.pseudo_labels = "logits";
  }
  /// What the image says of the two points that are seen, on average.
  [[nodiscard]] std::int64_t label() const {
    const at::Tensor logits = atPlaces(image.maps.detach(), matches);
    return taggedShares(logits, matches.image_tags)[0].mean(0).argmax().item<std::int64_t>();
  }
  TrainOptions options;
};

TEST(SegmentVote, LabelsAlsoThePointsOfASegmentThatNoCropShows) {
  VotingCrop crop;
  const at::Tensor loss = imageToPointsLoss(crop.image.maps, crop.points, crop.matches, crop.options);
  const at::Tensor logs = at::log_softmax(crop.points.maps.detach()[0], 1).select(1, crop.label());
  EXPECT_NEAR(loss.item<double>(), -(logs[0] + logs[1] + logs[3]).item<double>() / 3, 1e-4);
  loss.backward();
  EXPECT_GT(crop.points.maps.grad()[0][0].abs().sum().item<double>(), 0);
  EXPECT_EQ(crop.points.maps.grad()[0][2].abs().sum().item<double>(), 0) << "nothing of its segment is seen";
}

TEST(SegmentVote, TeachesTheImageOneLabelForASegment) {
  VotingCrop crop;
  const at::Tensor loss = pointsToImageLoss(crop.image, crop.image.maps, crop.points, crop.matches, crop.options);
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
  const at::Tensor loss = imageToPointsLoss(crop.image.maps, crop.points, nothing, {}) +
                          pointsToImageLoss(crop.image, crop.image.maps, crop.points, nothing, {});
  EXPECT_EQ(loss.item<double>(), 0);
  loss.backward();
  EXPECT_EQ(crop.points.maps.grad().abs().sum().item<double>(), 0);
}

}  // namespace
}  // namespace tagscape

#include "core/cam/cam_torch.h"
#include "core/cam/cam_values.h"
#include "tests/support/tolerances.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace tagscape {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

TagSet setOf(std::initializer_list<std::size_t> classes) {
  TagSet set;
  for (const std::size_t c : classes) set.set(c);
  return set;
}

/// One item of two places; class 3 is strongest at the first, class 5 at the second, the others are 0.
at::Tensor twoPlaces() {
  at::Tensor maps = at::zeros({1, kNumClasses, 2});
  maps[0][3][0] = 4;
  maps[0][3][1] = 1;
  maps[0][5][0] = -2;
  maps[0][5][1] = 2;
  return maps;
}

// Maxima and sums that values are divided by are 1e-5 larger, so that they are never 0; all of them are above .1 here.
constexpr double kMaximumFloor = 1e-4;

TEST(TagTensor, HasARowForEachSet) {
  const at::Tensor tags = tagTensor({setOf({0}), setOf({3, 19})}, at::kCPU);
  EXPECT_EQ(tags.sizes(), (std::vector<std::int64_t>{2, kNumClasses}));
  EXPECT_EQ(tags.sum().item<float>(), 3);
  EXPECT_EQ(tags[1][19].item<float>(), 1);
}

TEST(NormalisedCam, DividesEachClassByItsMaximumAndDropsWhatIsNegative) {
  const at::Tensor cam = normalisedCam(twoPlaces(), tagTensor({setOf({3, 5})}, at::kCPU));
  EXPECT_NEAR(cam[0][3][0].item<float>(), 1, kMaximumFloor);
  EXPECT_NEAR(cam[0][3][1].item<float>(), .25, kMaximumFloor);
  EXPECT_EQ(cam[0][5][0].item<float>(), 0);
  EXPECT_NEAR(cam[0][5][1].item<float>(), 1, kMaximumFloor);
}

TEST(NormalisedCam, IsZeroForClassesWithoutATagAndForClassesThatAreNowherePositive) {
  const at::Tensor cam = normalisedCam(twoPlaces(), tagTensor({setOf({3, 7})}, at::kCPU));
  EXPECT_EQ(cam[0][5].abs().sum().item<float>(), 0);
  EXPECT_EQ(cam[0][7].abs().sum().item<float>(), 0);
}

TEST(NormalisedCam, TakesMapsOfAnyDimensionEachItemByItself) {
  const at::Tensor maps = at::randn({2, kNumClasses, 3, 4});
  const at::Tensor tags = tagTensor({setOf({1, 2}), setOf({2})}, at::kCPU);
  const at::Tensor both = normalisedCam(maps, tags);
  EXPECT_TRUE(at::allclose(both[1], normalisedCam(maps.slice(0, 1, 2), tags.slice(0, 1, 2))[0]));
}

TEST(TaggedArgmax, ChoosesAmongTaggedClassesOnly) {
  const at::Tensor labels = taggedArgmax(twoPlaces(), tagTensor({setOf({5, 9})}, at::kCPU));
  EXPECT_EQ(labels[0][0].item<std::int64_t>(), 9);
  EXPECT_EQ(labels[0][1].item<std::int64_t>(), 5);
}

TEST(TaggedArgmax, ChoosesAmongAllClassesWhereNothingIsTagged) {
  const at::Tensor labels = taggedArgmax(twoPlaces(), tagTensor({TagSet{}}, at::kCPU));
  EXPECT_EQ(labels[0][0].item<std::int64_t>(), 3);
}

TEST(PseudoLabels, AreTheSoftmaxOverTheTagsPresent) {
  const PseudoLabels pseudo = pseudoLabels(twoPlaces(), tagTensor({setOf({3, 5})}, at::kCPU));
  EXPECT_EQ(pseudo.labels[0][0].item<std::int64_t>(), 3);
  EXPECT_EQ(pseudo.labels[0][1].item<std::int64_t>(), 5);
  EXPECT_NEAR(pseudo.confidence[0][0].item<double>(), 1 / (1 + std::exp(-6.0)), testing::kFloatSumRounding);
  EXPECT_NEAR(pseudo.confidence[0][1].item<double>(), 1 / (1 + std::exp(-1.0)), testing::kFloatSumRounding);
}

TEST(PseudoLabels, AreSureWhereOnlyOneClassIsPossible) {
  const PseudoLabels pseudo = pseudoLabels(at::randn({1, kNumClasses, 6}), tagTensor({setOf({8})}, at::kCPU));
  EXPECT_TRUE(at::allclose(pseudo.confidence, at::ones({1, 6})));
  EXPECT_TRUE((pseudo.labels == 8).all().item<bool>());
}

TEST(PseudoLabels, OfACamAreScoredByTheirShare) {
  at::Tensor cam = at::zeros({1, kNumClasses, 2});
  cam[0][4][0] = .3;
  cam[0][6][0] = .9;
  const PseudoLabels pseudo = pseudoLabelsOfCam(cam);
  EXPECT_EQ(pseudo.labels[0][0].item<std::int64_t>(), 6);
  EXPECT_NEAR(pseudo.confidence[0][0].item<double>(), .75, kMaximumFloor);
  EXPECT_EQ(pseudo.confidence[0][1].item<double>(), 0);  // Nothing is there.
}

TEST(PseudoLabels, ReturnNoGradient) {
  const at::Tensor maps = at::randn({1, kNumClasses, 6}).requires_grad_(true);
  EXPECT_FALSE(pseudoLabels(maps, tagTensor({setOf({1, 8})}, at::kCPU)).confidence.requires_grad());
  EXPECT_FALSE(taggedArgmax(maps, tagTensor({setOf({1, 8})}, at::kCPU)).requires_grad());
}

TEST(CamValues, OfPointsAreThoseOfTheTensorFunctions) {
  std::vector<float> logits(2 * kNumClasses, 0.F);
  logits[3] = 4;                // point 0
  logits[kNumClasses + 3] = 1;  // point 1
  logits[kNumClasses + 5] = 2;
  const std::vector<float> cam = camOfPoints(logits, setOf({3}));
  EXPECT_NEAR(cam[3], 1, kMaximumFloor);
  EXPECT_NEAR(cam[kNumClasses + 3], .25, kMaximumFloor);
  EXPECT_EQ(cam[kNumClasses + 5], 0);
  EXPECT_THAT(labelsOfPoints(logits, setOf({3})), Each(3));
  EXPECT_THAT(labelsOfPoints(logits, std::nullopt), ElementsAre(3, 5));
}

TEST(CamValues, OfAFrameHaveClassesFirst) {
  std::vector<float> logits(kNumClasses * 4, 0.F);
  logits[5 * 4 + 2] = 8;
  logits[5 * 4 + 3] = 2;
  const std::vector<float> cam = camOfFrame(logits, setOf({5}));
  EXPECT_NEAR(cam[5 * 4 + 2], 1, kMaximumFloor);
  EXPECT_NEAR(cam[5 * 4 + 3], .25, kMaximumFloor);
}

TEST(CamValues, LabelsOfAFrameLieWhereTheCellsLie) {
  // Two cells side by side: class 2 on the left, class 7 on the right.
  std::vector<float> maps(kNumClasses * 2, 0.F);
  maps[2 * 2 + 0] = 1;
  maps[7 * 2 + 1] = 1;
  const auto labels = labelsOfFrame({maps, 2, 1}, 8, 2, std::nullopt);
  EXPECT_THAT(labels.pixels, ElementsAre(2, 2, 2, 2, 7, 7, 7, 7, 2, 2, 2, 2, 7, 7, 7, 7));
  EXPECT_THAT(labelsOfFrame({maps, 2, 1}, 8, 1, setOf({7})).pixels, Each(7));
  EXPECT_THROW((void)labelsOfFrame({maps, 3, 1}, 8, 2, std::nullopt), std::logic_error);
}

TEST(CamValues, LabelsOfAFrameAreThoseOfLibTorchsInterpolation) {
  at::manual_seed(3);
  constexpr int kWide = 7, kHigh = 5, kWidth = 61, kHeight = 47;
  const at::Tensor maps = at::randn({1, kNumClasses, kHigh, kWide});
  const std::span<const float> values(maps.data_ptr<float>(), static_cast<std::size_t>(maps.numel()));
  const at::Tensor fine = at::upsample_bilinear2d(maps, {kHeight, kWidth}, false);
  const auto expectEqual = [&](const Image<std::uint8_t>& labels, const at::Tensor& expected) {
    const at::Tensor flat = expected.flatten().to(at::kLong).contiguous();
    int num_other = 0;
    for (std::size_t i = 0; i < labels.pixels.size(); ++i)
      num_other += labels.pixels[i] == flat.data_ptr<std::int64_t>()[i] ? 0 : 1;
    EXPECT_LE(num_other, 2) << "but for ties within the last digit of a float";
  };
  expectEqual(labelsOfFrame({values, kWide, kHigh}, kWidth, kHeight, std::nullopt), fine.argmax(1));
  const TagSet tags = setOf({3, 8, 11});
  expectEqual(labelsOfFrame({values, kWide, kHigh}, kWidth, kHeight, tags),
              taggedArgmax(fine, tagTensor({tags}, at::kCPU)));
  const auto [largest, best] = (fine - 1.5).max(1);
  const at::Tensor shifted = (maps - 1.5).contiguous();
  expectEqual(labelsOfFrameCam({{shifted.data_ptr<float>(), values.size()}, kWide, kHigh}, kWidth, kHeight),
              best.masked_fill(largest.le(0), kNoClass));
}

TEST(CamValues, CamsWithoutAnyValueAreNoLabel) {
  std::vector<float> cam(kNumClasses * 2, 0.F);
  cam[4 * 2 + 1] = .5F;
  const auto labels = labelsOfFrameCam({cam, 2, 1}, 2, 1);
  EXPECT_THAT(labels.pixels, ElementsAre(kNoClass, 4));
  std::vector<float> of_points(2 * kNumClasses, 0.F);
  of_points[kNumClasses + 6] = .1F;
  EXPECT_THAT(labelsOfPointCam(of_points), ElementsAre(kNoClass, 6));
}

TEST(CamValues, RefuseWhatIsNoWholeNumberOfPlaces) {
  EXPECT_THROW((void)camOfPoints(std::vector<float>(7), std::nullopt), std::logic_error);
}

}  // namespace
}  // namespace tagscape

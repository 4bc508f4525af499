#include "core/pseudo_labels/similarity_torch.h"
#include "core/pseudo_labels/superpoint_mean_torch.h"
#include "tests/support/tolerances.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

namespace tagscape {
namespace {

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
  EXPECT_NEAR(valueAt(similarity, 0, 0, 0), 1, testing::kFloatRounding);
  EXPECT_NEAR(valueAt(similarity, 0, 0, 1), 0.25, testing::kFloatRounding);
  EXPECT_NEAR(valueAt(similarity, 0, 0, 2), 0, testing::kDoubleRounding) << "opposite is not similar";
}

TEST_F(Similarity, CentringTellsPointsApartThatShareALargePart) {
  const at::Tensor features = at::tensor({10.0, 1.0, 10.0, -1.0}, at::kDouble).view({1, 2, 2});
  EXPECT_GT(valueAt(pointSimilarity(features, {.power = 1, .centred = false}), 0, 0, 1), 0.9);
  EXPECT_NEAR(valueAt(pointSimilarity(features, {.power = 1, .centred = true}), 0, 0, 1), 0, testing::kDoubleRounding);
}

TEST_F(Similarity, AveragesValuesOfSimilarPoints) {
  const at::Tensor similarity = at::tensor({1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0}, at::kDouble).view({1, 3, 3});
  const at::Tensor values = at::tensor({0.2, 0.8, 0.5}, at::kDouble).view({1, 3, 1});
  const at::Tensor plain = similarityWeightedMean(similarity, {}, values);
  EXPECT_NEAR(valueAt(plain, 0, 0, 0), 0.5, testing::kFloatSumRounding);
  EXPECT_NEAR(valueAt(plain, 0, 2, 0), 0.5, testing::kFloatSumRounding);
  const at::Tensor scores = at::tensor({0.0, 1.0, 1.0}, at::kDouble).view({1, 3});
  EXPECT_NEAR(valueAt(similarityWeightedMean(similarity, scores, values), 0, 0, 0), 0.8, testing::kFloatSumRounding)
      << "a point without confidence does not count";
}

TEST(SuperpointMean, IsTheMeanOfEachSuperpoint) {
  const at::Tensor values = at::tensor({1.F, 0.F, .5F, .5F, 0.F, 1.F}).view({3, 2});
  const at::Tensor means = meanBySuperpoint(values, at::tensor({2, 0, 2}, at::kLong), 3);
  EXPECT_TRUE(at::allclose(means, at::tensor({.5F, .5F, 0.F, 0.F, .5F, .5F}).view({3, 2})));
}

}  // namespace
}  // namespace tagscape

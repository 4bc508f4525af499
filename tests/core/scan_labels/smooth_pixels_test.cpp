#include "core/scan_labels/smooth_pixels.h"

#include "core/scene/class_catalog.h"
#include "tests/support/tolerances.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace tagscape {
namespace {

constexpr int kSide = 24;
constexpr Eigen::Index kMiddle = kSide / 2 * kSide + kSide / 4;

/// A picture whose left half is gray and whose right half is blue.
std::vector<Eigen::Vector3f> halves() {
  std::vector<Eigen::Vector3f> colors;
  for (int i = 0; i < kSide * kSide; ++i)
    colors.push_back(i % kSide < kSide / 2 ? Eigen::Vector3f(.6F, .6F, .6F) : Eigen::Vector3f(.1F, .2F, .8F));
  return colors;
}

/// Class 3 at the left and class 7 at the right, not quite sure.
ClassValues labelled() {
  ClassValues p = ClassValues::Zero(kSide * kSide, kNumClasses);
  for (Eigen::Index i = 0; i < p.rows(); ++i) {
    p(i, i % kSide < kSide / 2 ? 3 : 7) = .7F;
    p(i, i % kSide < kSide / 2 ? 7 : 3) = .3F;
  }
  return p;
}

TEST(SmoothPixels, RemovesASpeckWithinAColour) {
  ClassValues p = labelled();
  p(kMiddle, 3) = .2F;
  p(kMiddle, 7) = .8F;
  const ClassValues q = smoothPixels(p, halves(), kSide, kSide);
  EXPECT_GT(q(kMiddle, 3), q(kMiddle, 7));
  EXPECT_NEAR(q.row(kMiddle).sum(), 1, testing::kFloatSumRounding);
}

TEST(SmoothPixels, KeepsBordersOfColours) {
  const ClassValues q = smoothPixels(labelled(), halves(), kSide, kSide);
  const Eigen::Index left = kSide / 2 * kSide + kSide / 2 - 1;
  EXPECT_GT(q(left, 3), .9F);
  EXPECT_GT(q(left + 1, 7), .9F);
}

TEST(SmoothPixels, FillsWhatNobodyKnows) {
  ClassValues p = labelled();
  p.row(kMiddle).setConstant(1.F / kNumClasses);
  const ClassValues q = smoothPixels(p, halves(), kSide, kSide);
  Eigen::Index label = 0;
  q.row(kMiddle).maxCoeff(&label);
  EXPECT_EQ(label, 3);
}

TEST(SmoothPixels, RefusesAnotherNumberOfCells) {
  EXPECT_THROW((void)smoothPixels(labelled(), halves(), kSide, kSide + 1), std::logic_error);
}

}  // namespace
}  // namespace tagscape

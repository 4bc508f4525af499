#include "core/pseudo_labels/tag_constraints.h"

#include "tests/support/tolerances.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tagscape {
namespace {

constexpr double kMin = .04;
constexpr double kReached = .9 * kMin;    // The iteration stops within a tenth of the area, from below,
constexpr double kExceeded = 1.5 * kMin;  // and each of its steps is damped, so that it overshoots by less than a half.

/// Four superpoints; class 0 wins everywhere, class 2 comes nearest to it in superpoint 1, others are far behind.
ClassRows logits() {
  ClassRows rows = ClassRows::Constant(4, kNumClasses, -20);
  rows.col(0).setConstant(9);
  rows.col(1).setConstant(1);
  rows.col(2) << -5, 4, -4, -9;
  return rows;
}

FrameSuperpoints sight(std::vector<std::uint32_t> superpoints,
                       std::vector<double> parts,
                       std::initializer_list<int> tags) {
  FrameSuperpoints frame{std::move(superpoints), std::move(parts), {}};
  for (const int tag : tags) frame.tags.set(static_cast<std::size_t>(tag));
  return frame;
}

double areaIn(const FrameSuperpoints& frame, const ClassRows& probabilities, int c) {
  double area = 0;
  for (std::size_t i = 0; i < frame.superpoints.size(); ++i)
    area += frame.area_fractions[i] * probabilities(frame.superpoints[i], c);
  return area;
}

TEST(TagConstraints, LeaveProbabilitiesUnchangedWhereEveryTagHasItsMinimum) {
  const std::vector<FrameSuperpoints> frames{sight({0, 1}, {.5, .5}, {0})};
  EXPECT_TRUE(enforceMinTagArea(logits(), frames, kMin).isApprox(softmaxOfRows(logits())));
  const std::vector<FrameSuperpoints> missing{sight({0, 1}, {.5, .5}, {0, 2})};
  EXPECT_TRUE(enforceMinTagArea(logits(), missing, 0).isApprox(softmaxOfRows(logits())));
}

TEST(TagConstraints, RaiseAMissingTagWhereItComesNearest) {
  const std::vector<FrameSuperpoints> frames{sight({0, 1, 2}, {.4, .3, .3}, {0, 2})};
  ASSERT_LT(areaIn(frames[0], softmaxOfRows(logits()), 2), kMin);
  const ClassRows probabilities = enforceMinTagArea(logits(), frames, kMin);
  EXPECT_GE(areaIn(frames[0], probabilities, 2), kReached);
  EXPECT_LE(areaIn(frames[0], probabilities, 2), kExceeded);
  Eigen::Index highest = 0;
  probabilities.col(2).maxCoeff(&highest);
  EXPECT_EQ(highest, 1);
  EXPECT_TRUE(probabilities.rowwise().sum().isApproxToConstant(1));
  // All superpoints of the frame are raised equally, others are unchanged, and so are the ratios of other classes.
  const auto raised = [&](int superpoint) {
    return std::log(probabilities(superpoint, 2) / probabilities(superpoint, 0)) -
           (logits()(superpoint, 2) - logits()(superpoint, 0));
  };
  EXPECT_NEAR(raised(0), raised(1), testing::kDoubleSumRounding);
  EXPECT_NEAR(raised(3), 0, testing::kDoubleSumRounding);
  EXPECT_NEAR(std::log(probabilities(1, 0) / probabilities(1, 1)), 8, testing::kDoubleSumRounding);
}

TEST(TagConstraints, AreMetByOneSuperpointThatSeveralFramesShow) {
  const std::vector<FrameSuperpoints> frames{sight({0, 1}, {.5, .5}, {0, 2}), sight({1, 3}, {.2, .8}, {0, 2})};
  const ClassRows probabilities = enforceMinTagArea(logits(), frames, kMin);
  for (const FrameSuperpoints& frame : frames) EXPECT_GE(areaIn(frame, probabilities, 2), kReached);
  EXPECT_GT(probabilities(1, 2), probabilities(0, 2));
  EXPECT_GT(probabilities(1, 2), probabilities(3, 2));
}

TEST(TagConstraints, StayFiniteWhereTheyCannotBeMet) {
  // Sixteen tags, one superpoint that is certain of another class: 16 * .05 is possible, as far as it gets.
  ClassRows certain = ClassRows::Constant(1, kNumClasses, -1e4);
  certain(0, 19) = 0;
  FrameSuperpoints frame = sight({0}, {1}, {});
  for (std::size_t c = 0; c < 16; ++c) frame.tags.set(c);
  const ClassRows probabilities = enforceMinTagArea(certain, std::vector<FrameSuperpoints>{frame}, .05);
  EXPECT_TRUE(probabilities.allFinite());
  EXPECT_NEAR(probabilities.sum(), 1, testing::kDoubleSumRounding);
}

}  // namespace
}  // namespace tagscape

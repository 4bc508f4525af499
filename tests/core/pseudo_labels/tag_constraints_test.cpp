#include "core/pseudo_labels/tag_constraints.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tagscape {
namespace {

constexpr double kMin = .04;

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

TEST(TagConstraints, LeaveSharesAsTheyAreWhereEveryTagHasItsLeast) {
  const std::vector<FrameSuperpoints> frames{sight({0, 1}, {.5, .5}, {0})};
  EXPECT_TRUE(enforceMinTagArea(logits(), frames, kMin).isApprox(softmaxOfRows(logits())));
  const std::vector<FrameSuperpoints> missing{sight({0, 1}, {.5, .5}, {0, 2})};
  EXPECT_TRUE(enforceMinTagArea(logits(), missing, 0).isApprox(softmaxOfRows(logits())));
}

TEST(TagConstraints, RaiseAMissingTagWhereItComesNearest) {
  const std::vector<FrameSuperpoints> frames{sight({0, 1, 2}, {.4, .3, .3}, {0, 2})};
  ASSERT_LT(areaIn(frames[0], softmaxOfRows(logits()), 2), kMin);
  const ClassRows probabilities = enforceMinTagArea(logits(), frames, kMin);
  EXPECT_GE(areaIn(frames[0], probabilities, 2), .9 * kMin);
  EXPECT_LE(areaIn(frames[0], probabilities, 2), 1.5 * kMin);
  Eigen::Index most = 0;
  probabilities.col(2).maxCoeff(&most);
  EXPECT_EQ(most, 1);
  EXPECT_TRUE(probabilities.rowwise().sum().isApproxToConstant(1));
  // All that the frame shows is raised alike, what it does not show stays, and the others stand to each other as
  // before.
  const auto raised = [&](int superpoint) {
    return std::log(probabilities(superpoint, 2) / probabilities(superpoint, 0)) -
           (logits()(superpoint, 2) - logits()(superpoint, 0));
  };
  EXPECT_NEAR(raised(0), raised(1), 1e-9);
  EXPECT_NEAR(raised(3), 0, 1e-9);
  EXPECT_NEAR(std::log(probabilities(1, 0) / probabilities(1, 1)), 8, 1e-9);
}

TEST(TagConstraints, AreMetByOneSuperpointThatSeveralFramesShow) {
  const std::vector<FrameSuperpoints> frames{sight({0, 1}, {.5, .5}, {0, 2}), sight({1, 3}, {.2, .8}, {0, 2})};
  const ClassRows probabilities = enforceMinTagArea(logits(), frames, kMin);
  for (const FrameSuperpoints& frame : frames) EXPECT_GE(areaIn(frame, probabilities, 2), .9 * kMin);
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
  EXPECT_NEAR(probabilities.sum(), 1, 1e-9);
}

}  // namespace
}  // namespace tagscape

#include "core/train/tag_constraints.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tagscape {
namespace {

constexpr double kLeast = .04;

/// Four segments; class 0 wins everywhere, class 2 comes nearest to it in segment 1, others are far behind.
ClassRows logits() {
  ClassRows rows = ClassRows::Constant(4, kNumClasses, -20);
  rows.col(0).setConstant(9);
  rows.col(1).setConstant(1);
  rows.col(2) << -5, 4, -4, -9;
  return rows;
}

SegmentSight sight(std::vector<std::uint32_t> segments, std::vector<double> parts, std::initializer_list<int> tags) {
  SegmentSight frame{std::move(segments), std::move(parts), {}};
  for (const int tag : tags) frame.tags.set(static_cast<std::size_t>(tag));
  return frame;
}

double areaIn(const SegmentSight& frame, const ClassRows& shares, int c) {
  double area = 0;
  for (std::size_t i = 0; i < frame.segments.size(); ++i) area += frame.parts[i] * shares(frame.segments[i], c);
  return area;
}

TEST(TagConstraints, LeaveSharesAsTheyAreWhereEveryTagHasItsLeast) {
  const std::vector<SegmentSight> frames{sight({0, 1}, {.5, .5}, {0})};
  EXPECT_TRUE(withLeastShares(logits(), frames, kLeast).isApprox(softmaxOfRows(logits())));
  const std::vector<SegmentSight> missing{sight({0, 1}, {.5, .5}, {0, 2})};
  EXPECT_TRUE(withLeastShares(logits(), missing, 0).isApprox(softmaxOfRows(logits())));
}

TEST(TagConstraints, RaiseAMissingTagWhereItComesNearest) {
  const std::vector<SegmentSight> frames{sight({0, 1, 2}, {.4, .3, .3}, {0, 2})};
  ASSERT_LT(areaIn(frames[0], softmaxOfRows(logits()), 2), kLeast);
  const ClassRows shares = withLeastShares(logits(), frames, kLeast);
  EXPECT_GE(areaIn(frames[0], shares, 2), .9 * kLeast);
  EXPECT_LE(areaIn(frames[0], shares, 2), 1.5 * kLeast);
  Eigen::Index most = 0;
  shares.col(2).maxCoeff(&most);
  EXPECT_EQ(most, 1);
  EXPECT_TRUE(shares.rowwise().sum().isApproxToConstant(1));
  // All that the frame shows is raised alike, what it does not show stays, and the others stand to each other as
  // before.
  const auto raised = [&](int segment) {
    return std::log(shares(segment, 2) / shares(segment, 0)) - (logits()(segment, 2) - logits()(segment, 0));
  };
  EXPECT_NEAR(raised(0), raised(1), 1e-9);
  EXPECT_NEAR(raised(3), 0, 1e-9);
  EXPECT_NEAR(std::log(shares(1, 0) / shares(1, 1)), 8, 1e-9);
}

TEST(TagConstraints, AreMetByOneSegmentThatSeveralFramesShow) {
  const std::vector<SegmentSight> frames{sight({0, 1}, {.5, .5}, {0, 2}), sight({1, 3}, {.2, .8}, {0, 2})};
  const ClassRows shares = withLeastShares(logits(), frames, kLeast);
  for (const SegmentSight& frame : frames) EXPECT_GE(areaIn(frame, shares, 2), .9 * kLeast);
  EXPECT_GT(shares(1, 2), shares(0, 2));
  EXPECT_GT(shares(1, 2), shares(3, 2));
}

TEST(TagConstraints, StayFiniteWhereTheyCannotBeMet) {
  // Sixteen tags, one segment that is certain of another class: 16 * .05 is possible, as far as it gets.
  ClassRows certain = ClassRows::Constant(1, kNumClasses, -1e4);
  certain(0, 19) = 0;
  SegmentSight frame = sight({0}, {1}, {});
  for (std::size_t c = 0; c < 16; ++c) frame.tags.set(c);
  const ClassRows shares = withLeastShares(certain, std::vector<SegmentSight>{frame}, .05);
  EXPECT_TRUE(shares.allFinite());
  EXPECT_NEAR(shares.sum(), 1, 1e-9);
}

}  // namespace
}  // namespace tagscape

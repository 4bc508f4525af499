#pragma once

#include "core/scene/tags.h"

#include <Eigen/Core>

#include <cstdint>
#include <span>
#include <vector>

namespace tagscape {

/// A row of 20 values, one for each class.
using ClassRows = Eigen::Matrix<double, Eigen::Dynamic, kNumClasses, Eigen::RowMajor>;

/// What a frame shows of the segments of its scene, and what it is tagged with.
struct SegmentSight {
  std::vector<std::uint32_t> segments;  ///< Those that it shows,
  std::vector<double> parts;            ///< and how much of what it shows each is; they sum to 1.
  TagSet tags;
};

/// Shares of classes from logits, with every tag of every frame somewhere in what the frame shows: a class that would
/// have less than `least` of it is raised in all that the frame shows, so that it appears where it comes nearest to
/// being likely. What a network mistakes for something frequent would otherwise never be learnt.
///
/// Of all shares that satisfy this, these are near to the given ones (in relative entropy); found by damped iterative
/// scaling, in 60 rounds at most. Tags that cannot be satisfied together are so as far as that gets.
/// Source: own, after constraints on the area of tagged classes as in constrained CNNs (Pathak et al., 2015).
/// @param logits [S, C] of a scene's segments, or logarithms of shares.  @param least  0 … 1 / C; 0 changes nothing.
/// @return [S, C], rows of sum 1.
[[nodiscard]] ClassRows withLeastShares(const ClassRows& logits, std::span<const SegmentSight> frames, double least);

/// exp and normalised by rows.
[[nodiscard]] ClassRows softmaxOfRows(const ClassRows& logits);

}  // namespace tagscape

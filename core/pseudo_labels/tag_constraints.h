#pragma once

#include "core/scene/tags.h"

#include <Eigen/Core>

#include <cstdint>
#include <span>
#include <vector>

namespace tagscape {

/// Rows of 20 values, one for each class.
using ClassRows = Eigen::Matrix<double, Eigen::Dynamic, kNumClasses, Eigen::RowMajor>;

/// The superpoints that a frame shows, and its tags.
struct FrameSuperpoints {
  std::vector<std::uint32_t> superpoints;  ///< Rows of the scene's superpoints.
  std::vector<double> area_fractions;      ///< Of what the frame shows, by superpoint; they sum to 1.
  TagSet tags;
};

/// Softmax over classes under a constraint: in what a frame shows, each of its tags has at least an area of `min_area`
/// (the sum of area fraction times probability). A class that misses it is raised in all that the frame shows, and so
/// appears where it is nearest to being likely. Without it a class that the network confuses with a more frequent one
/// is never learnt.
///
/// The result is close, in relative entropy, to the nearest that satisfies all constraints; found by damped iterative
/// scaling in 60 rounds at most. Tags that cannot be satisfied together are satisfied as far as that gets.
/// Source: own, after the area constraints of Pathak, Krähenbühl & Darrell, "Constrained convolutional neural networks
/// for weakly supervised segmentation", ICCV 2015.
/// @param logits [S, C] of a scene's superpoints, or log-probabilities.  @param min_area  0 … 1 / C; 0: no constraint.
/// @return [S, C], rows of sum 1.
[[nodiscard]] ClassRows enforceMinTagArea(const ClassRows& logits,
                                          std::span<const FrameSuperpoints> frames,
                                          double min_area);

/// Softmax of each row.
[[nodiscard]] ClassRows softmaxOfRows(const ClassRows& logits);

}  // namespace tagscape

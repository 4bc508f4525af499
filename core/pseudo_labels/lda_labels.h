#pragma once

#include "core/pseudo_labels/superpoint_set.h"

#include <vector>

namespace tagscape {

struct LdaOptions {
  FusionOptions fusion{.min_tag_area = .04, .weight = 1.5, .label_smoothing = .1};
  int num_rounds = 4;
  double ridge = 1;    ///< Added to the variances of the features, which are standardised first.
  double prior = 0.5;  ///< Exponent of the class prior: the area that a class has in the scenes tagged with it.
};

/// Labels superpoints by linear discriminant analysis of their features over all scenes. The image network predicts
/// "wall" for many superpoints that are none, but its logits differ between walls and, say, doors; what the superpoints
/// that may be doors by their tags have in common is enough to tell the two apart.
///
/// Expectation maximisation: the probabilities of the superpoints give class means, a shared covariance (superpoints
/// weighted by the square root of their size) and class priors; these give new probabilities, subject to the tags of
/// the frames. Starts from frameLabels. Source: own combination of textbook parts (Hastie, Tibshirani & Friedman, The
/// Elements of Statistical Learning, 2nd ed., 4.3 and 8.5).
/// @return for each scene [S, C] probabilities; rows of superpoints that no frame shows are 0.
[[nodiscard]] std::vector<ClassRows> ldaLabels(const std::vector<SuperpointSet>& scenes, const LdaOptions& options);

}  // namespace tagscape

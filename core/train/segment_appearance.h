#pragma once

#include "core/train/tag_constraints.h"

#include <Eigen/Core>

#include <vector>

namespace tagscape {

/// What is known of the S segments of a scene before anybody has named one.
struct SceneSegments {
  Eigen::MatrixXd looks;             ///< [S, D] how each looks: any features, the same for all scenes.
  ClassRows said;                    ///< [S, C] logits: what frames say of each, by a network and their tags.
  ClassRows tagged;                  ///< [S, C] logits: by their tags alone.
  Eigen::VectorXd sizes;             ///< [S] in points; 0 for those that no frame shows.
  std::vector<SegmentSight> frames;  ///< That show any.
};

struct AppearanceOptions {
  double least_share = 0.04;  ///< Of what a frame shows, each of its tags has at least this; see withLeastShares.
  int num_rounds = 4;
  double ridge = 1;     ///< Added to the variances of the looks, which are brought to 1 before.
  double weight = 1.5;  ///< Of the looks beside the tags.
  double prior = 0.5;   ///< How much the area counts that a class has in scenes that are tagged with it.
  double doubt = 0.1;   ///< Shared by all classes, whatever a segment looks like.
};

/// Names segments by what frames say of them, within what their tags ask for; see withLeastShares.
/// @return for each scene [S, C] shares; rows of segments that no frame shows are 0.
[[nodiscard]] std::vector<ClassRows> labelsByFrames(const std::vector<SceneSegments>& scenes, double least_share);

/// Names segments by what they look like in all scenes together: a class is what the segments have in common that may
/// have it by the tags. A network that sees walls nearly everywhere calls much a wall; that it does so of doors in
/// another tone than of walls is enough to tell them apart here.
///
/// Expectation and maximisation: each segment's shares give classes a mean look and all a common covariance (linear
/// discriminant analysis, segments weighted by the root of their size), and how much of a scene a class has where it is
/// tagged; these give each segment new shares, within what the tags of frames allow and ask for. Begins with
/// labelsByFrames. Source: own; the parts are textbook.
/// @return for each scene [S, C] shares; rows of segments that no frame shows are 0.
[[nodiscard]] std::vector<ClassRows> labelsByAppearance(const std::vector<SceneSegments>& scenes,
                                                        const AppearanceOptions& options);

}  // namespace tagscape

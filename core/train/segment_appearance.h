#pragma once

#include "core/train/scene_segments.h"

#include <vector>

namespace tagscape {

struct AppearanceOptions {
  LookBelief belief{.least_share = .04, .weight = 1.5, .doubt = .1};
  int num_rounds = 4;
  double ridge = 1;    ///< Added to the variances of the looks, which are brought to 1 before.
  double prior = 0.5;  ///< How much the area counts that a class has in scenes that are tagged with it.
};

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

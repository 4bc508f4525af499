#pragma once

#include "core/base/random.h"
#include "core/synth/model.h"

#include <Eigen/Core>

#include <string_view>

namespace tagscape::synth {

/// The row of classCatalog() of a name. A name that is none is a std::logic_error.
[[nodiscard]] int classOf(std::string_view name);

[[nodiscard]] float between(Random& random, double low, double high);
[[nodiscard]] bool chance(Random& random, double probability);

/// A colour drawn from ranges of hue (turns), saturation and value (0 … 1).
struct Range {
  double low, high;
};
[[nodiscard]] Eigen::Vector3f drawColor(Random& random, Range hue, Range saturation, Range value);

/// The paints of large bodies, shared between all classes on purpose: by them alone no class can be told.
[[nodiscard]] Eigen::Vector3f wood(Random& random);
[[nodiscard]] Eigen::Vector3f white(Random& random);
[[nodiscard]] Eigen::Vector3f gray(Random& random);
[[nodiscard]] Eigen::Vector3f dark(Random& random);
[[nodiscard]] Material bodyPaint(Random& random);   ///< Any of them.
[[nodiscard]] Material whitePaint(Random& random);  ///< White with soft shades: ceramics, linen.

[[nodiscard]] Material plain(const Eigen::Vector3f& color);

/// The paint of a class's telling part: what a classifier can learn the class by. Each has a hue and a pattern of its
/// own; the table is in paint.cpp. Walls and floors have none (their own paints are returned nowhere).
/// A class without one is a std::logic_error.
[[nodiscard]] Material tellingPaint(std::string_view class_name, Random& random);

}  // namespace tagscape::synth

#pragma once

#include "core/base/random.h"
#include "core/synth/model.h"

#include <Eigen/Core>

#include <string_view>

namespace tagscape::synth {

/// The row of a class in classCatalog(); a std::logic_error for an unknown name.
[[nodiscard]] int classOf(std::string_view name);

[[nodiscard]] float between(Random& random, double low, double high);
[[nodiscard]] bool chance(Random& random, double probability);

/// A colour drawn from ranges of hue (turns), saturation and value (0 … 1).
struct Range {
  double low, high;
};
[[nodiscard]] Eigen::Vector3f drawColor(Random& random, Range hue, Range saturation, Range value);

/// The paints of large bodies, deliberately shared by all classes, so that none can be recognised by them.
[[nodiscard]] Eigen::Vector3f wood(Random& random);
[[nodiscard]] Eigen::Vector3f white(Random& random);
[[nodiscard]] Eigen::Vector3f gray(Random& random);
[[nodiscard]] Eigen::Vector3f dark(Random& random);
[[nodiscard]] Material bodyPaint(Random& random);   ///< Any of these.
[[nodiscard]] Material whitePaint(Random& random);  ///< White with soft shading: ceramics, linen.

[[nodiscard]] Material plain(const Eigen::Vector3f& color);

/// The paint of a class's distinctive part, by which a classifier can recognise the class: a hue and a pattern that no
/// other class has (see the table in paint.cpp). A std::logic_error for a class without one, as walls and floors.
[[nodiscard]] Material distinctivePaint(std::string_view class_name, Random& random);

}  // namespace tagscape::synth

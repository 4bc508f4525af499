#pragma once

#include "core/base/job.h"
#include "core/metrics/result_table.h"
#include "core/scene/scene.h"

#include <string>
#include <vector>

namespace tagscape {

/// How good labels of whole superpoints can be: every superpoint gets the class that most of its annotated points have.
struct SuperpointBound {
  std::string name;  ///< "threshold .01, 20 points at least"
  std::size_t num_superpoints = 0;
  Confusion points;  ///< 3D: all annotated points.
  Confusion pixels;  ///< 2D: the annotated pixels at which frames see points, by the depth test.
};

/// Of one or several scenes: by scale of the preset `scan`, then those of trainings on sets of rooms.
struct SuperpointReport {
  std::vector<SuperpointBound> bounds;
  std::size_t num_scenes = 0;
  std::vector<std::string> skipped;  ///< Scenes that could not be evaluated, and why.

  SuperpointReport& operator+=(const SuperpointReport& other);
  /// Two rows a scale, 3D and 2D where there is any truth.
  [[nodiscard]] std::vector<ResultRow> rows(const std::string& split) const;
};

/// Where points are not annotated, the annotated pixels that see them vote.
/// Errors: InvalidInput for a scene without labels of points and pixels; Cancelled.
[[nodiscard]] Result<SuperpointReport> superpointBounds(const SharedScene& scene, const Job& job);

}  // namespace tagscape

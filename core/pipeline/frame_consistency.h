#pragma once

#include "core/base/job.h"
#include "core/scene/scene.h"

#include <vector>

namespace tagscape {

/// A few depth maps of a scan, thinned out, as points in their cameras' own frames.
struct DepthSamples {
  struct Of {
    std::size_t index = 0;  ///< Of Scene::frames.
    DepthImage depth;
    std::vector<Eigen::Vector2i> pixels;  ///< Some with depth, on a regular grid.
  };
  std::vector<Of> frames;
};

/// At most `max_frames` frames with pose and readable depth, evenly over the scan; some 400 pixels each.
[[nodiscard]] DepthSamples sampleDepth(const Scene& scene, std::size_t max_frames, const Job& job);

/// Another reading of the same frames.
struct FrameHypothesis {
  std::vector<Pose> world_from_camera;  ///< One per frame of the samples.
  Intrinsics camera;                    ///< Of depth maps.
  double depth_factor = 1;              ///< On the depth as it was read.
};

/// How well depth maps agree with each other: each one's points, seen from every other frame.
struct FrameConsistency {
  std::size_t num_compared = 0;  ///< Points that fall on a pixel with depth.
  double fraction_close = 0;     ///< Within 4 % of the depth there.
  double fraction_in_front = 0;  ///< Nearer than that: the other frame looks through the point.
  /// fraction_close - fraction_in_front, 0 where fewer than one point in twenty meets another frame: points that are
  /// hidden lie behind and count for neither.
  double score = 0;
};

/// Cost: frames^2 times pixels, some 50,000 projections for a dozen frames.
[[nodiscard]] FrameConsistency compareFrames(const DepthSamples& samples, const FrameHypothesis& hypothesis);

}  // namespace tagscape

#pragma once

#include "core/scene/scene.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace tagscape::testing {

struct TinySceneOptions {
  std::string name = "tiny";
  int num_frames = 24;
  int width = 96;  ///< Of the colour images, px; height is three quarters, depth maps are half as large.
  int num_points = 6000;
  std::uint64_t seed = 1;  ///< Of the points and of the noise.
  bool scene_tags = true;
  bool frame_tags = true;
  std::set<int> broken_color{};  ///< Frame numbers whose colour image cannot be read.
  std::set<int> broken_depth{};
  std::set<int> lost_pose{};
};

/// A scene together with what it was made of.
struct TinyScene {
  SharedScene scene;
  std::vector<std::uint8_t> point_labels;         ///< By point, class indices.
  std::vector<Image<std::uint8_t>> frame_labels;  ///< By frame, class indices, kNoClass where no surface is seen.
};

/// A room of 4 x 3 m with walls, a floor, a bed, a cabinet, a table and a sofa: boxes of one texture each, ray-cast
/// exactly. World frame in metres, z up, the floor at z = 0, the room's corner at the origin. Frames are numbered
/// 0, 10, 20, … as in a subsampled scan, lie in memory, and look at one object, wall or piece of floor after the
/// other. A frame is tagged with the classes that cover at least 1.5 % of it.
[[nodiscard]] TinyScene makeTinySceneWithTruth(const TinySceneOptions& options = {});
[[nodiscard]] SharedScene makeTinyScene(const TinySceneOptions& options = {});

}  // namespace tagscape::testing

#include "core/pipeline/label_check.h"

#include "core/pipeline/reading_remedy.h"
#include "core/scene/class_catalog.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace tagscape {
namespace {

constexpr std::size_t kMaxFrames = 6;
constexpr int kStep_px = 4;
constexpr std::size_t kFewPoints = 200;

/// Heights of the sampled pixels of one class.
class Heights {
 public:
  void add(double height_m) { heights_m_.push_back(height_m); }

  /// From the 10th to the 90th percentile; nothing for too few points.
  std::optional<double> spread_m() {
    if (heights_m_.size() < kFewPoints) return std::nullopt;
    const auto tenth = static_cast<std::ptrdiff_t>(heights_m_.size() / 10);
    const auto low = heights_m_.begin() + tenth, high = heights_m_.end() - 1 - tenth;
    std::nth_element(heights_m_.begin(), low, heights_m_.end());
    const double lower = *low;
    std::nth_element(heights_m_.begin(), high, heights_m_.end());
    return *high - lower;
  }

 private:
  std::vector<double> heights_m_;
};

struct Sampled {
  Heights wall, floor;
};

/// @param up  unit vector.
void sample(const Scene& scene, std::size_t index, const Eigen::Vector3d& up, Sampled& sampled) {
  const auto labels = scene.pixels->labels(index);
  const auto depth = scene.pixels->depth(index);
  if (!labels || !depth) return;
  const Intrinsics& camera = scene.depth_intrinsics;
  const std::uint8_t wall = static_cast<std::uint8_t>(*classByName("wall"));
  const std::uint8_t floor = static_cast<std::uint8_t>(*classByName("floor"));
  for (int y = 0; y < depth->height; y += kStep_px) {
    for (int x = 0; x < depth->width; x += kStep_px) {
      const double z_m = static_cast<double>(depth->at(x, y));
      const std::uint8_t label = labels->at(x * labels->width / depth->width, y * labels->height / depth->height);
      if (z_m <= 0 || (label != wall && label != floor)) continue;
      const Eigen::Vector3d in_camera((x - camera.cx) / camera.fx * z_m, (y - camera.cy) / camera.fy * z_m, z_m);
      const Eigen::Vector3d in_world = *scene.frames[index].world_from_camera * in_camera;
      (label == wall ? sampled.wall : sampled.floor).add(up.dot(in_world));
    }
  }
}

Eigen::Vector3d upOf(const Scene& scene) {
  const std::string axis = upAxisOf(scene);
  if (axis.empty()) return Eigen::Vector3d::UnitZ();
  Eigen::Vector3d up = Eigen::Vector3d::Zero();
  up[axis.back() - 'x'] = axis.front() == '-' ? -1 : 1;
  return up;
}

}  // namespace

std::string findLabelProblem(const Scene& scene, const Job& job) {
  std::vector<std::size_t> usable;
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    const Frame& frame = scene.frames[i];
    if (frame.has_labels && frame.has_depth && frame.world_from_camera) usable.push_back(i);
  }
  if (usable.empty()) return "";
  Sampled sampled;
  const Eigen::Vector3d up = upOf(scene);
  const std::size_t step = (usable.size() + kMaxFrames - 1) / kMaxFrames;
  for (std::size_t k = 0; k < usable.size() && job.checkStop("Checking labels"); k += step)
    sample(scene, usable[k], up, sampled);
  // A floor spreads by the noise of depth and of poses, some centimetres; walls and furniture by half a metre and more.
  constexpr double kFlat_m = 0.15, kUpright_m = 0.5;
  const auto wall_m = sampled.wall.spread_m();
  const auto floor_m = sampled.floor.spread_m();
  if (wall_m && *wall_m < kFlat_m && !(floor_m && *floor_m < kFlat_m))
    return "pixels labelled wall lie flat like a floor, so the label images seem to hold train ids; add --label-ids "
           "train";
  if (floor_m && *floor_m > kUpright_m && wall_m && *wall_m > kUpright_m)
    return "pixels labelled floor stand upright like walls, so the label images seem to hold NYU40 ids; add "
           "--label-ids "
           "nyu40";
  return "";
}

}  // namespace tagscape

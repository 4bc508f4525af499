#include "tests/support/tiny_scene.h"

#include "core/base/random.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace tagscape::testing {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr double kMinTagShare = 0.015;
constexpr int kFrameStep = 10;
const Eigen::Vector3f kRoom_m(4.0F, 3.0F, 2.4F);

/// A box with a checkered texture of two colours.
struct Box {
  int label = 0;
  Eigen::Vector3f low, high;
  Eigen::Vector3f first_color, second_color;  ///< 0 … 1.
  float check_m = 0.1F;
};

struct Hit {
  float distance = kInfinity;  ///< In units of the ray's direction.
  int label = kNoClass;
  Eigen::Vector3f color = Eigen::Vector3f::Zero();
};

const std::vector<Box>& boxes() {
  const auto label = [](const char* name) { return *classByName(name); };
  static const std::vector<Box> all{
      {label("bed"), {0.0F, 1.6F, 0.0F}, {1.3F, 3.0F, 0.5F}, {.15F, .3F, .75F}, {.35F, .5F, .9F}, 0.25F},
      {label("cabinet"), {3.5F, 0.4F, 0.0F}, {4.0F, 1.4F, 1.3F}, {.5F, .3F, .1F}, {.4F, .22F, .06F}, 0.3F},
      {label("table"), {1.8F, 2.2F, 0.0F}, {2.9F, 3.0F, 0.75F}, {.9F, .75F, .2F}, {.8F, .6F, .1F}, 0.12F},
      {label("sofa"), {0.3F, 0.0F, 0.0F}, {1.9F, 0.8F, 0.45F}, {.75F, .12F, .15F}, {.55F, .05F, .1F}, 0.15F},
  };
  return all;
}

Eigen::Vector3f checkered(const Eigen::Vector3f& at,
                          float edge_m,
                          const Eigen::Vector3f& one,
                          const Eigen::Vector3f& two) {
  // A shift keeps faces at round coordinates from flickering between two checks.
  const Eigen::Array3i check = ((at.array() + 0.013F) / edge_m).floor().cast<int>();
  return (check.sum() & 1) != 0 ? one : two;
}

/// Colour and class of the room's own surface: which one follows from where the point is.
Hit roomSurface(const Eigen::Vector3f& at, float distance) {
  if (at.z() < 1e-3F) {
    return {distance, *classByName("floor"), checkered(at, .4F, {.35F, .33F, .3F}, {.28F, .26F, .24F})};
  }
  return {distance, *classByName("wall"), checkered(at, .8F, {.85F, .86F, .82F}, {.8F, .82F, .78F})};
}

Hit castAtBox(const Box& box, const Eigen::Vector3f& origin, const Eigen::Vector3f& direction) {
  float enter = 0;
  float leave = kInfinity;
  for (int axis = 0; axis < 3; ++axis) {
    const float a = (box.low[axis] - origin[axis]) / direction[axis];
    const float b = (box.high[axis] - origin[axis]) / direction[axis];
    enter = std::max(enter, std::min(a, b));
    leave = std::min(leave, std::max(a, b));
  }
  if (enter >= leave || enter <= 0) return {};
  return {enter, box.label, checkered(origin + enter * direction, box.check_m, box.first_color, box.second_color)};
}

Hit cast(const Eigen::Vector3f& origin, Eigen::Vector3f direction) {
  for (int axis = 0; axis < 3; ++axis) {
    if (std::abs(direction[axis]) < 1e-7F) direction[axis] = 1e-7F;
  }
  float exit = kInfinity;
  for (int axis = 0; axis < 3; ++axis) {
    const float wall = direction[axis] > 0 ? kRoom_m[axis] : 0.F;
    exit = std::min(exit, (wall - origin[axis]) / direction[axis]);
  }
  const Eigen::Vector3f at = origin + exit * direction;
  Hit nearest = at.z() > kRoom_m.z() - 1e-3F ? Hit{} : roomSurface(at, exit);  // There is no ceiling.
  for (const Box& box : boxes()) {
    const Hit hit = castAtBox(box, origin, direction);
    if (hit.distance < nearest.distance) nearest = hit;
  }
  return nearest;
}

std::uint8_t toByte(float value) { return static_cast<std::uint8_t>(std::lround(255 * std::clamp(value, 0.F, 1.F))); }

class MemoryFrames : public FrameSource {
 public:
  std::vector<RgbImage> colors;
  std::vector<DepthImage> depths;
  std::vector<int> numbers;
  TinySceneOptions options;

  Result<RgbImage> color(std::size_t index) const override {
    if (options.broken_color.contains(numbers.at(index))) return broken("color", index);
    return colors.at(index);
  }
  Result<DepthImage> depth(std::size_t index) const override {
    if (options.broken_depth.contains(numbers.at(index))) return broken("depth", index);
    return depths.at(index);
  }

 private:
  tl::unexpected<Error> broken(const char* kind, std::size_t index) const {
    return failFile(ErrorCode::InvalidInput,
                    std::string(kind) + "/" + std::to_string(numbers[index]),
                    "the image is cut",
                    "Copy it again.");
  }
};

/// From the middle of the room towards one place after the other, from farther and nearer. Some frames show only the
/// floor, some no floor: classes that are in every frame cannot be learnt from tags.
Pose poseOf(int index) {
  const std::array<Eigen::Vector3d, 8> targets{Eigen::Vector3d{.6, 2.4, .4},
                                               {3.8, .9, .7},
                                               {2.2, 1.5, 0},
                                               {2.4, 2.7, .6},
                                               {1.1, .3, .3},
                                               {3.9, 2.2, 1.9},
                                               {2.8, 1.3, 0},
                                               {.1, 1.2, 1.8}};
  const std::array<double, 3> closeness{0, .45, .25};
  const Eigen::Vector3d target = targets[static_cast<std::size_t>(index) % targets.size()];
  const double angle = 0.7 * index;
  const Eigen::Vector3d middle(2.1 + .5 * std::cos(angle), 1.4 + .35 * std::sin(angle), 1.5 + .1 * std::cos(2 * angle));
  const Eigen::Vector3d eye = middle + closeness[static_cast<std::size_t>(index) % closeness.size()] *
                                           Eigen::Vector3d(target.x() - middle.x(), target.y() - middle.y(), 0);
  const Eigen::Vector3d forward = (target - eye).normalized();
  const Eigen::Vector3d right = forward.cross(Eigen::Vector3d::UnitZ()).normalized();
  Pose world_from_camera = Pose::Identity();
  world_from_camera.linear() << right, forward.cross(right), forward;
  world_from_camera.translation() = eye;
  return world_from_camera;
}

Hit castPixel(const Intrinsics& camera, const Pose& world_from_camera, int x, int y) {
  const Eigen::Vector3d in_camera((x - camera.cx) / camera.fx, (y - camera.cy) / camera.fy, 1);
  const Eigen::Vector3d direction = world_from_camera.linear() * in_camera;
  return cast(world_from_camera.translation().cast<float>(), direction.cast<float>());
}

TagSet tagsOf(const Image<std::uint8_t>& labels) {
  std::array<int, kNumClasses> counts{};
  for (const std::uint8_t label : labels.pixels) {
    if (label < kNumClasses) ++counts[label];
  }
  TagSet tags;
  for (std::size_t c = 0; c < kNumClasses; ++c) {
    tags[c] = counts[c] >= kMinTagShare * static_cast<double>(labels.pixels.size());
  }
  return tags;
}

void renderFrame(
    const Scene& scene, const Pose& pose, Random& random, MemoryFrames& source, Image<std::uint8_t>& labels) {
  constexpr float kNoise = 0.02F;
  const Intrinsics& camera = scene.color_intrinsics;
  RgbImage color(camera.width, camera.height, 3);
  for (int y = 0; y < camera.height; ++y) {
    for (int x = 0; x < camera.width; ++x) {
      const Hit hit = castPixel(camera, pose, x, y);
      labels.at(x, y) = static_cast<std::uint8_t>(hit.label);
      for (int c = 0; c < 3; ++c) {
        color.at(x, y, c) = toByte(hit.color[c] + kNoise * static_cast<float>(random.normal()));
      }
    }
  }
  DepthImage depth(scene.depth_intrinsics.width, scene.depth_intrinsics.height, 1);
  for (int y = 0; y < depth.height; ++y) {
    for (int x = 0; x < depth.width; ++x) {
      // The direction has 1 along the viewing axis, so its length factor is the depth.
      const Hit hit = castPixel(scene.depth_intrinsics, pose, x, y);
      depth.at(x, y) = std::isfinite(hit.distance) ? hit.distance : 0.F;
    }
  }
  source.colors.push_back(std::move(color));
  source.depths.push_back(std::move(depth));
}

/// Points on visible surfaces: cast from the middle of the room in all directions, at a density that is about even.
void addPoints(Scene& scene, std::vector<std::uint8_t>& labels, int num_points, Random& random) {
  PointCloud& cloud = scene.mesh.vertices;
  while (cloud.size() < static_cast<std::size_t>(num_points)) {
    // Rays straight down from a random place hit tops and floor, level ones hit sides and walls.
    const Eigen::Vector3f from(static_cast<float>(random.uniform(.02, kRoom_m.x() - .02)),
                               static_cast<float>(random.uniform(.02, kRoom_m.y() - .02)),
                               static_cast<float>(random.uniform(.02, kRoom_m.z() - .02)));
    const bool inside_a_box = std::any_of(boxes().begin(), boxes().end(), [&](const Box& box) {
      return (from.array() > box.low.array()).all() && (from.array() < box.high.array()).all();
    });
    if (inside_a_box) continue;
    Eigen::Vector3f direction = -Eigen::Vector3f::UnitZ();
    if (random.uniform() < .6) {
      const double angle = random.uniform(0, 2 * std::numbers::pi);
      direction = {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle)), 0};
    }
    const Hit hit = cast(from, direction);
    cloud.positions_m.emplace_back(from + hit.distance * direction);
    cloud.colors.push_back({toByte(hit.color.x()), toByte(hit.color.y()), toByte(hit.color.z())});
    labels.push_back(static_cast<std::uint8_t>(hit.label));
  }
}

}  // namespace

TinyScene makeTinySceneWithTruth(const TinySceneOptions& options) {
  auto scene = std::make_shared<Scene>();
  auto source = std::make_shared<MemoryFrames>();
  source->options = options;
  scene->name = options.name;
  scene->path = "/synthetic/" + options.name;
  const int height = options.width * 3 / 4;
  const double focal_px = 0.65 * options.width;  // About 75 degrees across.
  scene->color_intrinsics = {focal_px, focal_px, (options.width - 1) / 2.0, (height - 1) / 2.0, options.width, height};
  scene->depth_intrinsics = scene->color_intrinsics.resizedTo(options.width / 2, height / 2);

  TinyScene tiny;
  const Random root(options.seed);
  Random points_random = root.fork("points");
  Random noise = root.fork("noise");
  addPoints(*scene, tiny.point_labels, options.num_points, points_random);
  TagSet all_tags;
  for (int i = 0; i < options.num_frames; ++i) {
    const int number = i * kFrameStep;
    const Pose pose = poseOf(i);
    Image<std::uint8_t> labels(options.width, height, 1, kNoClass);
    renderFrame(*scene, pose, noise, *source, labels);
    Frame frame{number, pose, true, true, std::nullopt};
    if (options.lost_pose.contains(number)) frame.world_from_camera.reset();
    if (options.frame_tags) frame.tags = tagsOf(labels);
    all_tags |= tagsOf(labels);
    scene->frames.push_back(std::move(frame));
    source->numbers.push_back(number);
    tiny.frame_labels.push_back(std::move(labels));
  }
  if (options.scene_tags) scene->tags = all_tags;
  scene->pixels = std::move(source);
  tiny.scene = std::move(scene);
  return tiny;
}

SharedScene makeTinyScene(const TinySceneOptions& options) { return makeTinySceneWithTruth(options).scene; }

}  // namespace tagscape::testing

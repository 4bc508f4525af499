#include "core/synth/scan.h"

#include "core/scene/class_catalog.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>

namespace tagscape::synth {
namespace {

using Eigen::Vector3d;
using Eigen::Vector3f;

constexpr int kFramesPerRound = 24;
constexpr int kTriesPerView = 24;
/// Focal length over image width for a view of 64 degrees.
constexpr double kFocalPerWidth = 0.8;

/// About normal, deviation 1: the sum of four uniform numbers, because log() may differ between C libraries.
double roughlyNormal(Random& random) {
  const double sum = random.uniform() + random.uniform() + random.uniform() + random.uniform();
  return (sum - 2) * std::sqrt(3.0);
}

/// Camera at `eye` looking at `target`: x right, y down, z forward, turned a little around z.
Pose lookAt(const Vector3d& eye, const Vector3d& target, double roll) {
  const Vector3d forward = (target - eye).normalized();
  const Vector3d right = (forward.cross(Vector3d::UnitZ()) + roll * Vector3d::UnitZ()).normalized();
  const Vector3d straight = (right - right.dot(forward) * forward).normalized();
  Pose pose = Pose::Identity();
  pose.linear().col(0) = straight;
  pose.linear().col(1) = forward.cross(straight);
  pose.linear().col(2) = forward;
  pose.translation() = eye;
  return pose;
}

/// Rays of a coarse grid decide whether a view shows something, and from a distance.
bool isGoodView(const RayCaster& caster, const Pose& pose) {
  constexpr int kColumns = 12;
  constexpr int kRows = 9;
  constexpr float kTooNear_m = .45F;
  int num_near = 0;
  int num_missed = 0;
  const Eigen::Matrix3f turn = pose.linear().cast<float>();
  const Vector3f eye = pose.translation().cast<float>();
  for (int y = 0; y < kRows; ++y) {
    for (int x = 0; x < kColumns; ++x) {
      const Vector3f ray((static_cast<float>(x) - 5.5F) / 9.6F, (static_cast<float>(y) - 4.F) / 9.6F, 1);
      const auto hit = caster.firstHit(eye, turn * ray);
      num_missed += hit ? 0 : 1;
      num_near += hit && hit->distance < kTooNear_m ? 1 : 0;
    }
  }
  return num_near < kColumns * kRows / 20 && num_missed < kColumns * kRows / 8;
}

/// The points of interest in the order in which someone meets them who turns around once.
std::vector<Vector3d> focusInTurn(const Room& room) {
  std::vector<Vector3d> focus;
  for (const auto& point : room.focus_m) focus.push_back(point.cast<double>());
  std::ranges::sort(focus, {}, [](const Vector3d& p) { return std::atan2(p.y(), p.x()); });
  return focus;
}

/// Between two neighbours of the ring of points, at `turn` rounds.
Vector3d alongRing(const std::vector<Vector3d>& ring, double turn) {
  const double at = (turn - std::floor(turn)) * static_cast<double>(ring.size());
  const auto before = std::min(static_cast<std::size_t>(at), ring.size() - 1);
  const double share = at - static_cast<double>(before);
  return (1 - share) * ring[before] + share * ring[(before + 1) % ring.size()];
}

/// How someone looks at a thing. Not always the whole of it: tags teach nothing about walls and floors when every
/// picture shows both.
struct Framing {
  double distance_m, target_z_m, eye_z_m;
};
Framing drawFraming(const Vector3d& focus, Random& random) {
  const double kind = random.uniform();
  const double middle = std::clamp(focus.z(), .3, 1.1);
  const double whole = std::clamp(focus.head<2>().norm() + .9, 1.7, 3.0);
  if (kind < .2)
    return {random.uniform(.75, .95), random.uniform(0, .2), random.uniform(1.6, 1.75)};  // down at the floor
  if (kind < .4) return {random.uniform(1.3, 1.6), random.uniform(1.4, 1.55), random.uniform(1.45, 1.65)};  // at a wall
  return {whole, middle, random.uniform(1.35, 1.65)};
}

Pose drawView(const Room& room, const Vector3d& focus, double wobble, Random& random) {
  const Framing framing = drawFraming(focus, random);
  const Vector3d target(focus.x(), focus.y(), framing.target_z_m + .06 * roughlyNormal(random));
  const Vector3d flat(focus.x(), focus.y(), 0);
  const Vector3d away = flat.norm() > .2 ? Vector3d(flat.normalized()) : Vector3d::UnitX();
  Vector3d eye = target - framing.distance_m * away;
  eye.x() += wobble * roughlyNormal(random);
  eye.y() += wobble * roughlyNormal(random);
  eye.z() = framing.eye_z_m;
  constexpr double kFromWall_m = .35;
  for (int axis = 0; axis < 2; ++axis) {
    const double reach = room.size_m[axis] / 2 - kFromWall_m;
    eye[axis] = std::clamp(eye[axis], -reach, reach);
  }
  return lookAt(eye, target, .04 * roughlyNormal(random));
}

struct Surface {
  Vector3f color;  ///< As lit, 0 … 1.
  float depth_m = 0;
  float slant = 0;  ///< Cosine between the ray and the surface's normal.
  std::uint16_t nyu40 = 0;
};

std::optional<Surface> surfaceAlong(const Room& room,
                                    const RayCaster& caster,
                                    const Vector3f& eye,
                                    const Vector3f& ray) {
  const auto hit = caster.firstHit(eye, ray);
  if (!hit) return std::nullopt;
  const Model& model = room.model;
  const Face& face = model.faces[hit->face];
  const auto& [a, b, c] = face.corners;
  const Vector3f& corner = model.positions_m[a];
  Vector3f normal = (model.positions_m[b] - corner).cross(model.positions_m[c] - corner);
  normal /= std::sqrt(normal.squaredNorm());
  if (normal.dot(ray) > 0) normal = -normal;
  const Vector3f texture_m = model.texture_m[a] + hit->second_weight * (model.texture_m[b] - model.texture_m[a]) +
                             hit->third_weight * (model.texture_m[c] - model.texture_m[a]);
  const float light = .6F + .4F * std::max(0.F, normal.dot(room.towards_light)) + .05F * normal.z();
  Surface surface;
  surface.color = light * colorAt(model.materials[face.material], texture_m, face.texture_axis);
  surface.depth_m = hit->distance;  // the ray's z in the camera is 1
  surface.slant = -normal.dot(ray) / std::sqrt(ray.squaredNorm());
  surface.nyu40 = classCatalog()[face.class_index].nyu40_id;
  return surface;
}

std::uint8_t toByte(double value) { return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 1.0) * 255)); }

/// Structured light does not come back from edges, slanted surfaces and far away.
bool givesDepth(const Surface& surface, const SensorOptions& sensor, Random& random) {
  constexpr float kGrazing = .12F;
  constexpr double kLostAnyway = .002;
  return random.uniform() >= kLostAnyway && surface.slant > kGrazing && surface.depth_m < sensor.max_depth_m;
}

void cutEdges(RawDepthImage& depth_mm, Random& random) {
  constexpr int kStep_mm = 150;
  const RawDepthImage whole = depth_mm;
  for (int y = 0; y < whole.height; ++y) {
    for (int x = 0; x + 1 < whole.width; ++x) {
      if (std::abs(whole.at(x, y) - whole.at(x + 1, y)) < kStep_mm) continue;
      if (random.uniform() < .6) depth_mm.at(x, y) = 0;
      if (random.uniform() < .6) depth_mm.at(x + 1, y) = 0;
    }
  }
}

void cutHoles(RawDepthImage& depth_mm, Random& random) {
  const auto num_holes = random.below(5);
  for (std::uint64_t i = 0; i < num_holes; ++i) {
    const auto middle_x = static_cast<int>(random.below(static_cast<std::uint64_t>(depth_mm.width)));
    const auto middle_y = static_cast<int>(random.below(static_cast<std::uint64_t>(depth_mm.height)));
    const int radius = 2 + static_cast<int>(random.below(5));
    for (int y = std::max(0, middle_y - radius); y <= std::min(depth_mm.height - 1, middle_y + radius); ++y) {
      for (int x = std::max(0, middle_x - radius); x <= std::min(depth_mm.width - 1, middle_x + radius); ++x) {
        const int dx = x - middle_x;
        const int dy = y - middle_y;
        if (dx * dx + dy * dy <= radius * radius) depth_mm.at(x, y) = 0;
      }
    }
  }
}

}  // namespace

Intrinsics scannerIntrinsics(int width_px, int height_px) {
  const double focal = kFocalPerWidth * width_px;
  return {focal, focal, (width_px - 1) / 2.0, (height_px - 1) / 2.0, width_px, height_px};
}

std::vector<Pose> planScan(const Room& room, const RayCaster& caster, int num_frames, const Random& random) {
  const auto ring = focusInTurn(room);
  const int rounds = std::max(1, (num_frames + kFramesPerRound / 2) / kFramesPerRound);
  std::vector<Pose> poses;
  for (int i = 0; i < num_frames; ++i) {
    Random own = random.fork("view " + std::to_string(i));
    const Vector3d focus = alongRing(ring, static_cast<double>(i) * rounds / num_frames);
    Pose pose = drawView(room, focus, .1, own);
    for (int attempt = 1; attempt < kTriesPerView && !isGoodView(caster, pose); ++attempt) {
      pose = drawView(room, focus, .1 + .06 * attempt, own);
    }
    poses.push_back(pose);
  }
  return poses;
}

RenderedFrame renderFrame(const Room& room,
                          const RayCaster& caster,
                          const Intrinsics& intrinsics,
                          const Pose& world_from_camera,
                          const SensorOptions& sensor,
                          Random random) {
  const int width = intrinsics.width;
  const int height = intrinsics.height;
  RenderedFrame frame{RgbImage(width, height, 3, 90), RawDepthImage(width, height, 1), RawDepthImage(width, height, 1)};
  const double exposure = random.uniform(.88, 1.1);
  std::array<double, 3> gain{};
  for (double& channel : gain) channel = exposure * (1 + .02 * roughlyNormal(random));
  const Eigen::Matrix3f turn = world_from_camera.linear().cast<float>();
  const Vector3f eye = world_from_camera.translation().cast<float>();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const Vector3f ray(static_cast<float>((x - intrinsics.cx) / intrinsics.fx),
                         static_cast<float>((y - intrinsics.cy) / intrinsics.fy),
                         1);
      const auto surface = surfaceAlong(room, caster, eye, turn * ray);
      if (!surface) continue;
      frame.nyu40.at(x, y) = surface->nyu40;
      for (int k = 0; k < 3; ++k) {
        const double lit = surface->color[k] * gain[static_cast<std::size_t>(k)];
        frame.color.at(x, y, k) = toByte(lit + sensor.color_noise * roughlyNormal(random));
      }
      if (!givesDepth(*surface, sensor, random)) continue;
      const double spread_m = sensor.depth_noise_m * surface->depth_m * surface->depth_m / 4;
      const double depth_m = surface->depth_m + spread_m * roughlyNormal(random);
      frame.depth_mm.at(x, y) = static_cast<std::uint16_t>(std::clamp(std::lround(depth_m * 1000), 0L, 65535L));
    }
  }
  cutEdges(frame.depth_mm, random);
  cutHoles(frame.depth_mm, random);
  return frame;
}

}  // namespace tagscape::synth

#include "core/synth/camera_path.h"

#include "core/synth/noise.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace tagscape::synth {
namespace {

using Eigen::Vector3d;
using Eigen::Vector3f;

constexpr int kViewpointsPerRound = 24;
constexpr int kMaxViewpoints = 36;
constexpr int kTriesPerLook = 24;
/// Focal length over image width for a view of 64 degrees.
constexpr double kFocalPerWidth = 0.8;

/// Camera at `eye` looking along `direction`: x right, y down, z forward, turned a little around z.
Pose lookAlong(const Vector3d& eye, const Vector3d& direction, double roll) {
  const Vector3d forward = direction / std::sqrt(direction.squaredNorm());
  const Vector3d right = forward.cross(Vector3d::UnitZ()) + roll * Vector3d::UnitZ();
  const Vector3d straight = right - right.dot(forward) * forward;
  Pose pose = Pose::Identity();
  pose.linear().col(0) = straight / std::sqrt(straight.squaredNorm());
  pose.linear().col(1) = forward.cross(Vector3d(pose.linear().col(0)));
  pose.linear().col(2) = forward;
  pose.translation() = eye;
  return pose;
}

/// Rays of a coarse grid check that a view shows surfaces, at a distance.
bool isGoodView(const RayCaster& caster, const Pose& pose) {
  constexpr int kColumns = 12;
  constexpr int kRows = 9;
  constexpr float kTooNear_m = .45F;
  constexpr float kNear_m = .7F;
  int num_too_near = 0;
  int num_near = 0;
  int num_missed = 0;
  const Eigen::Matrix3f turn = pose.linear().cast<float>();
  const Vector3f eye = pose.translation().cast<float>();
  for (int y = 0; y < kRows; ++y) {
    for (int x = 0; x < kColumns; ++x) {
      const Vector3f ray((static_cast<float>(x) - 5.5F) / 9.6F, (static_cast<float>(y) - 4.F) / 9.6F, 1);
      const auto hit = caster.firstHit(eye, turn * ray);
      num_missed += hit ? 0 : 1;
      num_too_near += hit && hit->distance < kTooNear_m ? 1 : 0;
      num_near += hit && hit->distance < kNear_m ? 1 : 0;
    }
  }
  constexpr int kNumRays = kColumns * kRows;
  return num_too_near < kNumRays / 20 && num_near < kNumRays / 3 && num_missed < kNumRays / 8;
}

/// Grows with the angle of (x, y) like atan2, from -2 to 2, in exact arithmetic.
double angleOrder(const Vector3d& p) {
  const double length = std::abs(p.x()) + std::abs(p.y());
  const double along = length > 0 ? p.x() / length : 1;
  return p.y() < 0 ? along - 1 : 1 - along;
}

/// The points of interest in the order of their direction from the centre.
std::vector<Vector3d> focusInTurn(const Room& room) {
  std::vector<Vector3d> focus;
  for (const auto& point : room.focus_m) focus.push_back(point.cast<double>());
  std::ranges::stable_sort(focus, {}, angleOrder);
  return focus;
}

/// A point between two neighbours in the ring, after `turn` rounds; mostly close to one of them.
Vector3d alongRing(const std::vector<Vector3d>& ring, double turn, Random& random) {
  const double at = (turn - std::floor(turn)) * static_cast<double>(ring.size());
  const auto before = std::min(static_cast<std::size_t>(at), ring.size() - 1);
  double fraction = at - static_cast<double>(before);
  if (random.uniform() < .6) fraction = fraction < .5 ? .15 * fraction : 1 - .15 * (1 - fraction);
  return (1 - fraction) * ring[before] + fraction * ring[(before + 1) % ring.size()];
}

/// How an object is framed; not always as a whole, since tags cannot locate walls and floors if every
/// picture shows both.
struct Framing {
  double distance_m, target_z_m, eye_z_m;
  double outwards = 1;  ///< Of the way from the room's centre to the object: the point looked at.
};
Framing drawFraming(const Vector3d& focus, Random& random) {
  const double kind = random.uniform();
  const double middle = std::clamp(focus.z(), .3, 1.3);
  const double whole = std::clamp(std::sqrt(focus.head<2>().squaredNorm()) + .9, 1.6, 3.0);
  if (kind < .2)  // down at the floor before it
    return {random.uniform(.4, .75), random.uniform(0, .15), random.uniform(1.5, 1.75), random.uniform(.3, .8)};
  if (kind < .38) return {random.uniform(1.2, 1.6), random.uniform(1.4, 1.55), random.uniform(1.4, 1.65)};  // at a wall
  return {whole * random.uniform(.7, 1), middle, random.uniform(1.3, 1.65)};
}

Pose drawLook(const Room& room, const Vector3d& focus, double wobble, Random& random) {
  const Framing framing = drawFraming(focus, random);
  const Vector3d target(
      framing.outwards * focus.x(), framing.outwards * focus.y(), framing.target_z_m + .06 * roughlyNormal(random));
  const double flat = std::sqrt(focus.head<2>().squaredNorm());
  const Vector3d away = flat > .2 ? Vector3d(focus.x() / flat, focus.y() / flat, 0) : Vector3d::UnitX();
  Vector3d eye = target - framing.distance_m * away;
  eye.x() += wobble * roughlyNormal(random);
  eye.y() += wobble * roughlyNormal(random);
  eye.z() = framing.eye_z_m;
  constexpr double kFromWall_m = .3;
  for (int axis = 0; axis < 2; ++axis) {
    const double reach = room.size_m[axis] / 2 - kFromWall_m;
    eye[axis] = std::clamp(eye[axis], -reach, reach);
  }
  return lookAlong(eye, target - eye, .04 * roughlyNormal(random));
}

/// Interpolates between two viewpoints with smooth start and end. `fraction` 0 … 1.
Pose between(const Pose& from, const Pose& to, double fraction) {
  const double s = fraction * fraction * (3 - 2 * fraction);
  const Vector3d eye = (1 - s) * from.translation() + s * to.translation();
  const Vector3d forward = (1 - s) * from.linear().col(2) + s * to.linear().col(2);
  const double roll = (1 - s) * from.linear()(2, 0) + s * to.linear()(2, 0);
  // Opposite directions have no intermediate one; the camera then turns at once.
  if (forward.squaredNorm() < .05) return s < .5 ? from : to;
  return lookAlong(eye, forward, roll);
}

}  // namespace

Intrinsics scannerIntrinsics(int width_px, int height_px) {
  const double focal = kFocalPerWidth * width_px;
  return {focal, focal, (width_px - 1) / 2.0, (height_px - 1) / 2.0, width_px, height_px};
}

std::vector<Pose> planScan(const Room& room, const RayCaster& caster, int num_frames, const Random& random) {
  const auto ring = focusInTurn(room);
  const int num_viewpoints = std::min(num_frames, kMaxViewpoints);
  const int rounds = std::max(1, (num_viewpoints + kViewpointsPerRound / 2) / kViewpointsPerRound);
  std::vector<Pose> viewpoints;
  for (int i = 0; i < num_viewpoints; ++i) {
    Random own = random.fork("view " + std::to_string(i));
    const Vector3d focus = alongRing(ring, static_cast<double>(i) * rounds / num_viewpoints, own);
    Pose pose = drawLook(room, focus, .1, own);
    for (int attempt = 1; attempt < kTriesPerLook && !isGoodView(caster, pose); ++attempt) {
      pose = drawLook(room, focus, .1 + .06 * attempt, own);
    }
    viewpoints.push_back(pose);
  }
  if (num_frames == num_viewpoints) return viewpoints;
  std::vector<Pose> poses;
  for (int i = 0; i < num_frames; ++i) {
    const double at = static_cast<double>(i) * (num_viewpoints - 1) / (num_frames - 1);
    const auto before = std::min(static_cast<std::size_t>(at), viewpoints.size() - 2);
    const double fraction = at - static_cast<double>(before);
    const Pose way = between(viewpoints[before], viewpoints[before + 1], fraction);
    poses.push_back(isGoodView(caster, way) ? way : fraction < .5 ? viewpoints[before] : viewpoints[before + 1]);
  }
  return poses;
}

}  // namespace tagscape::synth

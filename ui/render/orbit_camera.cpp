#include "ui/render/orbit_camera.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tagscape {
namespace {

constexpr float kTurnPerPixel_rad = 0.007F;
constexpr float kHighestElevation_rad = 1.55F;  // Of rotation: at the pole the azimuth is undefined.
constexpr float kMinDistance_m = 0.02F;
constexpr float kMaxDistance_m = 5000;

/// Bounds robust against outliers: the 1st and 99th percentile of a sample.
Eigen::AlignedBox3f robustBounds(const std::vector<Eigen::Vector3f>& points) {
  Eigen::AlignedBox3f bounds;
  constexpr std::size_t kSample = 20'000;
  const std::size_t stride = std::max<std::size_t>(1, points.size() / kSample);
  std::vector<float> values;
  Eigen::Vector3f low = Eigen::Vector3f::Zero(), high = Eigen::Vector3f::Zero();
  for (int axis = 0; axis < 3; ++axis) {
    values.clear();
    for (std::size_t i = 0; i < points.size(); i += stride) {
      if (points[i].allFinite()) values.push_back(points[i][axis]);
    }
    if (values.empty()) return bounds;
    std::sort(values.begin(), values.end());
    low[axis] = values[values.size() / 100];
    high[axis] = values[values.size() - 1 - values.size() / 100];
  }
  bounds.extend(low);
  bounds.extend(high);
  return bounds;
}

/// The mean viewing direction of the frames, if they have one.
std::optional<Eigen::Vector3f> meanViewingDirection(const std::vector<Frame>& frames) {
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  int count = 0;
  for (const Frame& frame : frames) {
    if (!frame.world_from_camera) continue;
    sum += frame.world_from_camera->linear().col(2);
    ++count;
  }
  if (count == 0) return std::nullopt;
  const Eigen::Vector3f mean = (sum / count).cast<float>();
  constexpr float kAgreement = 0.25F;
  if (mean.head<2>().norm() < kAgreement) return std::nullopt;
  return mean;
}

}  // namespace

const char* nameOf(StandardView view) {
  static constexpr const char* kNames[kNumStandardViews]{"top", "front", "side", "iso"};
  return kNames[static_cast<std::size_t>(view)];
}

Eigen::Vector3f OrbitCamera::backward() const {
  return {std::cos(elevation_rad_) * std::cos(azimuth_rad_),
          std::cos(elevation_rad_) * std::sin(azimuth_rad_),
          std::sin(elevation_rad_)};
}

Eigen::Vector3f OrbitCamera::level() const { return {-std::sin(azimuth_rad_), std::cos(azimuth_rad_), 0}; }

Eigen::Vector3f OrbitCamera::right() const {
  return std::cos(roll_rad_) * level() + std::sin(roll_rad_) * backward().cross(level());
}

Eigen::Vector3f OrbitCamera::eyeInWorld() const { return target_in_world_ + distance_m_ * backward(); }

void OrbitCamera::orbit(float dx_px, float dy_px) {
  azimuth_rad_ = std::remainder(azimuth_rad_ - dx_px * kTurnPerPixel_rad, 2 * std::numbers::pi_v<float>);
  elevation_rad_ =
      std::clamp(elevation_rad_ + dy_px * kTurnPerPixel_rad, -kHighestElevation_rad, kHighestElevation_rad);
  roll_rad_ *= 0.85F;  // Removes the roll over a few steps, without a jump.
}

void OrbitCamera::lookAround(float dx_px, float dy_px) {
  const Eigen::Vector3f eye = eyeInWorld();
  constexpr float kSlower = 0.5F;  // The whole scene moves, not only a point in its centre.
  orbit(dx_px * kSlower, dy_px * kSlower);
  target_in_world_ = eye - distance_m_ * backward();
}

void OrbitCamera::fly(const Eigen::Vector3f& step_m) {
  target_in_world_ += step_m.x() * right() + step_m.y() * Eigen::Vector3f::UnitZ() - step_m.z() * backward();
}

void OrbitCamera::pan(float dx_px, float dy_px, ViewSize view) {
  const float metres_per_px = distance_m_ / focalLength_px(view);
  const Eigen::Vector3f up = backward().cross(right());
  target_in_world_ += (-dx_px * right() + dy_px * up) * metres_per_px;
}

void OrbitCamera::zoomAbout(const Eigen::Vector3f& anchor_in_world, float factor) {
  const float distance_m = std::clamp(distance_m_ * factor, kMinDistance_m, kMaxDistance_m);
  const float applied = distance_m / distance_m_;
  target_in_world_ = anchor_in_world + (target_in_world_ - anchor_in_world) * applied;
  distance_m_ = distance_m;
}

void OrbitCamera::frameScene(const Scene& scene) {
  const Eigen::AlignedBox3f bounds = robustBounds(scene.points().positions_m);
  if (bounds.isEmpty()) return;
  elevation_rad_ = 0.55F;
  if (const auto direction = meanViewingDirection(scene.frames)) {
    azimuth_rad_ = std::atan2(-direction->y(), -direction->x());
  }
  fit(bounds);
}

void OrbitCamera::setStandardView(StandardView view, const Scene& scene) {
  constexpr float kQuarter = std::numbers::pi_v<float> / 2;
  constexpr float kIsometricElevation_rad = 0.6154797F;  // atan(1 / sqrt 2)
  elevation_rad_ =
      view == StandardView::Top ? kQuarter : (view == StandardView::Isometric ? kIsometricElevation_rad : 0.F);
  azimuth_rad_ = view == StandardView::Side ? 0.F : (view == StandardView::Isometric ? -kQuarter / 2 : -kQuarter);
  const Eigen::AlignedBox3f bounds = robustBounds(scene.points().positions_m);
  if (!bounds.isEmpty()) fit(bounds);
}

void OrbitCamera::fit(const Eigen::AlignedBox3f& bounds) {
  roll_rad_ = 0;
  field_of_view_rad_ = OrbitCamera().field_of_view_rad_;
  target_in_world_ = bounds.center();
  scene_radius_m_ = std::max(0.1F, bounds.diagonal().norm() / 2);
  distance_m_ = fittingDistance(bounds);
}

void OrbitCamera::lookAt(const Eigen::Vector3f& place_m) {
  constexpr float kNear_m = 2.5F;
  target_in_world_ = place_m;
  distance_m_ = std::min(distance_m_, kNear_m);
}

void OrbitCamera::lookThrough(const Pose& world_from_camera, const Intrinsics& camera, ViewSize view) {
  constexpr float kTarget_m = 2;
  const Eigen::Vector3f back = -world_from_camera.linear().col(2).cast<float>();
  const Eigen::Vector3f side = world_from_camera.linear().col(0).cast<float>();
  azimuth_rad_ = std::atan2(back.y(), back.x());
  elevation_rad_ = std::asin(std::clamp(back.z(), -1.F, 1.F));
  roll_rad_ = std::atan2(side.dot(backward().cross(level())), side.dot(level()));
  distance_m_ = kTarget_m;
  target_in_world_ = world_from_camera.translation().cast<float>() - kTarget_m * backward();
  if (camera.fx <= 0 || camera.fy <= 0) return;
  const double high = camera.height / 2. / camera.fy;
  const double wide = camera.width / 2. / camera.fx * view.height_px / view.width_px;
  field_of_view_rad_ = static_cast<float>(2 * std::atan(std::max(high, wide)));
}

OrbitCamera OrbitCamera::between(const OrbitCamera& from, const OrbitCamera& to, float part) {
  const auto turned = [part](float a, float b) {
    return a + part * std::remainder(b - a, 2 * std::numbers::pi_v<float>);
  };
  OrbitCamera camera = to;
  const Eigen::Vector3f eye = from.eyeInWorld() + part * (to.eyeInWorld() - from.eyeInWorld());
  camera.azimuth_rad_ = turned(from.azimuth_rad_, to.azimuth_rad_);
  camera.elevation_rad_ = turned(from.elevation_rad_, to.elevation_rad_);
  camera.roll_rad_ = turned(from.roll_rad_, to.roll_rad_);
  camera.distance_m_ = std::lerp(from.distance_m_, to.distance_m_, part);
  camera.field_of_view_rad_ = std::lerp(from.field_of_view_rad_, to.field_of_view_rad_, part);
  camera.target_in_world_ = eye - camera.distance_m_ * camera.backward();
  return camera;
}

float OrbitCamera::fittingDistance(const Eigen::AlignedBox3f& bounds) const {
  constexpr float kMargin = 0.92F;  // The fraction of the view that the box may fill.
  const float slope = std::tan(field_of_view_rad_ / 2) * kMargin;
  const Eigen::Vector3f back = backward(), side = right(), up = back.cross(side);
  float distance_m = kMinDistance_m;
  for (int i = 0; i < 8; ++i) {
    const Eigen::Vector3f corner = bounds.corner(static_cast<Eigen::AlignedBox3f::CornerType>(i)) - target_in_world_;
    const float sideways_m = std::max(std::abs(corner.dot(side)), std::abs(corner.dot(up)));
    distance_m = std::max(distance_m, corner.dot(back) + sideways_m / slope);
  }
  return distance_m;
}

float OrbitCamera::focalLength_px(ViewSize view) const {
  return static_cast<float>(view.height_px) / 2 / std::tan(field_of_view_rad_ / 2);
}

Eigen::Matrix4f OrbitCamera::viewFromWorld() const {
  const Eigen::Vector3f back = backward(), side = right(), up = back.cross(side), eye = eyeInWorld();
  Eigen::Matrix4f view = Eigen::Matrix4f::Identity();
  view.block<1, 3>(0, 0) = side.transpose();
  view.block<1, 3>(1, 0) = up.transpose();
  view.block<1, 3>(2, 0) = back.transpose();
  view.block<3, 1>(0, 3) = -view.block<3, 3>(0, 0) * eye;
  return view;
}

float OrbitCamera::near_m() const { return std::max(0.01F, distance_m_ * 0.02F); }

float OrbitCamera::far_m() const { return distance_m_ * 2 + scene_radius_m_ * 8; }

Eigen::Matrix4f OrbitCamera::clipFromWorld(ViewSize view) const {
  const float near_m = this->near_m(), far_m = this->far_m();
  const float scale = 1 / std::tan(field_of_view_rad_ / 2);
  Eigen::Matrix4f clip_from_view = Eigen::Matrix4f::Zero();
  clip_from_view(0, 0) = scale * static_cast<float>(view.height_px) / static_cast<float>(view.width_px);
  clip_from_view(1, 1) = scale;
  clip_from_view(2, 2) = -(far_m + near_m) / (far_m - near_m);
  clip_from_view(2, 3) = -2 * far_m * near_m / (far_m - near_m);
  clip_from_view(3, 2) = -1;
  return clip_from_view * viewFromWorld();
}

std::optional<Eigen::Vector2f> OrbitCamera::project(const Eigen::Vector3f& point_in_world, ViewSize view) const {
  const Eigen::Vector4f clip = clipFromWorld(view) * point_in_world.homogeneous();
  if (clip.w() <= 0) return std::nullopt;
  return Eigen::Vector2f((clip.x() / clip.w() * .5F + .5F) * static_cast<float>(view.width_px),
                         (.5F - clip.y() / clip.w() * .5F) * static_cast<float>(view.height_px));
}

Eigen::Vector3f OrbitCamera::unproject(float x_px, float y_px, float buffer_depth, ViewSize view) const {
  const Eigen::Matrix4f clip_from_world = clipFromWorld(view);
  if (buffer_depth >= 1) {
    const Eigen::Vector4f target = clip_from_world * target_in_world_.homogeneous();
    buffer_depth = target.z() / target.w() * .5F + .5F;
  }
  const Eigen::Vector4f clip(x_px / static_cast<float>(view.width_px) * 2 - 1,
                             1 - y_px / static_cast<float>(view.height_px) * 2,
                             buffer_depth * 2 - 1,
                             1);
  const Eigen::Vector4f world = clip_from_world.inverse() * clip;
  return world.head<3>() / world.w();
}

}  // namespace tagscape

#include "tests/ui/support/patch_scene.h"

#include <cmath>

namespace tagscape::testing {
namespace {

constexpr float kStep_m = 0.02F;
constexpr std::size_t kBrokenFrame = 2;

class PatchPixels : public FrameSource {
 public:
  explicit PatchPixels(std::vector<Frame> frames, Intrinsics camera) : frames_(std::move(frames)), camera_(camera) {}

  [[nodiscard]] Result<RgbImage> color(std::size_t index) const override {
    if (index == kBrokenFrame) {
      return failFile(ErrorCode::InvalidInput, "color/2.jpg", "the JPEG ends at byte 100", "Copy the file again");
    }
    RgbImage image(camera_.width, camera_.height, 3);
    const Rgb8 rgb = frameColor(index);
    for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = rgb[i % 3];
    return image;
  }

  [[nodiscard]] Result<DepthImage> depth(std::size_t index) const override {
    DepthImage image(camera_.width, camera_.height, 1);
    if (!frames_[index].world_from_camera) return image;
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) image.at(x, y) = depthAt(*frames_[index].world_from_camera, x, y);
    }
    return image;
  }

 private:
  [[nodiscard]] float depthAt(const Pose& pose, int x, int y) const {
    if (x < 3 && y < 3) return 0;  // The sensor saw nothing in that corner.
    const Eigen::Vector3d ray =
        pose.linear() * Eigen::Vector3d((x - camera_.cx) / camera_.fx, (y - camera_.cy) / camera_.fy, 1);
    const Eigen::Vector3d eye = pose.translation();
    const double to_patch = (0.5 - eye.y()) / ray.y();
    const Eigen::Vector3d on_patch = eye + to_patch * ray;
    if (to_patch > 0 && std::abs(on_patch.x()) <= .3 && on_patch.z() >= 0 && on_patch.z() <= .6) {
      return static_cast<float>(to_patch);
    }
    const double to_floor = -eye.z() / ray.z();
    return to_floor > 0 ? static_cast<float>(to_floor) : 0.F;
  }

  std::vector<Frame> frames_;
  Intrinsics camera_;
};

void addPoint(PointCloud& cloud, const Eigen::Vector3f& position, const Rgb8& rgb) {
  cloud.positions_m.push_back(position);
  cloud.colors.push_back(rgb);
}

void addFloor(PointCloud& cloud, float half_m) {
  for (float y = -half_m; y <= half_m; y += kStep_m) {
    for (float x = -half_m; x <= half_m; x += kStep_m) addPoint(cloud, {x, y, 0}, {120, 130, 140});
  }
}

/// Two triangles to each square of four points, seen from above.
void addFloorTriangles(Mesh& mesh) {
  const auto& points = mesh.vertices.positions_m;
  std::uint32_t columns = 1;
  while (points[columns].y() == points[0].y()) ++columns;
  for (std::uint32_t i = 0; i + columns + 1 < points.size(); ++i) {
    if (i % columns == columns - 1) continue;
    mesh.triangles.push_back({i, i + 1, i + columns});
    mesh.triangles.push_back({i + 1, i + columns + 1, i + columns});
  }
}

/// Looks along +y, somewhat down, from (x, -2, 1).
Pose poseAt(double x) {
  Eigen::Matrix3d rotation;
  rotation.col(0) = Eigen::Vector3d::UnitX();
  rotation.col(2) = Eigen::Vector3d(0, 2.5, -.7).normalized();
  rotation.col(1) = rotation.col(2).cross(rotation.col(0));
  Pose pose = Pose::Identity();
  pose.linear() = rotation;
  pose.translation() = Eigen::Vector3d(x, -2, 1);
  return pose;
}

}  // namespace

Rgb8 frameColor(std::size_t frame_index) {
  constexpr Rgb8 kColors[]{{200, 40, 40}, {40, 200, 40}, {40, 40, 200}, {200, 200, 40}};
  return kColors[frame_index % 4];
}

Eigen::Vector3f chairPoint() { return {0, .5F, .3F}; }
Eigen::Vector3f floorPoint() { return {0, -.4F, 0}; }

SharedScene patchScene() {
  auto scene = std::make_shared<Scene>();
  scene->name = "patch";
  scene->path = "/nowhere/patch";
  addFloor(scene->mesh.vertices, 1);
  addFloorTriangles(scene->mesh);
  for (float z = kStep_m; z <= .6F; z += kStep_m) {
    for (float x = -.3F; x <= .3F; x += kStep_m) addPoint(scene->mesh.vertices, {x, .5F, z}, {190, 60, 50});
  }
  scene->color_intrinsics = scene->depth_intrinsics = {150, 150, 79.5, 59.5, 160, 120};
  TagSet tags;
  tags.set(kFloorClass).set(kChairClass);
  scene->tags = tags;
  for (int i = 0; i < 4; ++i) {
    Frame frame{i * 10, poseAt(.2 * i), true, true, std::nullopt};
    if (i == 3) frame.world_from_camera.reset();
    frame.tags = i == 0 ? tags : TagSet().set(kFloorClass);
    scene->frames.push_back(frame);
  }
  scene->pixels = std::make_shared<PatchPixels>(scene->frames, scene->color_intrinsics);
  scene->warnings = {{"pose/30.txt", "pose/30.txt: the pose is not finite. The frame is shown without 3D"}};
  return scene;
}

SharedScene smallScene() {
  auto scene = std::make_shared<Scene>(*patchScene());
  scene->name = "small";
  scene->mesh = {};
  addFloor(scene->mesh.vertices, .25F);
  scene->frames.resize(1);
  scene->warnings.clear();
  return scene;
}

std::shared_ptr<const SceneCams> patchCams(const Scene& scene) {
  auto cams = std::make_shared<SceneCams>();
  cams->scene_name = scene.name;
  for (const auto& position : scene.points().positions_m) {
    const int label = position.z() > 0 ? kChairClass : kFloorClass;
    cams->point_labels.push_back(static_cast<std::uint8_t>(label));
    for (int c = 0; c < kNumClasses; ++c) cams->point_values.push_back(c == label ? 1.F : 0.F);
  }
  FrameCams frame{0, 8, 6, std::vector<float>(static_cast<std::size_t>(kNumClasses * 8 * 6), 0.F)};
  for (std::size_t y = 0; y < 6; ++y) {
    for (std::size_t x = 0; x < 4; ++x) frame.values[(kChairClass * 6 + y) * 8 + x] = 1;
  }
  cams->frames.push_back(frame);
  return cams;
}

}  // namespace tagscape::testing

#include "core/pipeline/reading_remedy.h"

#include <Eigen/Geometry>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace tagscape {
namespace {

using ::testing::HasSubstr;

constexpr int kWidth = 64, kHeight = 48;
const Eigen::Vector3d kRoom_m(5, 4, 2.6);  // no cube, so that no turn of it looks the same

/// Depth of an empty room, its corner at the origin, times a factor.
class RoomPixels final : public FrameSource {
 public:
  RoomPixels(std::vector<Pose> poses, Intrinsics camera, double factor)
      : poses_(std::move(poses)), camera_(camera), factor_(factor) {}
  Result<RgbImage> color(std::size_t) const override { return RgbImage(kWidth, kHeight, 3); }
  Result<DepthImage> depth(std::size_t index) const override {
    DepthImage depth(kWidth, kHeight, 1);
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) {
        const Eigen::Vector3d ray =
            poses_[index].linear() * Eigen::Vector3d((x - camera_.cx) / camera_.fx, (y - camera_.cy) / camera_.fy, 1);
        double nearest = 1e9;
        for (int axis = 0; axis < 3; ++axis) {
          const double wall = ray[axis] > 0 ? kRoom_m[axis] : 0;
          if (std::abs(ray[axis]) > 1e-9)
            nearest = std::min(nearest, (wall - poses_[index].translation()[axis]) / ray[axis]);
        }
        depth.at(x, y) = static_cast<float>(nearest * factor_);
      }
    }
    return depth;
  }

 private:
  std::vector<Pose> poses_;
  Intrinsics camera_;
  double factor_;
};

/// A walk around the room, looking at its middle and down by a fifth. @param factor  on depth.
Scene room(double factor = 1, double focal_factor = 1) {
  const Intrinsics camera{50, 50, (kWidth - 1) / 2.0, (kHeight - 1) / 2.0, kWidth, kHeight};
  Scene scene;
  std::vector<Pose> poses;
  for (int i = 0; i < 12; ++i) {
    const double angle = 2 * 3.14159265358979 * i / 12;
    Pose pose = Pose::Identity();
    pose.linear() =
        (Eigen::AngleAxisd(angle, Eigen::Vector3d::UnitZ()) * Eigen::AngleAxisd(-1.77, Eigen::Vector3d::UnitX()))
            .toRotationMatrix();
    pose.translation() = Eigen::Vector3d(2.5 + 1.1 * std::cos(angle), 2 + 0.8 * std::sin(angle), 1.5);
    poses.push_back(pose);
    scene.frames.push_back({i, pose, true, true, std::nullopt, false});
  }
  scene.pixels = std::make_shared<RoomPixels>(poses, camera, factor);
  scene.color_intrinsics = scene.depth_intrinsics = camera;
  scene.depth_intrinsics.fx *= focal_factor;
  scene.depth_intrinsics.fy *= focal_factor;
  return scene;
}

std::string optionFor(const Scene& scene) {
  const auto remedy = findReadingRemedy(scene, {});
  return remedy ? remedy->option : "none";
}

template <class Change>
Scene withPoses(Scene scene, const Change& change) {
  for (auto& frame : scene.frames) frame.world_from_camera = change(*frame.world_from_camera);
  return scene;
}

Pose flipped(const Pose& pose) {
  Pose result = pose;
  result.linear().col(1) *= -1;
  result.linear().col(2) *= -1;
  return result;
}

TEST(ReadingRemedy, LeavesAGoodScanAlone) { EXPECT_EQ(optionFor(room()), "none"); }

TEST(ReadingRemedy, FindsInversePoses) {
  EXPECT_EQ(optionFor(withPoses(room(), [](const Pose& pose) { return pose.inverse(); })), "--poses world-to-camera");
}

TEST(ReadingRemedy, FindsTheOtherAxes) { EXPECT_EQ(optionFor(withPoses(room(), flipped)), "--axes opengl"); }

TEST(ReadingRemedy, FindsBoth) {
  EXPECT_EQ(optionFor(withPoses(room(), [](const Pose& pose) { return flipped(pose).inverse(); })),
            "--poses world-to-camera --axes opengl");
}

TEST(ReadingRemedy, NamesTheConventionThatTheLayoutDoesNotHave) {
  Scene scene = withPoses(room(), flipped);
  scene.reading.is_opengl = true;  // its layout turned the axes of cameras, which were right
  EXPECT_EQ(optionFor(scene), "--axes opencv");
}

TEST(ReadingRemedy, FindsUnitsOfDepth) {
  EXPECT_EQ(optionFor(room(5)), "--depth-scale 5000");
  EXPECT_EQ(optionFor(room(0.1)), "--depth-scale 100");
}

TEST(ReadingRemedy, FindsTheCameraOfTheOtherImages) {
  EXPECT_THAT(optionFor(room(1, 2)), HasSubstr("--depth-intrinsics 50,50"));
}

TEST(ReadingRemedy, TellsWhichAxisPointsUp) {
  EXPECT_EQ(upAxisOf(room()), "z");
  EXPECT_EQ(upAxisOf(withPoses(
                room(),
                [](const Pose& pose) { return Pose(Eigen::AngleAxisd(-1.5707963, Eigen::Vector3d::UnitX()) * pose); })),
            "y");
}

}  // namespace
}  // namespace tagscape

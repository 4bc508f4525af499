#include "core/geometry/fuse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using ::testing::HasSubstr;

/// Frames that look straight at a wall 2 m away, with a stripe of another colour.
class WallPixels final : public FrameSource {
 public:
  Result<RgbImage> color(std::size_t index) const override {
    if (index == broken_frame) return fail(ErrorCode::InvalidInput, "color/1.jpg: damaged JPEG. Copy it again");
    RgbImage image(80, 60, 3, 50);
    for (int y = 0; y < 60; ++y) image.at(40, y, 0) = 250;
    return image;
  }
  Result<DepthImage> depth(std::size_t) const override { return DepthImage(80, 60, 1, depth_m); }

  float depth_m = 2;
  std::size_t broken_frame = 99;
};

constexpr double kSurfaceError_m = .01;  // half a voxel

class FuseFrames : public ::testing::Test {
 protected:
  FuseFrames() {
    scene_.path = "wall";
    scene_.color_intrinsics = scene_.depth_intrinsics = {80, 80, 39.5, 29.5, 80, 60};
    for (int i = 0; i < 3; ++i) scene_.frames.push_back({i, Pose::Identity(), true, true, {}});
    scene_.pixels = pixels_;
  }
  std::shared_ptr<WallPixels> pixels_ = std::make_shared<WallPixels>();
  Scene scene_;
};

TEST_F(FuseFrames, PutsTheSurfaceWhereTheDepthIs) {
  const FuseReport report = fuseFrames(scene_, {}, {}).value();
  EXPECT_EQ(report.num_fused, 3);
  ASSERT_GT(report.mesh.vertices.size(), 1000U);
  for (const auto& point : report.mesh.vertices.positions_m) EXPECT_NEAR(point.z(), 2, kSurfaceError_m);
  EXPECT_EQ(report.mesh.vertices.colors.size(), report.mesh.vertices.size());
  EXPECT_EQ(report.mesh.vertices.normals.size(), report.mesh.vertices.size());
}

TEST_F(FuseFrames, NormalsFaceTheCamera) {
  const Mesh mesh = fuseFrames(scene_, {}, {}).value().mesh;
  for (const auto& normal : mesh.vertices.normals) EXPECT_LT(normal.z(), -0.9F);
}

TEST_F(FuseFrames, FollowsThePose) {
  for (auto& frame : scene_.frames) frame.world_from_camera->translation() = Eigen::Vector3d(0, 0, 10);
  const FuseReport report = fuseFrames(scene_, {}, {}).value();
  ASSERT_FALSE(report.mesh.vertices.positions_m.empty());
  for (const auto& point : report.mesh.vertices.positions_m) EXPECT_NEAR(point.z(), 12, kSurfaceError_m);
}

TEST_F(FuseFrames, KeepsTheColours) {
  const auto colors = fuseFrames(scene_, {}, {}).value().mesh.vertices.colors;
  EXPECT_TRUE(std::any_of(colors.begin(), colors.end(), [](const Rgb8& c) { return c[0] > 150; }));
  EXPECT_TRUE(std::any_of(colors.begin(), colors.end(), [](const Rgb8& c) { return c[0] < 60 && c[1] > 40; }));
}

TEST_F(FuseFrames, SkipsAFrameThatCannotBeReadAndSaysSo) {
  pixels_->broken_frame = 1;
  const FuseReport report = fuseFrames(scene_, {}, {}).value();
  EXPECT_EQ(report.num_fused, 2);
  ASSERT_EQ(report.skipped.size(), 1U);
  EXPECT_THAT(report.skipped[0].message, HasSubstr("color/1.jpg"));
}

TEST_F(FuseFrames, RefusesASceneWithoutUsableFrames) {
  for (auto& frame : scene_.frames) frame.world_from_camera.reset();
  EXPECT_EQ(fuseFrames(scene_, {}, {}).error().code, ErrorCode::InvalidInput);
}

TEST_F(FuseFrames, RefusesDepthThatIsOutOfRange) {
  pixels_->depth_m = 9;
  EXPECT_EQ(fuseFrames(scene_, {}, {}).error().code, ErrorCode::InvalidInput);
}

TEST_F(FuseFrames, RefusesVoxelSizesThatMakeNoSense) {
  for (const double voxel : {0.0, -1.0, 5.0, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_EQ(fuseFrames(scene_, {.voxel_m = voxel}, {}).error().code, ErrorCode::InvalidInput) << voxel;
  }
}

TEST_F(FuseFrames, StopsWhenAsked) {
  std::stop_source stop;
  const Job job{[&](const Progress& progress) {
                  if (progress.done == 1) stop.request_stop();
                },
                stop.get_token()};
  EXPECT_EQ(fuseFrames(scene_, {}, job).error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace tagscape

#include "core/geometry/lift_cams.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tagscape {
namespace {

constexpr std::size_t kClass = 4;
constexpr float kTolerance = 1e-5F;  // single precision sums of a few values

/// Flat depth of 2 m in every frame but the last, which has none.
class FlatPixels : public FrameSource {
 public:
  [[nodiscard]] Result<RgbImage> color(std::size_t) const override { return RgbImage(64, 48, 3); }
  [[nodiscard]] Result<DepthImage> depth(std::size_t index) const override {
    if (index == 2) return fail(ErrorCode::NotFound, "no depth");
    return DepthImage(64, 48, 1, 2.F);
  }
};

/// Three frames from the origin along z; the second is moved by 1 m to the right, the third has no depth.
Scene flatScene() {
  Scene scene;
  scene.color_intrinsics = scene.depth_intrinsics = {50, 50, 31.5, 23.5, 64, 48};
  for (int i = 0; i < 3; ++i) {
    Frame frame{i * 10, Pose::Identity(), true, i < 2, std::nullopt};
    if (i == 1) frame.world_from_camera->translation().x() = 1;
    scene.frames.push_back(frame);
  }
  scene.mesh.vertices.positions_m = {
      {0, 0, 2},       // seen by both, in the middle of the first, left of the middle in the second
      {-1.1F, 0, 2},   // seen by the first only
      {0, 0, 3},       // behind the surface
      {0.2F, .3F, 2},  // seen by both
  };
  scene.pixels = std::make_shared<FlatPixels>();
  return scene;
}

/// A CAM that grows linearly over the cells from left to right, times `scale`.
FrameCams ramp(int frame_number, float scale) {
  FrameCams cams{frame_number, 8, 6, std::vector<float>(static_cast<std::size_t>(kNumClasses) * 48, 0.F)};
  for (std::size_t y = 0; y < 6; ++y) {
    for (std::size_t x = 0; x < 8; ++x) cams.values[(kClass * 6 + y) * 8 + x] = scale * static_cast<float>(x) / 7;
  }
  return cams;
}

/// What the ramp has at a colour pixel column, from its definition.
float rampAt(double u, float scale) { return scale * std::clamp(static_cast<float>((u + .5) / 8 - .5), 0.F, 7.F) / 7; }

Result<LiftedCams> lift(const Scene& scene, const SceneCams& cams) {
  ReferenceDepth depth(scene, DepthSource::Sensor);
  return liftCams(scene, cams, TagSet().set(kClass), depth, {}, {});
}

TEST(LiftCams, AveragesOverTheFramesThatSeeAPoint) {
  const Scene scene = flatScene();
  SceneCams cams;
  cams.frames = {ramp(0, 1), ramp(10, .5F)};
  const auto lifted = lift(scene, cams);
  ASSERT_TRUE(lifted) << lifted.error().message;
  const auto& values = lifted->values[kClass];
  const auto column = [](double x) { return 50 * x / 2 + 31.5; };
  EXPECT_NEAR(values[0], (rampAt(column(0), 1) + rampAt(column(-1), .5F)) / 2, kTolerance);
  EXPECT_NEAR(values[1], rampAt(column(-1.1), 1), kTolerance);
  EXPECT_NEAR(values[3], (rampAt(column(.2), 1) + rampAt(column(-.8), .5F)) / 2, kTolerance);
  EXPECT_EQ(lifted->num_views, (std::vector<std::uint16_t>{2, 1, 0, 2}));
}

TEST(LiftCams, TellsPointsThatNoFrameSees) {
  SceneCams cams;
  cams.frames = {ramp(0, 1)};
  const auto lifted = lift(flatScene(), cams);
  ASSERT_TRUE(lifted);
  EXPECT_TRUE(std::isnan(lifted->values[kClass][2])) << "it is hidden";
  EXPECT_TRUE(lifted->values[kClass + 1].empty()) << "not asked for";
}

TEST(LiftCams, LeavesOutFramesWithoutDepth) {
  SceneCams cams;
  cams.frames = {ramp(0, 1), ramp(20, 1)};
  const auto lifted = lift(flatScene(), cams);
  ASSERT_TRUE(lifted);
  EXPECT_EQ(lifted->num_frames, 1U);
}

TEST(LiftCams, RefusesCamsOfOtherFrames) {
  SceneCams cams;
  cams.frames = {ramp(77, 1)};
  const auto lifted = lift(flatScene(), cams);
  ASSERT_FALSE(lifted);
  EXPECT_EQ(lifted.error().code, ErrorCode::InvalidInput);
}

TEST(LiftCams, StopsWhenAsked) {
  const Scene scene = flatScene();
  SceneCams cams;
  cams.frames = {ramp(0, 1)};
  ReferenceDepth depth(scene, DepthSource::Sensor);
  std::stop_source stop;
  stop.request_stop();
  const auto lifted = liftCams(scene, cams, TagSet().set(kClass), depth, {}, Job{{}, stop.get_token()});
  ASSERT_FALSE(lifted);
  EXPECT_EQ(lifted.error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace tagscape

#include "core/geometry/reference_depth.h"

#include "core/geometry/visibility.h"
#include "tests/support/tolerances.h"

#include <gtest/gtest.h>

namespace tagscape {
namespace {

using testing::kFloatNetworkRounding;

constexpr Intrinsics kCamera{40, 40, 15.5, 11.5, 32, 24};

class MeasuredDepth final : public FrameSource {
 public:
  Result<RgbImage> color(std::size_t) const override { return RgbImage(32, 24, 3); }
  Result<DepthImage> depth(std::size_t index) const override {
    if (index == 1) return fail(ErrorCode::InvalidInput, "depth/1.png: damaged PNG. Copy it again");
    return DepthImage(32, 24, 1, 1.25F);
  }
};

/// A grid of points 2 m in front of the camera; frames: measured, broken, without depth, without anything.
std::shared_ptr<Scene> gridScene(bool with_surface) {
  auto scene = std::make_shared<Scene>();
  for (int i = 0; i < 41; ++i) {
    for (int j = 0; j < 41; ++j)
      scene->mesh.vertices.positions_m.emplace_back(0.05F * (i - 20), 0.05F * (j - 20), 2.0F);
  }
  for (std::uint32_t i = 0; with_surface && i < 40; ++i) {
    for (std::uint32_t j = 0; j < 40; ++j) {
      scene->mesh.triangles.push_back({i * 41 + j, (i + 1) * 41 + j, i * 41 + j + 1});
      scene->mesh.triangles.push_back({(i + 1) * 41 + j, (i + 1) * 41 + j + 1, i * 41 + j + 1});
    }
  }
  scene->color_intrinsics = scene->depth_intrinsics = kCamera;
  scene->frames = {{0, Pose::Identity(), true, true, {}},
                   {1, Pose::Identity(), true, true, {}},
                   {2, Pose::Identity(), true, false, {}},
                   {3, {}, true, false, {}}};
  scene->pixels = std::make_shared<MeasuredDepth>();
  return scene;
}

TEST(ReferenceDepth, IsWhatTheSensorMeasuredWhereItDid) {
  const auto scene = gridScene(true);
  ReferenceDepth reference(*scene);
  EXPECT_FLOAT_EQ(reference.of(0)->image.at(3, 3), 1.25F);
}

TEST(ReferenceDepth, IsRenderedFromTheSurfaceOrThePointsOtherwise) {
  for (const bool with_surface : {true, false}) {
    const auto scene = gridScene(with_surface);
    ReferenceDepth reference(*scene);
    const DepthView view = reference.of(2).value();
    EXPECT_NEAR(view.image.at(15, 11), 2, kFloatNetworkRounding) << with_surface;
  }
}

TEST(ReferenceDepth, MakesTheSceneSeeItself) {
  const auto scene = gridScene(true);
  const DepthView view = ReferenceDepth(*scene).of(2).value();
  const auto visibility =
      computeVisibility(scene->points().positions_m, {Pose::Identity(), kCamera, view.camera, &view.image});
  const std::size_t in_view = visibility.reason.size() - visibility.count(Visibility::Outside);
  EXPECT_GT(visibility.count(Visibility::Visible), in_view * 9 / 10);
}

TEST(ReferenceDepth, ABrokenDepthMapIsAnErrorAndNotReplaced) {
  const auto scene = gridScene(true);
  ReferenceDepth reference(*scene);
  EXPECT_EQ(reference.of(1).error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(reference.of(3).error().code, ErrorCode::NotFound);
}

TEST(ReferenceDepth, TheSurfaceCanBeAskedForWhereTheSensorMeasuredToo) {
  const auto scene = gridScene(true);
  ReferenceDepth surface(*scene, DepthSource::Surface);
  EXPECT_NEAR(surface.of(0)->image.at(15, 11), 2, kFloatNetworkRounding);
  EXPECT_NEAR(surface.of(1)->image.at(15, 11), 2, kFloatNetworkRounding)
      << "a broken map does not matter to the surface";
  EXPECT_EQ(surface.of(3).error().code, ErrorCode::NotFound);
}

TEST(ReferenceDepth, TheSensorAloneLeavesFramesWithoutADepthMapOut) {
  const auto scene = gridScene(true);
  ReferenceDepth sensor(*scene, DepthSource::Sensor);
  EXPECT_FLOAT_EQ(sensor.of(0)->image.at(3, 3), 1.25F);
  EXPECT_EQ(sensor.of(2).error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace tagscape

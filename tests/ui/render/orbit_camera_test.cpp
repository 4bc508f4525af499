#include "ui/render/orbit_camera.h"

#include "tests/ui/support/patch_scene.h"

#include <gtest/gtest.h>

namespace tagscape {
namespace {

constexpr OrbitCamera::ViewSize kView{640, 480};
constexpr float kPixelTolerance = 0.05F;  // Single precision through an inverse matrix.

OrbitCamera framedCamera() {
  OrbitCamera camera;
  camera.frameScene(*testing::patchScene());
  return camera;
}

TEST(OrbitCamera, FramesTheWholeScene) {
  const OrbitCamera camera = framedCamera();
  const SharedScene scene = testing::patchScene();
  for (const auto& point : scene->points().positions_m) {
    const auto pixel = camera.project(point, kView);
    ASSERT_TRUE(pixel);
    ASSERT_TRUE(pixel->x() > 0 && pixel->x() < 640 && pixel->y() > 0 && pixel->y() < 480) << pixel->transpose();
  }
}

TEST(OrbitCamera, LooksFromTheSideOfTheFrames) {
  const Eigen::Vector3f eye = framedCamera().eyeInWorld();
  EXPECT_LT(eye.y(), -1);  // The frames stand at y = -2 and look along +y.
  EXPECT_NEAR(eye.x(), 0, 0.5);
}

TEST(OrbitCamera, KeepsTheAnchorInItsPlaceWhileZooming) {
  OrbitCamera camera = framedCamera();
  const Eigen::Vector3f anchor = testing::chairPoint();
  const Eigen::Vector2f before = *camera.project(anchor, kView);
  const float distance_m = camera.distance_m();
  camera.zoomAbout(anchor, 0.5F);
  EXPECT_NEAR((*camera.project(anchor, kView) - before).norm(), 0, kPixelTolerance);
  EXPECT_NEAR(camera.distance_m(), distance_m / 2, 1e-5);
}

TEST(OrbitCamera, PansTheTargetWithTheCursor) {
  OrbitCamera camera = framedCamera();
  const Eigen::Vector3f target = camera.targetInWorld();
  camera.pan(30, -20, kView);
  const Eigen::Vector2f moved = *camera.project(target, kView) - Eigen::Vector2f(320, 240);
  EXPECT_NEAR(moved.x(), 30, kPixelTolerance);
  EXPECT_NEAR(moved.y(), -20, kPixelTolerance);
}

TEST(OrbitCamera, OrbitsAroundTheTargetWithZUpright) {
  OrbitCamera camera = framedCamera();
  camera.orbit(200, 5000);
  EXPECT_NEAR((camera.eyeInWorld() - camera.targetInWorld()).norm(), camera.distance_m(), 1e-4);
  const Eigen::Vector3f above = camera.targetInWorld() + Eigen::Vector3f(0, 0, .2F);
  EXPECT_LT(camera.project(above, kView)->y(), 240);
}

TEST(OrbitCamera, UnprojectsWhatItProjected) {
  const OrbitCamera camera = framedCamera();
  const Eigen::Vector3f point = testing::floorPoint();
  const Eigen::Vector4f clip = camera.clipFromWorld(kView) * point.homogeneous();
  const Eigen::Vector2f pixel = *camera.project(point, kView);
  const Eigen::Vector3f back = camera.unproject(pixel.x(), pixel.y(), clip.z() / clip.w() * .5F + .5F, kView);
  EXPECT_NEAR((back - point).norm(), 0, 2e-3);
}

TEST(OrbitCamera, UnprojectsEmptyPixelsAtTheDistanceOfTheTarget) {
  const OrbitCamera camera = framedCamera();
  EXPECT_NEAR((camera.unproject(320, 240, 1, kView) - camera.targetInWorld()).norm(), 0, 2e-3);
}

}  // namespace
}  // namespace tagscape

#include "ui/render/orbit_camera.h"

#include "tests/ui/support/patch_scene.h"

#include <gtest/gtest.h>

namespace tagscape {
namespace {

constexpr float kCameraRounding_m = 1e-4F;  // Sines, cosines and products of a few metres in float32.
constexpr float kBufferDepth_m = 2e-3F;     // The depth buffer's values near 1 resolve 1 mm at a few metres.
constexpr double kImagePixel_px = .2;       // Single precision, enlarged from the pixels of a small image.

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
  constexpr float kSideways_m = .5F;  // The frames stand side by side, 0.5 m at most from the middle.
  const Eigen::Vector3f eye = framedCamera().eyeInWorld();
  EXPECT_LT(eye.y(), -1);  // The frames stand at y = -2 and look along +y.
  EXPECT_NEAR(eye.x(), 0, kSideways_m);
}

TEST(OrbitCamera, KeepsTheAnchorInItsPlaceWhileZooming) {
  OrbitCamera camera = framedCamera();
  const Eigen::Vector3f anchor = testing::chairPoint();
  const Eigen::Vector2f before = *camera.project(anchor, kView);
  const float distance_m = camera.distance_m();
  camera.zoomAbout(anchor, 0.5F);
  EXPECT_NEAR((*camera.project(anchor, kView) - before).norm(), 0, kPixelTolerance);
  EXPECT_NEAR(camera.distance_m(), distance_m / 2, kCameraRounding_m);
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
  EXPECT_NEAR((camera.eyeInWorld() - camera.targetInWorld()).norm(), camera.distance_m(), kCameraRounding_m);
  const Eigen::Vector3f above = camera.targetInWorld() + Eigen::Vector3f(0, 0, .2F);
  EXPECT_LT(camera.project(above, kView)->y(), 240);
}

TEST(OrbitCamera, UnprojectsWhatItProjected) {
  const OrbitCamera camera = framedCamera();
  const Eigen::Vector3f point = testing::floorPoint();
  const Eigen::Vector4f clip = camera.clipFromWorld(kView) * point.homogeneous();
  const Eigen::Vector2f pixel = *camera.project(point, kView);
  const Eigen::Vector3f back = camera.unproject(pixel.x(), pixel.y(), clip.z() / clip.w() * .5F + .5F, kView);
  EXPECT_NEAR((back - point).norm(), 0, kBufferDepth_m);
}

TEST(OrbitCamera, UnprojectsEmptyPixelsAtTheDistanceOfTheTarget) {
  const OrbitCamera camera = framedCamera();
  EXPECT_NEAR((camera.unproject(320, 240, 1, kView) - camera.targetInWorld()).norm(), 0, kBufferDepth_m);
}

TEST(OrbitCamera, SeesAFrameAsItsCameraSawIt) {
  const SharedScene scene = testing::patchScene();
  OrbitCamera camera = framedCamera();
  Pose pose = *scene->frames[1].world_from_camera;
  pose.linear() = pose.linear() * Eigen::AngleAxisd(.2, Eigen::Vector3d::UnitZ()).toRotationMatrix();  // Held askew.
  const Intrinsics& lens = scene->color_intrinsics;
  camera.lookThrough(pose, lens, kView);
  // The view has the image's shape, so that image and view pixels differ by one factor about the middle.
  const double scale = static_cast<double>(kView.height_px) / lens.height;
  for (const auto& point : {testing::chairPoint(), testing::floorPoint()}) {
    const Eigen::Vector3d in_camera = pose.inverse() * point.cast<double>();
    const double u = lens.fx * in_camera.x() / in_camera.z(), v = lens.fy * in_camera.y() / in_camera.z();
    const Eigen::Vector2f pixel = *camera.project(point, kView);
    EXPECT_NEAR(pixel.x(), 320 + scale * u, kImagePixel_px);
    EXPECT_NEAR(pixel.y(), 240 + scale * v, kImagePixel_px);
  }
}

TEST(OrbitCamera, ShowsAWideImageWhollyInANarrowView) {
  const SharedScene scene = testing::patchScene();
  const Pose& pose = *scene->frames[0].world_from_camera;
  const Intrinsics& lens = scene->color_intrinsics;
  OrbitCamera camera = framedCamera();
  const OrbitCamera::ViewSize narrow{200, 480};
  camera.lookThrough(pose, lens, narrow);
  const Eigen::Vector3d at_edge((lens.width / 2.) / lens.fx, 0, 1);
  EXPECT_NEAR(camera.project((pose * at_edge).cast<float>(), narrow)->x(), 200, kImagePixel_px);
}

TEST(OrbitCamera, LooksAlongTheAxes) {
  const SharedScene scene = testing::patchScene();
  const std::pair<StandardView, Eigen::Vector3f> directions[]{
      {StandardView::Top, {0, 0, -1}}, {StandardView::Front, {0, 1, 0}}, {StandardView::Side, {-1, 0, 0}}};
  for (const auto& [standard, direction] : directions) {
    OrbitCamera camera;
    camera.setStandardView(standard, *scene);
    const Eigen::Vector3f looking = (camera.targetInWorld() - camera.eyeInWorld()).normalized();
    EXPECT_NEAR((looking - direction).norm(), 0, kCameraRounding_m) << nameOf(standard);
    for (const auto& point : scene->points().positions_m) {
      const auto pixel = camera.project(point, {480, 480});
      ASSERT_TRUE(pixel && pixel->minCoeff() > 0 && pixel->maxCoeff() < 480) << nameOf(standard);
    }
  }
}

TEST(OrbitCamera, ComesBackFromItsText) {
  OrbitCamera camera = framedCamera();
  camera.lookThrough(*testing::patchScene()->frames[1].world_from_camera, {150, 150, 79.5, 59.5, 160, 120}, kView);
  OrbitCamera other = framedCamera();
  ASSERT_TRUE(other.setFromText(camera.toText()));
  const Eigen::Vector2f there = *camera.project(testing::chairPoint(), kView);
  EXPECT_NEAR((*other.project(testing::chairPoint(), kView) - there).norm(), 0, kPixelTolerance);
}

TEST(OrbitCamera, RefusesTextThatIsNoView) {
  OrbitCamera camera = framedCamera();
  const std::string before = camera.toText();
  for (const char* text : {"",
                           "hello",
                           "tagscape-view target 0 0",
                           "tagscape-view target 0 0 1 distance 3",
                           "tagscape-view target 0 0 1 distance -3 azimuth 0 elevation 0",
                           "tagscape-view target 0 0 1 distance 3 azimuth 0 elevation 95",
                           "tagscape-view target 0 0 1 distance nan azimuth 0 elevation 0",
                           "tagscape-view target 0 0 1 distance 3 azimuth 0 elevation 0 fov 0"}) {
    const Status set = camera.setFromText(text);
    ASSERT_FALSE(set) << text;
    EXPECT_EQ(set.error().code, ErrorCode::InvalidInput);
    EXPECT_EQ(camera.toText(), before);
  }
}

TEST(OrbitCamera, TurnsTheShorterWayBetweenTwoViews) {
  OrbitCamera from, to;
  ASSERT_TRUE(from.setFromText("tagscape-view target 0 0 0 distance 4 azimuth 170 elevation 10"));
  ASSERT_TRUE(to.setFromText("tagscape-view target 0 0 0 distance 4 azimuth -170 elevation 10"));
  const Eigen::Vector3f middle = OrbitCamera::between(from, to, .5F).eyeInWorld();
  EXPECT_LT(middle.x(), -3);
  EXPECT_NEAR((OrbitCamera::between(from, to, 0).eyeInWorld() - from.eyeInWorld()).norm(), 0, kCameraRounding_m);
  EXPECT_NEAR((OrbitCamera::between(from, to, 1).eyeInWorld() - to.eyeInWorld()).norm(), 0, kCameraRounding_m);
}

TEST(OrbitCamera, FliesForwardAndTurnsItsHead) {
  OrbitCamera camera = framedCamera();
  const Eigen::Vector3f eye = camera.eyeInWorld(), forward = (camera.targetInWorld() - eye).normalized();
  camera.fly({0, 0, 1.5F});
  EXPECT_NEAR((camera.eyeInWorld() - eye - 1.5F * forward).norm(), 0, kCameraRounding_m);
  const Eigen::Vector3f before = camera.eyeInWorld();
  camera.lookAround(80, 10);
  EXPECT_NEAR((camera.eyeInWorld() - before).norm(), 0, kCameraRounding_m);
  EXPECT_GT(((camera.targetInWorld() - before).normalized() - forward).norm(), .1);
}

}  // namespace
}  // namespace tagscape

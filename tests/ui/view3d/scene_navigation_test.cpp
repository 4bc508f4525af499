// Picking and moving the camera in the 3D view.

#include "tests/support/tolerances.h"
#include "tests/ui/support/scene_view_fixture.h"

namespace tagscape {
namespace {

constexpr float kCameraRounding_m = 1e-4F;  // Sines, cosines and products of a few metres in float32.

using SceneNavigationTest = testing::SceneViewFixture;

TEST_F(SceneNavigationTest, PicksThePointThatIsDrawnUnderThePixel) {
  ASSERT_TRUE(page.settle());
  const auto& points = document.scene()->points().positions_m;
  int num_picked = 0;
  for (int y = 40; y < view.height() - 40; y += 23) {
    for (int x = 280; x < view.width() - 20; x += 23) {
      const auto point = view.picker().pointAt({x + .5, y + .5});
      if (!point) continue;
      ++num_picked;
      const auto pixel = view.camera().project(points[*point], view.viewSize());
      ASSERT_TRUE(pixel);
      // A sprite is 1.5 spacings of 2 cm wide; at the nearest point that is its radius on screen.
      const float radius_px = .75F * .02F * view.camera().focalLength_px(view.viewSize()) /
                              (points[*point] - view.camera().eyeInWorld()).norm() * 1.2F;
      EXPECT_LE(
          (*pixel - Eigen::Vector2f(static_cast<float>(x) + .5F, static_cast<float>(y) + .5F)).cwiseAbs().maxCoeff(),
          radius_px + 1);
    }
  }
  EXPECT_GT(num_picked, 40);
  EXPECT_FALSE(view.picker().pointAt({view.width() - 3., 3.})) << "the background";
}

TEST_F(SceneNavigationTest, PicksWhatIsInFront) {
  ASSERT_TRUE(page.settle());
  const auto point = view.picker().pointAt(page.place(testing::chairPoint()));
  ASSERT_TRUE(point);
  EXPECT_NEAR(document.scene()->points().positions_m[*point].y(), .5, testing::kFloatRounding);
  document.setSurface(Surface::Mesh);
  ASSERT_TRUE(page.settle());
  const auto corner = view.picker().pointAt(page.place(testing::floorPoint()));
  ASSERT_TRUE(corner);
  EXPECT_LE((document.scene()->points().positions_m[*corner] - testing::floorPoint()).norm(), .03);
}

TEST_F(SceneNavigationTest, TellsWhatTheCursorIsOver) {
  ASSERT_TRUE(page.settle());
  qint64 hovered = -1;
  QObject::connect(&view, &SceneView::pointHovered, &view, [&hovered](qint64 point) { hovered = point; });
  const QPoint place = page.place(testing::chairPoint());
  QMouseEvent move(QEvent::MouseMove, place, view.mapToGlobal(place), Qt::NoButton, Qt::NoButton, {});
  QApplication::sendEvent(&view, &move);
  ASSERT_TRUE(testing::waitFor([&] { return hovered >= 0; }));
  EXPECT_EQ(static_cast<std::size_t>(hovered), view.picker().pointAt(place).value_or(0));
}

TEST_F(SceneNavigationTest, FliesIntoTheFrameWhoseCameraIsClicked) {
  view.settings().setShowsFrames(true);
  document.setFrameIndex(0);
  view.setStandardView(StandardView::Top);
  view.orbitBy(0, -60);
  OrbitCamera camera = view.camera();
  camera.zoomAbout(camera.targetInWorld(), 2.5F);
  view.setCamera(camera);
  ASSERT_TRUE(page.settle());
  const Pose& pose = *document.scene()->frames[1].world_from_camera;
  const QPoint place = page.place(pose.translation().cast<float>());
  ASSERT_TRUE(view.rect().contains(place));
  QTest::mouseClick(&view, Qt::LeftButton, {}, place);
  EXPECT_EQ(document.frameIndex(), 1);
  EXPECT_NEAR((view.camera().eyeInWorld() - pose.translation().cast<float>()).norm(), 0, kCameraRounding_m);
}

TEST_F(SceneNavigationTest, FliesWhileTheRightButtonIsHeld) {
  ASSERT_TRUE(page.settle());
  const Eigen::Vector3f eye = view.camera().eyeInWorld();
  const Eigen::Vector3f forward = (view.camera().targetInWorld() - eye).normalized();
  const Eigen::Vector3f right = forward.cross(Eigen::Vector3f::UnitZ()).normalized();
  QTest::keyPress(&view, Qt::Key_W);
  QTest::mousePress(&view, Qt::RightButton, {}, QPoint(400, 300));
  QTest::keyPress(&view, Qt::Key_D);
  EXPECT_TRUE(testing::waitFor([&] { return (view.camera().eyeInWorld() - eye).dot(right) > .05F; }, 3000));
  EXPECT_NEAR((view.camera().eyeInWorld() - eye).dot(forward), 0, kCameraRounding_m)
      << "the key that went down before does nothing";
  QTest::keyPress(&view, Qt::Key_W);
  EXPECT_TRUE(testing::waitFor([&] { return (view.camera().eyeInWorld() - eye).dot(forward) > .05F; }, 3000));
  QTest::keyRelease(&view, Qt::Key_D);
  QTest::keyRelease(&view, Qt::Key_W);
  QTest::mouseRelease(&view, Qt::RightButton, {}, QPoint(400, 300));
  const Eigen::Vector3f stopped = view.camera().eyeInWorld();
  EXPECT_TRUE(page.settle()) << "in flight it never comes to rest";
  EXPECT_EQ(view.camera().eyeInWorld(), stopped);
}

TEST_F(SceneNavigationTest, TakesAViewAsText) {
  const QString text = view.viewText();
  view.orbitBy(150, 20);
  ASSERT_NE(view.viewText(), text);
  ASSERT_TRUE(view.setViewText(text));
  EXPECT_EQ(view.viewText(), text);
  EXPECT_FALSE(view.setViewText("somewhere"));
  EXPECT_EQ(view.viewText(), text);
}

}  // namespace
}  // namespace tagscape

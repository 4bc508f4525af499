// What mouse and keys do to the camera of the 3D view.

#include "ui/view3d/camera_controller.h"

#include "tests/ui/support/patch_scene.h"
#include "tests/ui/support/waiting.h"

#include <QMouseEvent>
#include <QSignalSpy>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

struct CameraControllerTest : ::testing::Test {
  CameraControllerTest()
      : controller(
            [] {
              return OrbitCamera::ViewSize{200, 100};
            },
            [this](QPointF) {
              ++num_asked;
              return Eigen::Vector3f(0, .5F, .3F);
            }) {
    controller.setAnimated(false);
    controller.reset(testing::patchScene().get());
  }
  static QMouseEvent mouse(QEvent::Type type, QPointF at, Qt::MouseButton button, Qt::KeyboardModifiers keys = {}) {
    return QMouseEvent(type, at, at, type == QEvent::MouseMove ? Qt::NoButton : button, button, keys);
  }
  void press(QPointF at, Qt::MouseButton button, Qt::KeyboardModifiers keys = {}) {
    controller.press(mouse(QEvent::MouseButtonPress, at, button, keys));
  }
  void drag(QPointF at, Qt::MouseButton button) { controller.drag(mouse(QEvent::MouseMove, at, button)); }
  bool release(QPointF at, Qt::MouseButton button) {
    return controller.release(mouse(QEvent::MouseButtonRelease, at, button));
  }
  Eigen::Vector3f eye() { return controller.camera().eyeInWorld(); }

  int num_asked = 0;
  CameraController controller;
};

TEST_F(CameraControllerTest, APressThatTremblesIsAClickAndMovesNothing) {
  const Eigen::Vector3f before = eye();
  press({50, 50}, Qt::LeftButton);
  drag({51, 51}, Qt::LeftButton);
  EXPECT_TRUE(release({51, 51}, Qt::LeftButton));
  EXPECT_EQ(eye(), before);
  EXPECT_FALSE(controller.isMoving());
}

TEST_F(CameraControllerTest, ADragThatComesBackIsNoClick) {
  press({50, 50}, Qt::LeftButton);
  drag({80, 50}, Qt::LeftButton);
  EXPECT_TRUE(controller.isMoving());
  drag({50, 50}, Qt::LeftButton);
  EXPECT_FALSE(release({50, 50}, Qt::LeftButton));
  EXPECT_FALSE(controller.isDragging());
}

TEST_F(CameraControllerTest, TheRightButtonLooksAroundAndIsNoClick) {
  const Eigen::Vector3f before = eye();
  const Eigen::Vector3f target = controller.camera().targetInWorld();
  press({50, 50}, Qt::RightButton);
  drag({80, 50}, Qt::RightButton);
  EXPECT_LT((eye() - before).norm(), 1e-4F);
  EXPECT_GT((controller.camera().targetInWorld() - target).norm(), .01F);
  EXPECT_FALSE(release({80, 50}, Qt::RightButton));
}

TEST_F(CameraControllerTest, TheWheelAsksOnceWhatIsUnderItInAMotion) {
  const float distance_m = controller.camera().distance_m();
  for (int i = 0; i < 3; ++i) controller.wheel({50, 50}, 1);
  EXPECT_LT(controller.camera().distance_m(), distance_m);
  EXPECT_EQ(num_asked, 1) << "the picture of the last rest is no longer what is seen";
}

TEST_F(CameraControllerTest, ComesToRestByItself) {
  QSignalSpy rested(&controller, &CameraController::rested);
  controller.orbitBy(10, 0);
  EXPECT_TRUE(controller.isMoving());
  EXPECT_TRUE(testing::waitFor([&] { return rested.count() == 1; }));
  EXPECT_FALSE(controller.isMoving());
}

TEST_F(CameraControllerTest, AFlightEndsWhereItWasSentAndADragEndsIt) {
  OrbitCamera there = controller.camera();
  there.orbit(100, 0);
  controller.setAnimated(true);
  controller.flyTo(there);
  EXPECT_TRUE(testing::waitFor([&] { return (eye() - there.eyeInWorld()).norm() < 1e-5F; }));
  controller.flyTo(OrbitCamera());
  press({50, 50}, Qt::LeftButton);
  drag({80, 50}, Qt::LeftButton);
  (void)release({80, 50}, Qt::LeftButton);
  const Eigen::Vector3f stopped = eye();
  EXPECT_TRUE(testing::waitFor([&] { return !controller.isMoving(); }));
  EXPECT_EQ(eye(), stopped);
}

}  // namespace
}  // namespace tagscape

// What the 3D view draws, looked at as the user would: by the pixels of its picture.

#include "ui/view3d/scene_view.h"

#include "tests/ui/support/pages.h"
#include "tests/ui/support/patch_scene.h"
#include "ui/render/colors.h"

#include <gtest/gtest.h>

namespace tagscape {
namespace {

constexpr float kCameraRounding_m = 1e-4F;  // Sines, cosines and products of a few metres in float32.
constexpr float kPixelsOfSlider = .05F;     // A few pixels, as its handle does not reach both ends.
constexpr float kHueOfRoundedColor = .03F;  // Of shaded colours rounded to 8 bits.

using testing::distance;
using testing::kChairClass;
using testing::kFloorClass;

constexpr int kColorTolerance = 12;  // Sum over three channels; rounding of shader and palette.

struct SceneViewTest : ::testing::Test {
  SceneViewTest() : view(document), page(view) {
    view.resize(800, 600);
    view.show();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(&view));
    document.setScene(testing::patchScene());
    EXPECT_TRUE(document.setCams(testing::patchCams(*document.scene())));
  }
  ~SceneViewTest() override { EXPECT_EQ(view.numGlErrors(), 0); }

  QColor colorAt(const Eigen::Vector3f& point) { return page.picture().pixelColor(page.place(point)); }

  Document document;
  SceneView view;
  testing::SceneViewPage page;
};

TEST_F(SceneViewTest, ShowsThePointsInTheirOwnColours) {
  EXPECT_LE(distance(colorAt(testing::chairPoint()), QColor(190, 60, 50)), kColorTolerance);
  EXPECT_LE(distance(colorAt(testing::floorPoint()), QColor(120, 130, 140)), kColorTolerance);
}

TEST_F(SceneViewTest, ShowsTheCamOfTheChosenClassWhereItIsAndOnlyThere) {
  document.setLayer(PointLayer::Cam);
  document.setClassIndex(kChairClass);
  const QColor hot = toQColor(viridis(1));
  EXPECT_LE(distance(colorAt(testing::chairPoint()), hot), kColorTolerance);
  const QColor cold_floor = colorAt(testing::floorPoint());
  EXPECT_GT(distance(cold_floor, hot), 150);
  document.setClassIndex(kFloorClass);
  EXPECT_LE(distance(colorAt(testing::floorPoint()), hot), kColorTolerance);
  EXPECT_GT(distance(colorAt(testing::chairPoint()), hot), 150);
}

TEST_F(SceneViewTest, ShowsPredictionsInTheColoursOfTheirClasses) {
  document.setLayer(PointLayer::Prediction);
  EXPECT_LE(distance(colorAt(testing::chairPoint()), classColor(kChairClass)), kColorTolerance);
  EXPECT_LE(distance(colorAt(testing::floorPoint()), classColor(kFloorClass)), kColorTolerance);
}

TEST_F(SceneViewTest, ShowsTheGroundTruthWithoutAnyRun) {
  auto labelled = std::make_shared<Scene>(*testing::patchScene());
  for (const auto& position : labelled->points().positions_m)
    labelled->point_labels.push_back(position.z() > 0 ? kChairClass : kNoClass);
  document.setScene(labelled);
  document.setLayer(PointLayer::Truth);
  EXPECT_LE(distance(colorAt(testing::chairPoint()), classColor(kChairClass)), kColorTolerance);
  EXPECT_GT(distance(colorAt(testing::floorPoint()), classColor(kFloorClass)), 60) << "not annotated: dimmed";
  document.setScene(testing::patchScene());
  EXPECT_LE(distance(colorAt(testing::chairPoint()), QColor(190, 60, 50)), kColorTolerance) << "no labels: colours";
}

TEST_F(SceneViewTest, HidesCamValuesBelowTheThreshold) {
  auto cams = std::make_shared<SceneCams>(*document.cams());
  for (float& value : cams->point_values) value *= 0.5F;
  ASSERT_TRUE(document.setCams(cams));
  document.setLayer(PointLayer::Cam);
  document.setClassIndex(kChairClass);
  document.setCamThreshold(0.4F);
  EXPECT_LE(distance(colorAt(testing::chairPoint()), toQColor(viridis(.5F))), kColorTolerance);
  document.setCamThreshold(0.6F);
  EXPECT_GT(distance(colorAt(testing::chairPoint()), toQColor(viridis(.5F))), 60);
}

TEST_F(SceneViewTest, UploadsPositionsOnceHoweverTheyAreColoured) {
  (void)page.picture();
  const int before = view.numPositionUploads();
  document.setLayer(PointLayer::Cam);
  document.setClassIndex(kChairClass);
  (void)page.picture();
  document.setCamThreshold(.9F);
  document.setLayer(PointLayer::Prediction);
  (void)page.picture();
  EXPECT_EQ(view.numPositionUploads(), before);
}

TEST_F(SceneViewTest, OrbitsWithTheLeftButton) {
  const QImage before = page.picture();
  const Eigen::Vector3f target = view.camera().targetInWorld();
  const Eigen::Vector3f eye = view.camera().eyeInWorld();
  page.drag({500, 420}, {600, 430});
  EXPECT_NE(page.picture(), before);
  EXPECT_EQ(view.camera().targetInWorld(), target);
  EXPECT_GT((view.camera().eyeInWorld() - eye).norm(), 0.1);
}

TEST_F(SceneViewTest, PansWithTheMiddleButtonAndWithShift) {
  for (const auto& [button, keys] :
       {std::pair(Qt::MiddleButton, Qt::NoModifier), {Qt::LeftButton, Qt::ShiftModifier}}) {
    (void)page.settle();
    const Eigen::Vector3f target = view.camera().targetInWorld();
    const Eigen::Vector3f looking = view.camera().eyeInWorld() - target;
    page.drag({500, 420}, {560, 420}, button, keys);
    EXPECT_GT((view.camera().targetInWorld() - target).norm(), 0.02);
    EXPECT_NEAR((view.camera().eyeInWorld() - view.camera().targetInWorld() - looking).norm(), 0, kCameraRounding_m);
  }
}

TEST_F(SceneViewTest, ZoomsToThePointUnderTheCursor) {
  ASSERT_TRUE(page.settle());
  const QPoint place = page.place(testing::chairPoint());
  QWheelEvent wheel(
      place, view.mapToGlobal(place), {}, {0, 240}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
  const float distance_m = view.camera().distance_m();
  QApplication::sendEvent(&view, &wheel);
  EXPECT_LT(view.camera().distance_m(), distance_m * 0.9F);
  // Two pixels: the depth under the cursor is that of the sprite drawn there, not of the point in its middle.
  EXPECT_LE((page.place(testing::chairPoint()) - place).manhattanLength(), 2);
}

TEST_F(SceneViewTest, DrawsTheOverlayOverThePicture) {
  document.setLayer(PointLayer::Cam);
  const QImage picture = page.picture();
  const QRectF slider = view.overlay().controlRect("threshold");
  ASSERT_FALSE(slider.isNull());
  // The grab of ImGui's slider is blue, which nothing else here is.
  int num_blue = 0;
  for (int x = qRound(slider.left()); x < qRound(slider.right()); ++x) {
    const QColor color = picture.pixelColor(x, qRound(slider.center().y()));
    if (color.blue() > 180 && color.blue() > color.red() + 80) ++num_blue;
  }
  EXPECT_GT(num_blue, 4);
}

TEST_F(SceneViewTest, GivesTheMouseToTheOverlayBeforeTheCamera) {
  document.setLayer(PointLayer::Cam);
  (void)page.picture();
  const QRectF slider = view.overlay().controlRect("threshold");
  const Eigen::Vector3f eye = view.camera().eyeInWorld();
  const QPoint start = slider.center().toPoint();
  QTest::mousePress(&view, Qt::LeftButton, {}, start);
  ASSERT_TRUE(page.overlaySettles());
  const QPoint right(qRound(slider.left() + slider.width() * .8), start.y());
  QMouseEvent move(QEvent::MouseMove, right, view.mapToGlobal(right), Qt::NoButton, Qt::LeftButton, {});
  QApplication::sendEvent(&view, &move);
  ASSERT_TRUE(page.overlaySettles());
  QTest::mouseRelease(&view, Qt::LeftButton, {}, right);
  ASSERT_TRUE(page.overlaySettles());
  EXPECT_EQ(view.camera().eyeInWorld(), eye);
  EXPECT_NEAR(document.camThreshold(), 0.8, kPixelsOfSlider);
}

TEST_F(SceneViewTest, HighlightsTheCurrentCamera) {
  const QImage first = page.picture();
  document.setFrameIndex(1);
  EXPECT_NE(page.picture(), first);
}

TEST_F(SceneViewTest, ShowsAnotherSceneAndNone) {
  (void)page.picture();
  document.setScene(testing::smallScene());
  ASSERT_TRUE(page.settle());
  EXPECT_EQ(view.numShown(), document.scene()->points().size());
  document.setScene(nullptr);
  ASSERT_TRUE(page.paints());
  EXPECT_EQ(view.numPoints(), 0U);
}

TEST_F(SceneViewTest, SurvivesANewContext) {
  const QImage before = page.picture();
  QWidget other;
  other.resize(800, 600);
  view.setParent(&other);  // Qt makes another context for another window.
  other.show();
  view.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&other));
  const QImage after = page.picture();
  EXPECT_LE(distance(after.pixelColor(page.place(testing::chairPoint())), QColor(190, 60, 50)), kColorTolerance);
  view.setParent(nullptr);
}

TEST_F(SceneViewTest, PaintsTheOverlayAgainUntilItsLegendHasItsSize) {
  ASSERT_TRUE(page.settle());
  int num_frames = 0;
  QObject::connect(&view, &QOpenGLWidget::frameSwapped, &view, [&num_frames] { ++num_frames; });
  document.setLayer(PointLayer::Prediction);
  EXPECT_TRUE(testing::waitFor([&] { return num_frames >= 3; }, 3000)) << num_frames;
  ASSERT_TRUE(page.settle());
  num_frames = 0;
  document.setSurface(Surface::Mesh);
  EXPECT_TRUE(testing::waitFor([&] { return num_frames >= 3; }, 3000)) << num_frames;
}

TEST_F(SceneViewTest, DrawsTheMeshBetweenItsPoints) {
  document.setPointScale(.1F);
  const Eigen::Vector3f between = testing::floorPoint() + Eigen::Vector3f(.01F, .01F, 0);
  const QColor floor(120, 130, 140);
  const QColor background = colorAt(between);
  EXPECT_GT(distance(background, floor), 60);
  document.setSurface(Surface::Mesh);
  EXPECT_TRUE(view.showsMesh());
  EXPECT_LE(distance(colorAt(between), floor), 60) << "lit by how far it faces the eye";
  document.setSurface(Surface::Points);
  EXPECT_LE(distance(colorAt(between), background), kColorTolerance);
}

TEST_F(SceneViewTest, ColoursTheMeshByTheValuesOfItsPointsWithoutANewUpload) {
  document.setSurface(Surface::Mesh);
  ASSERT_TRUE(page.settle());
  const int uploads = view.numPositionUploads();
  document.setLayer(PointLayer::Prediction);
  const QColor seen = colorAt(testing::floorPoint());
  const QColor floor = classColor(kFloorClass);
  EXPECT_NEAR(seen.hueF(), floor.hueF(), kHueOfRoundedColor);
  EXPECT_GT(seen.value(), floor.value() / 2);
  EXPECT_EQ(view.numPositionUploads(), uploads);
}

TEST_F(SceneViewTest, DrawsPointsWhereAScanHasNoMesh) {
  document.setScene(testing::smallScene());
  document.setSurface(Surface::Mesh);
  EXPECT_FALSE(view.showsMesh());
  EXPECT_LE(distance(colorAt({0, 0, 0}), QColor(120, 130, 140)), kColorTolerance);
}

}  // namespace
}  // namespace tagscape

// Labels as the user corrects them: with the mouse in the window, seen in both views, undone, killed and reopened.

#include "core/annotate/project.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/support/pages.h"
#include "tests/ui/support/patch_scene.h"

#include <QAction>
#include <QStackedWidget>
#include <QWheelEvent>
#include <gtest/gtest.h>

#include <filesystem>

namespace tagscape {
namespace {

using testing::kChairClass;
using testing::kFloorClass;

QPointF pixelOf(const Scene& scene, std::size_t frame, const Eigen::Vector3f& point) {
  const Eigen::Vector3d in_camera = scene.frames[frame].world_from_camera->inverse() * point.cast<double>();
  const Intrinsics& camera = scene.color_intrinsics;
  return {camera.fx * in_camera.x() / in_camera.z() + camera.cx, camera.fy * in_camera.y() / in_camera.z() + camera.cy};
}

bool isLike(const QColor& a, const Rgb8& b) {
  constexpr int kTolerance = 40;  // Points are drawn round and shaded at their rims.
  return std::abs(a.red() - b[0]) < kTolerance && std::abs(a.green() - b[1]) < kTolerance &&
         std::abs(a.blue() - b[2]) < kTolerance;
}

struct LabelWindow : ::testing::Test {
  LabelWindow() : window(false), image(window), view(window.sceneView()), link(window) {
    window.setShowsErrors(false);
    window.resize(1280, 800);
    window.show();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(&window));
    auto patch = std::make_shared<Scene>(*testing::patchScene());
    patch->mesh.triangles.clear();  // The chair has none: a superpoint would be one point.
    patch->path = folder.path() / "scan";
    std::filesystem::create_directory(patch->path);
    document().setScene(patch);
    window.findChild<QStackedWidget*>()->setCurrentWidget(&window.sceneView());
    labels().createProject(file(), builtInClassSet("scannet20").value());
    window.sceneView().setAnimated(false);
    EXPECT_TRUE(testing::waitFor([this] { return labels().canEdit() && labels().geometry(); }));
    EXPECT_TRUE(view.settle());
    EXPECT_TRUE(image.settle());
    EXPECT_TRUE(link.settle());
    EXPECT_TRUE(testing::waitFor([this] { return window.frames().points() != nullptr; }));
  }
  ~LabelWindow() override { EXPECT_EQ(window.sceneView().numGlErrors(), 0); }

  Document& document() { return window.document(); }
  LabelEditor& labels() { return window.labels(); }
  const Scene& scene() { return *document().scene(); }
  ImageCanvas& canvas() { return window.imagePanel().canvas(); }
  std::filesystem::path file() const { return folder.path() / "p.tagscape"; }
  void trigger(const char* action) { window.findChild<QAction*>(action)->trigger(); }
  /// Points with a label that are within a distance of a place, and those farther away.
  std::pair<std::size_t, std::size_t> labelled(const Eigen::Vector3f& place, float radius_m) {
    std::pair<std::size_t, std::size_t> count{0, 0};
    for (std::size_t i = 0; i < labels().layer()->size(); ++i) {
      if (labels().layer()->labels()[i] == kNoClass) continue;
      const bool is_near = (scene().points().positions_m[i] - place).norm() < radius_m;
      ++(is_near ? count.first : count.second);
    }
    return count;
  }
  /// The project as a process that is killed now leaves it.
  LabelLayer afterKill() {
    const auto copy = folder.path() / "killed";
    std::filesystem::remove_all(copy);
    std::filesystem::create_directory(copy);
    for (const char* ending : {"", "-wal"})
      std::filesystem::copy(file().string() + ending, (copy / "p.tagscape").string() + ending);
    Project project = Project::open(copy / "p.tagscape").value();
    EXPECT_FALSE(project.isReadOnly()) << project.problem();
    return project.loadLayer(project.pointLayer(project.scenes().at(0).id)->id).value().labels;
  }

  testing::TemporaryFolder folder;
  MainWindow window;
  testing::ImagePage image;
  testing::SceneViewPage view;
  testing::LinkPage link;
};

TEST_F(LabelWindow, StrokeInThe3dViewIsSeenInTheImageUndoneKilledAndReopened) {
  labels().chooseClass(kChairClass);
  trigger("brushAction");
  EXPECT_EQ(document().layer(), PointLayer::Labels) << "a tool shows what it changes";
  ASSERT_TRUE(view.settle());
  const QPoint chair = view.place(testing::chairPoint());
  view.drag(chair - QPoint(15, 0), chair + QPoint(15, 0));
  const auto [near, far] = labelled(testing::chairPoint(), .3F);
  EXPECT_GT(near, 50U);
  EXPECT_EQ(far, 0U) << "what lies behind the chair is not painted";
  EXPECT_EQ(afterKill(), *labels().layer());

  const Rgb8 color = classCatalog()[kChairClass].rgb;
  EXPECT_TRUE(isLike(view.picture().pixelColor(chair), color));
  document().setOverlayOpacity(1);
  ASSERT_TRUE(image.settle());
  EXPECT_TRUE(isLike(image.at(pixelOf(scene(), 0, testing::chairPoint())), color)) << "the image shows the stroke";
  EXPECT_FALSE(isLike(image.at(pixelOf(scene(), 0, testing::floorPoint())), color));

  trigger("undoAction");
  EXPECT_EQ(labels().layer()->numLabelled(), 0U);
  EXPECT_EQ(afterKill().numLabelled(), 0U);
  ASSERT_TRUE(image.settle());
  EXPECT_FALSE(isLike(image.at(pixelOf(scene(), 0, testing::chairPoint())), color));
  trigger("redoAction");
  EXPECT_EQ(afterKill().count(kChairClass), near);
}

TEST_F(LabelWindow, StrokeInTheImageLandsOnWhatTheFrameSees) {
  labels().chooseClass(kFloorClass);
  trigger("brushAction");
  const QPoint floor = canvas().widgetFromImage(pixelOf(scene(), 0, testing::floorPoint())).toPoint();
  image.drag(floor, floor + QPoint(12, 0));
  const auto [near, far] = labelled(testing::floorPoint(), .6F);
  EXPECT_GT(near, 20U);
  EXPECT_EQ(far, 0U);
  ASSERT_TRUE(view.settle());
  EXPECT_TRUE(isLike(view.picture().pixelColor(view.place(testing::floorPoint())), classCatalog()[kFloorClass].rgb));
  EXPECT_EQ(afterKill(), *labels().layer());
}

TEST_F(LabelWindow, StrokesFollowEachOtherWithoutWaitingForThePicture) {
  labels().chooseClass(kChairClass);
  trigger("brushAction");
  ASSERT_TRUE(view.settle());
  const QPoint chair = view.place(testing::chairPoint());
  std::size_t before = 0;
  for (int i = 0; i < 4; ++i) {
    const QPoint from = chair + QPoint(-30 + 20 * i, -20);
    view.drag(from, from + QPoint(0, 30));
    EXPECT_GT(labels().layer()->numLabelled(), before) << "stroke " << i;
    before = labels().layer()->numLabelled();
  }
  EXPECT_EQ(labels().history().size(), 4U);
}

TEST_F(LabelWindow, StrokeRightAfterAMotionLosesNothing) {
  labels().chooseClass(kChairClass);
  trigger("brushAction");
  window.sceneView().orbitBy(2, 0);
  ASSERT_TRUE(window.sceneView().isMoving());
  const QPoint chair = view.place(testing::chairPoint());
  view.drag(chair - QPoint(15, 0), chair + QPoint(15, 0));
  EXPECT_GT(labelled(testing::chairPoint(), .1F).first, 50U);
}

TEST_F(LabelWindow, EraserRectangleLassoAndPolygonChangeWhatTheyEnclose) {
  labels().chooseClass(kChairClass);
  trigger("rectangleAction");
  ASSERT_TRUE(view.settle());
  const QPoint chair = view.place(testing::chairPoint());
  view.drag(chair - QPoint(12, 12), chair + QPoint(12, 12));
  const std::size_t in_rectangle = labels().layer()->numLabelled();
  EXPECT_GT(in_rectangle, 20U);
  trigger("undoAction");

  trigger("lassoAction");
  QTest::mousePress(&window.sceneView(), Qt::LeftButton, {}, chair - QPoint(12, 12));
  for (const QPoint& corner : {QPoint(12, -12), QPoint(12, 12), QPoint(-12, 12)}) {
    QMouseEvent move(QEvent::MouseMove,
                     QPointF(chair + corner),
                     window.sceneView().mapToGlobal(QPointF(chair + corner)),
                     Qt::NoButton,
                     Qt::LeftButton,
                     {});
    QApplication::sendEvent(&window.sceneView(), &move);
  }
  QTest::mouseRelease(&window.sceneView(), Qt::LeftButton, {}, chair + QPoint(-12, 12));
  const std::size_t in_lasso = labels().layer()->numLabelled();
  EXPECT_GT(in_lasso, 20U);
  EXPECT_LE(in_lasso, in_rectangle);
  trigger("undoAction");

  trigger("polygonAction");
  for (const QPoint& corner : {QPoint(-12, -12), QPoint(12, -12), QPoint(40, 40), QPoint(12, 12), QPoint(-12, 12)}) {
    QTest::mouseClick(&window.sceneView(), Qt::LeftButton, {}, chair + corner);
    if (corner == QPoint(40, 40)) QTest::keyClick(&window.sceneView(), Qt::Key_Backspace);
  }
  QTest::mouseClick(&window.sceneView(), Qt::MiddleButton, {}, chair + QPoint(60, 0));  // No corner.
  EXPECT_EQ(labels().layer()->numLabelled(), 0U) << "nothing before Enter";
  QTest::keyClick(&window.sceneView(), Qt::Key_Return);
  EXPECT_EQ(labels().layer()->numLabelled(), in_lasso) << "the same outline";

  trigger("eraserAction");
  view.drag(chair - QPoint(30, 0), chair + QPoint(30, 0));
  EXPECT_LT(labels().layer()->numLabelled(), in_lasso);
}

TEST_F(LabelWindow, ThroughTakesWhatLiesBehindToo) {
  labels().chooseClass(kChairClass);
  trigger("throughAction");
  trigger("rectangleAction");
  ASSERT_TRUE(view.settle());
  const QPoint chair = view.place(testing::chairPoint());
  view.drag(chair - QPoint(12, 12), chair + QPoint(12, 12));
  EXPECT_GT(labelled(testing::chairPoint(), .3F).second, 0U) << "the floor behind the chair";
}

TEST_F(LabelWindow, SuperpointClickPaintsTheChairAloneAndTheWheelChangesItsSize) {
  labels().chooseClass(kChairClass);
  trigger("superpointAction");
  ASSERT_TRUE(view.settle());
  const QPoint chair = view.place(testing::chairPoint());
  const std::size_t level = labels().settings().level;
  QWheelEvent wheel(chair, window.sceneView().mapToGlobal(chair), {}, {0, 120}, {}, Qt::ControlModifier, {}, false);
  QApplication::sendEvent(&window.sceneView(), &wheel);
  EXPECT_EQ(labels().settings().level, level + 1);
  QTest::mouseClick(&window.sceneView(), Qt::LeftButton, {}, chair);
  const auto [near, far] = labelled(testing::chairPoint(), .6F);
  EXPECT_GT(near, 500U);
  EXPECT_EQ(far, 0U);
}

TEST_F(LabelWindow, DigitsChooseClassesAndIPicksTheOneUnderTheCursor) {
  trigger("class4Action");  // The key 5.
  EXPECT_EQ(labels().settings().label, 4);
  labels().paint({0, 1, 2, 3}, "brush");
  const Eigen::Vector3f place = scene().points().positions_m[1];
  trigger("class1Action");
  document().link().setHovered(LinkedPoint{LinkedPoint::Source::Scene, place, 1U});
  trigger("pickClassAction");
  EXPECT_EQ(labels().settings().label, 4);
}

TEST_F(LabelWindow, EscapeGivesUpTheOutlineThenTheTool) {
  trigger("polygonAction");
  ASSERT_TRUE(view.settle());
  QTest::mouseClick(&window.sceneView(), Qt::LeftButton, {}, view.place(testing::chairPoint()));
  trigger("escapeAction");
  EXPECT_NE(window.tools().manager().active(), nullptr);
  trigger("escapeAction");
  EXPECT_EQ(window.tools().manager().active(), nullptr);
}

TEST_F(LabelWindow, SecondWindowOnTheFileReadsOnlyAndSaysSo) {
  MainWindow second(false);
  second.setShowsErrors(false);
  QSignalSpy problems(&second, &MainWindow::problemMet);
  second.labels().openProject(file());
  ASSERT_EQ(problems.count(), 1);
  EXPECT_TRUE(problems[0][1].toString().contains("has it open")) << problems[0][1].toString().toStdString();
  EXPECT_TRUE(second.labels().isReadOnly());
}

}  // namespace
}  // namespace tagscape

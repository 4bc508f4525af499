// The window as the user works with it: open, click, look.

#include "ui/window/main_window.h"

#include "core/io/cam_file.h"
#include "tests/ui/support/pages.h"
#include "tests/ui/support/patch_scene.h"
#include "ui/panels/scene_panel.h"
#include "ui/render/colors.h"

#include <QAction>
#include <QCoreApplication>
#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QSlider>
#include <QStackedWidget>
#include <QTemporaryDir>
#include <QToolButton>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using testing::control;
using testing::distance;
using testing::kChairClass;
using testing::kFloorClass;

RunStatus statusOf(RunState state, const std::string& reason) {
  RunStatus status;
  status.state = state;
  status.phase = "joint";
  status.step = status.total_steps = 10;
  status.reason = reason;
  return status;
}

struct MainWindowTest : ::testing::Test {
  MainWindowTest() : window(false), classes(window), image(window), view(window.sceneView()) {
    window.resize(1280, 800);
    window.show();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(&window));
  }
  ~MainWindowTest() override { EXPECT_EQ(window.sceneView().numGlErrors(), 0); }

  void showPatch() {
    document().setScene(testing::patchScene());
    ASSERT_TRUE(document().setCams(testing::patchCams(*document().scene())));
    control<QWidget>(window, "sceneView").parentWidget()->show();
    window.findChild<QStackedWidget*>()->setCurrentWidget(&window.sceneView());
    ASSERT_TRUE(view.settle());
    ASSERT_TRUE(image.settle());
  }
  Document& document() { return window.document(); }

  MainWindow window;
  testing::ClassPage classes;
  testing::ImagePage image;
  testing::SceneViewPage view;
};

TEST_F(MainWindowTest, ShowsTheStartPageFirst) {
  EXPECT_TRUE(control<QWidget>(window, "startPage").isVisible());
  EXPECT_TRUE(control<QPushButton>(window, "openScene").isEnabled());
  EXPECT_TRUE(control<QPushButton>(window, "makeSample").isEnabled());
}

TEST_F(MainWindowTest, MakesTheSampleScenesAndOpensTheFirst) {
  const QTemporaryDir data;
  const QByteArray old_path = qgetenv("PATH");
  const QByteArray old_data = qgetenv("XDG_DATA_HOME");
  qputenv("PATH", QByteArray(PROGRAM_FOLDER ":") + old_path);
  qputenv("XDG_DATA_HOME", data.path().toUtf8());
  auto& button = control<QPushButton>(window, "makeSample");
  QTest::mouseClick(&button, Qt::LeftButton);
  EXPECT_EQ(button.text(), "Stop");
  EXPECT_TRUE(control<QLabel>(window, "sampleBusy").text().contains("0 of 3"));
  constexpr int kPatience_ms = 120'000;  // of a loaded machine
  EXPECT_TRUE(QTest::qWaitFor([&] { return document().scene() != nullptr; }, kPatience_ms));
  ASSERT_TRUE(document().scene());
  EXPECT_EQ(document().scene()->name, "scene0000_00");
  EXPECT_GT(document().scene()->points().size(), 10'000U);
  EXPECT_TRUE(document().scene()->warnings.empty());
  EXPECT_EQ(control<QTreeView>(window, "sceneTree").model()->rowCount(), 2) << "train and val";
  qputenv("PATH", old_path);
  old_data.isNull() ? qunsetenv("XDG_DATA_HOME") : qputenv("XDG_DATA_HOME", old_data);
}

TEST(MainWindowLayout, StartsWithRoomForTheNamesOfClasses) {
  MainWindow fresh(false);
  fresh.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&fresh));
  auto& table = control<QTreeView>(fresh, "classTable");
  EXPECT_GE(table.width(), 230);
  EXPECT_GE(table.columnWidth(0), table.fontMetrics().horizontalAdvance("bookshelf"));
}

TEST_F(MainWindowTest, NamesEveryControlForScreenReaders) {
  for (const char* name : {"sceneView",
                           "imageCanvas",
                           "classTable",
                           "frameSlider",
                           "overlayChoice",
                           "overlayOpacity",
                           "camThreshold",
                           "toggleTraining",
                           "stopTraining",
                           "previousFrame",
                           "nextFrame",
                           "warningList",
                           "sceneTree",
                           "sceneFilter",
                           "depthChoice"}) {
    EXPECT_FALSE(control<QWidget>(window, name).accessibleName().isEmpty()) << name;
  }
}

TEST_F(MainWindowTest, ShowsTheCamOfTheClassThatIsClicked) {
  showPatch();
  document().setLayer(PointLayer::Cam);
  classes.click(kFloorClass);
  classes.click(kChairClass);
  EXPECT_EQ(document().classIndex(), kChairClass);
  const QImage picture = view.picture();
  EXPECT_LE(distance(picture.pixelColor(view.place(testing::chairPoint())), toQColor(viridis(1))), 12);
  EXPECT_GT(distance(picture.pixelColor(view.place(testing::floorPoint())), toQColor(viridis(1))), 150);
}

TEST_F(MainWindowTest, ChangesTheImageWithTheFrame) {
  showPatch();
  EXPECT_LE(distance(image.at({5, 5}), toQColor(testing::frameColor(0))), 6);
  control<QSlider>(window, "frameSlider").setValue(1);
  ASSERT_TRUE(image.settle());
  EXPECT_LE(distance(image.at({5, 5}), toQColor(testing::frameColor(1))), 6);
  QTest::mouseClick(&control<QToolButton>(window, "previousFrame"), Qt::LeftButton);
  ASSERT_TRUE(image.settle());
  EXPECT_LE(distance(image.at({5, 5}), toQColor(testing::frameColor(0))), 6);
}

TEST_F(MainWindowTest, LaysTheProjectedCamOverTheImageWhereTheClassIs) {
  showPatch();
  document().setClassIndex(kChairClass);
  const QColor bare = image.at({5, 110});
  // The patch's middle in the first frame: at x = 79.5, and y from the camera's pose (tests of FrameWorkspace compute
  // it).
  const QPointF on_chair(79, 60);
  const QColor bare_chair = image.at(on_chair);
  image.chooseOverlay(FrameOverlay::ProjectedCam);
  ASSERT_TRUE(image.settle());
  EXPECT_GT(distance(image.at(on_chair), bare_chair), 60);
  EXPECT_LE(distance(image.at({5, 110}), bare), 6);
}

TEST_F(MainWindowTest, SaysWhatIsWrongWithABrokenFrameAndGoesOn) {
  showPatch();
  document().setFrameIndex(2);
  ASSERT_TRUE(image.settle());
  EXPECT_NE(image.picture().problem.find("color/2.jpg"), std::string::npos);
  EXPECT_EQ(testing::errorDialog(), nullptr);
  document().setFrameIndex(1);
  ASSERT_TRUE(image.settle());
  EXPECT_TRUE(image.picture().problem.empty());
}

TEST_F(MainWindowTest, ShowsTheLegendOfTheOcclusionOverlay) {
  showPatch();
  image.chooseOverlay(FrameOverlay::Occlusion);
  ASSERT_TRUE(image.settle());
  auto& legend = control<QLabel>(window, "occlusionLegend");
  EXPECT_TRUE(legend.isVisible());
  EXPECT_TRUE(legend.text().contains("occluded"));
  image.chooseOverlay(FrameOverlay::None);
  ASSERT_TRUE(image.settle());
  EXPECT_FALSE(legend.isVisible());
}

TEST_F(MainWindowTest, ObeysItsKeys) {
  showPatch();
  window.activateWindow();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
  window.sceneView().setFocus();
  QTest::keyClick(&window.sceneView(), Qt::Key_C);
  EXPECT_EQ(document().layer(), PointLayer::Cam);
  QTest::keyClick(&window.sceneView(), Qt::Key_R);
  EXPECT_EQ(document().layer(), PointLayer::Rgb);
  QTest::keyClick(&window.sceneView(), Qt::Key_5);
  EXPECT_EQ(document().classIndex(), 4);
  QTest::keyClick(&window.sceneView(), Qt::Key_End);
  EXPECT_EQ(document().frameIndex(), 3);
  QTest::keyClick(&window.sceneView(), Qt::Key_Left);
  EXPECT_EQ(document().frameIndex(), 2);
  QTest::keyClick(&window.sceneView(), Qt::Key_O);
  EXPECT_EQ(document().overlay(), FrameOverlay::Cam2d);
}

TEST_F(MainWindowTest, LeavesArrowKeysToASliderThatHasTheFocus) {
  showPatch();
  document().setOverlay(FrameOverlay::Cam2d);
  window.activateWindow();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
  auto& slider = control<QSlider>(window, "overlayOpacity");
  slider.setFocus();
  const int before = slider.value();
  QTest::keyClick(&slider, Qt::Key_Right);
  EXPECT_EQ(slider.value(), before + 1);
  EXPECT_EQ(document().frameIndex(), 0);
}

TEST_F(MainWindowTest, TellsOfAFolderThatIsNoSceneAndLives) {
  showPatch();
  const QTemporaryDir empty;
  window.open(empty.path().toStdString());
  ASSERT_TRUE(testing::waitFor([] { return testing::errorDialog() != nullptr; }));
  QPointer<QMessageBox> dialog = testing::errorDialog();
  EXPECT_TRUE(dialog->informativeText().contains(empty.path()));
  EXPECT_TRUE(dialog->textInteractionFlags() & Qt::TextSelectableByMouse);
  dialog->close();
  ASSERT_TRUE(testing::waitFor([&] { return dialog.isNull(); }));
  EXPECT_EQ(document().scene()->name, "patch");  // What was open stays.
  document().setFrameIndex(1);
  EXPECT_TRUE(image.settle());
}

TEST_F(MainWindowTest, TellsOfAPathThatDoesNotExist) {
  window.open("/nowhere/at/all");
  ASSERT_TRUE(testing::waitFor([] { return testing::errorDialog() != nullptr; }));
  EXPECT_TRUE(testing::errorDialog()->informativeText().contains("/nowhere/at/all"));
  testing::errorDialog()->close();
  EXPECT_TRUE(control<QWidget>(window, "startPage").isVisible());
}

TEST_F(MainWindowTest, ShowsTheCamsOfARunThatIsWatched) {
  showPatch();
  document().clearCams();
  const QTemporaryDir folder;
  const auto run = RunDirectory::create((folder.path() + "/run").toStdString(), false);
  ASSERT_TRUE(run);
  ASSERT_TRUE(run->writeStatus(statusOf(RunState::Finished, {})));
  ASSERT_TRUE(run->appendMetrics({1, .1, "image", {{"loss_total", 1.5}}}));
  ASSERT_TRUE(writeCams(run->predictionFile("patch"), *testing::patchCams(*document().scene())));
  window.runs().watchFor(run->path());
  ASSERT_TRUE(testing::waitFor([&] { return document().cams() != nullptr; }));
  EXPECT_EQ(control<QLabel>(window, "trainingState").text(), "Finished");
  EXPECT_TRUE(control<QAction>(window, "exportAction").isEnabled());
}

TEST_F(MainWindowTest, TellsWhyARunFailed) {
  showPatch();
  const QTemporaryDir folder;
  const auto run = RunDirectory::create((folder.path() + "/run").toStdString(), false);
  ASSERT_TRUE(run);
  ASSERT_TRUE(run->writeStatus(statusOf(RunState::Failed, "the loss became NaN at step 12")));
  window.runs().watchFor(run->path());
  EXPECT_TRUE(control<QLabel>(window, "trainingReason").isVisible());
  EXPECT_TRUE(control<QLabel>(window, "trainingReason").text().contains("NaN at step 12"));
}

TEST_F(MainWindowTest, TellsHowFarTheLabellingOfAScanIs) {
  showPatch();
  const QTemporaryDir folder;
  const auto run = RunDirectory::create((folder.path() + "/run").toStdString(), false);
  ASSERT_TRUE(run);
  RunStatus status = statusOf(RunState::Preparing, {});
  status.phase = "labels";
  status.note = "encoding frames, quality balanced";
  status.step = 6;
  status.total_steps = 42;
  status.eta_s = 95;
  status.pid = QCoreApplication::applicationPid();
  ASSERT_TRUE(run->writeStatus(status));
  window.runs().watchFor(run->path());
  const QString rate = control<QLabel>(window, "trainingRate").text();
  EXPECT_TRUE(rate.contains("encoding frames, quality balanced")) << rate.toStdString();
  EXPECT_TRUE(rate.contains("1 min 35 s left")) << rate.toStdString();
  EXPECT_EQ(control<QProgressBar>(window, "trainingProgress").value(), 6);
}

TEST_F(MainWindowTest, ExportsTheLabelsThatAreShown) {
  showPatch();
  const QTemporaryDir folder;
  std::vector<std::filesystem::path> files;
  QObject::connect(&window.exporter(), &LabelExporter::written, &window, [&](const auto& written) { files = written; });
  window.exporter().write(folder.path().toStdString(), {"ply", "scannet"});
  ASSERT_TRUE(testing::waitFor([&] { return !files.empty(); }));
  EXPECT_EQ(files.size(), 5U) << "the PLY, and four files of ScanNet's";
  for (const auto& file : files) EXPECT_TRUE(std::filesystem::exists(file)) << file;
}

TEST_F(MainWindowTest, SaysThatThereIsNothingToExport) {
  window.exporter().write("/tmp", {"ply"});
  ASSERT_NE(testing::errorDialog(), nullptr);
  testing::errorDialog()->close();
}

TEST_F(MainWindowTest, OpensWhatIsDropped) {
  QMimeData data;
  data.setUrls({QUrl::fromLocalFile("/nowhere/dropped")});
  QDragEnterEvent enter({100, 100}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window, &enter);
  EXPECT_TRUE(enter.isAccepted());
  QDropEvent drop({100, 100}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window, &drop);
  ASSERT_TRUE(testing::waitFor([] { return testing::errorDialog() != nullptr; }));
  EXPECT_TRUE(testing::errorDialog()->informativeText().contains("/nowhere/dropped"));
  testing::errorDialog()->close();
}

TEST_F(MainWindowTest, OcclusionCanComeFromTheMeshInsteadOfTheSensor) {
  showPatch();
  image.chooseOverlay(FrameOverlay::Occlusion);
  ASSERT_TRUE(image.settle());
  auto& depth = control<QComboBox>(window, "depthChoice");
  EXPECT_TRUE(depth.isVisible());
  const auto by_sensor = image.picture().reason_counts;
  depth.setCurrentIndex(depth.findData(static_cast<int>(DepthSource::Surface)));
  ASSERT_TRUE(image.settle());
  ASSERT_TRUE(by_sensor && image.picture().reason_counts);
  // The mesh is the floor alone: what the patch hides from the sensor is seen.
  const auto occluded = static_cast<std::size_t>(Visibility::Occluded);
  EXPECT_GT((*by_sensor)[occluded], 50U);
  EXPECT_LT((*image.picture().reason_counts)[occluded], 10U);
}

TEST(MainWindowLayout, SurvivesARestart) {
  const char* dock_name = "trainingDock";
  {
    MainWindow window;
    window.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&window));
    control<QWidget>(window, dock_name).hide();
    window.close();
  }
  MainWindow again;
  again.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&again));
  EXPECT_FALSE(control<QWidget>(again, dock_name).isVisible());
  EXPECT_TRUE(control<QWidget>(again, "imageDock").isVisible());
}

}  // namespace
}  // namespace tagscape

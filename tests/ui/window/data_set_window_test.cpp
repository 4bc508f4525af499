// A data set in the window: list its scenes, open them, filter them.

#include "core/scans/sens_file.h"
#include "tests/ui/support/pages.h"

#include <QFile>
#include <QLineEdit>
#include <QTemporaryDir>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using testing::control;

/// A data set of two recordings of three frames in front of a wall, one in each split; the second's images are green.
void writeDataSet(const std::filesystem::path& folder) {
  for (const int scene : {0, 1}) {
    const std::string id = "scene000" + std::to_string(scene) + "_00";
    std::filesystem::create_directories(folder / "scans" / id);
    SensHeader header;
    header.color_type = SensColor::Raw;
    header.color_width = header.depth_width = 32;
    header.color_height = header.depth_height = 24;
    header.color_intrinsic.topLeftCorner<2, 3>() << 40, 0, 15.5F, 0, 40, 11.5F;
    header.depth_intrinsic = header.color_intrinsic;
    ASSERT_TRUE(writeSens(folder / "scans" / id / (id + ".sens"), header, 3, [&](std::size_t) -> Result<SensFrameData> {
      SensFrameData frame;
      frame.color = RgbImage(32, 24, 3, 40);
      for (std::size_t i = static_cast<std::size_t>(scene); i < frame.color.pixels.size(); i += 3)
        frame.color.pixels[i] = 220;
      frame.depth = RawDepthImage(32, 24, 1, 1500);
      return frame;
    }));
  }
  QFile train(QString::fromStdString((folder / "scannetv2_train.txt").string()));
  QFile val(QString::fromStdString((folder / "scannetv2_val.txt").string()));
  ASSERT_TRUE(train.open(QIODevice::WriteOnly) && val.open(QIODevice::WriteOnly));
  train.write("scene0000_00\n");
  val.write("scene0001_00\n");
}

struct DataSetWindow : ::testing::Test {
  DataSetWindow() : window(false), tree(control<QTreeView>(window, "sceneTree")) {
    window.resize(1280, 800);
    window.show();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(&window));
    writeDataSet(folder.path().toStdString());
    window.open(folder.path().toStdString());
    EXPECT_TRUE(testing::waitFor([&] { return model().rowCount() == 2; }));
  }
  ~DataSetWindow() override { EXPECT_EQ(window.sceneView().numGlErrors(), 0); }
  Document& document() { return window.document(); }
  QAbstractItemModel& model() { return *tree.model(); }
  [[nodiscard]] QModelIndex scene(int group) { return model().index(0, 0, model().index(group, 0)); }
  /// On the scene of a split, as the user opens it.
  void doubleClick(int group) {
    tree.expand(model().index(group, 0));
    tree.scrollTo(scene(group));
    const QPoint place = tree.visualRect(scene(group)).center();
    QTest::mouseClick(tree.viewport(), Qt::LeftButton, {}, place);
    QTest::mouseDClick(tree.viewport(), Qt::LeftButton, {}, place);
  }
  [[nodiscard]] bool openScene(int group) {
    doubleClick(group);
    return testing::waitFor([&] { return document().numFrames() == 3; });
  }

  QTemporaryDir folder;
  MainWindow window;
  QTreeView& tree;
};

TEST_F(DataSetWindow, ListsTheScenesOfADataSetAndOpensNone) {
  EXPECT_EQ(document().scene(), nullptr);
  EXPECT_EQ(model().index(1, 0).data().toString(), "val (1)");
  EXPECT_TRUE(control<QWidget>(window, "startPage").isVisible());
}

TEST_F(DataSetWindow, OpensTheSceneThatIsDoubleClickedAndListsItsFrames) {
  ASSERT_TRUE(openScene(1));
  EXPECT_EQ(document().scene()->name, "scene0001_00");
  ASSERT_TRUE(testing::waitFor([&] { return tree.isExpanded(scene(1)); }));
  EXPECT_EQ(model().rowCount(scene(1)), 3);
  const QModelIndex second = model().index(1, 0, scene(1));
  tree.scrollTo(second);
  QTest::mouseClick(tree.viewport(), Qt::LeftButton, {}, tree.visualRect(second).center());
  EXPECT_EQ(document().frameIndex(), 1);
  document().setFrameIndex(2);
  EXPECT_EQ(tree.currentIndex().row(), 2) << "the tree follows the timeline";
}

TEST_F(DataSetWindow, ShowsPicturesOfScenesThatAreNotOpenAndOfFrames) {
  tree.expandAll();
  const auto picture = [](const QModelIndex& at) { return at.data(Qt::DecorationRole).value<QImage>(); };
  ASSERT_TRUE(testing::waitFor([&] { return !picture(scene(0)).isNull() && !picture(scene(1)).isNull(); }));
  EXPECT_GT(qRed(picture(scene(0)).pixel(20, 20)), 200);
  EXPECT_GT(qGreen(picture(scene(1)).pixel(20, 20)), 200);
  ASSERT_TRUE(openScene(0));
  ASSERT_TRUE(testing::waitFor([&] { return !picture(model().index(1, 0, scene(0))).isNull(); }));
}

TEST_F(DataSetWindow, FiltersByName) {
  control<QLineEdit>(window, "sceneFilter").setText("0001");
  ASSERT_EQ(model().rowCount(), 1);
  EXPECT_EQ(scene(0).data().toString(), "scene0001_00");
  control<QLineEdit>(window, "sceneFilter").clear();
  EXPECT_EQ(model().rowCount(), 2);
}

TEST_F(DataSetWindow, FilteringKeepsTheFrameThatIsShown) {
  ASSERT_TRUE(openScene(1));
  ASSERT_TRUE(testing::waitFor([&] { return tree.isExpanded(scene(1)); }));
  document().setFrameIndex(1);
  control<QLineEdit>(window, "sceneFilter").setText("2");
  EXPECT_EQ(document().frameIndex(), 1);
  control<QLineEdit>(window, "sceneFilter").clear();
  EXPECT_EQ(document().frameIndex(), 1);
  EXPECT_EQ(tree.currentIndex().row(), 1);
}

TEST_F(DataSetWindow, TellsOfASceneThatWasRemovedAndLives) {
  std::filesystem::remove_all((folder.path() + "/scans/scene0000_00").toStdString());
  doubleClick(0);
  ASSERT_TRUE(testing::waitFor([] { return testing::errorDialog() != nullptr; }));
  EXPECT_TRUE(testing::errorDialog()->informativeText().contains("scene0000_00"));
  testing::errorDialog()->close();
  EXPECT_TRUE(openScene(1));
}

}  // namespace
}  // namespace tagscape

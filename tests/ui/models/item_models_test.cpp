#include "tests/ui/support/patch_scene.h"
#include "ui/models/class_model.h"
#include "ui/models/scene_tree_model.h"
#include "ui/models/warning_model.h"

#include <QAbstractItemModelTester>
#include <QColor>
#include <QSignalSpy>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using Mode = QAbstractItemModelTester::FailureReportingMode;

TEST(ClassModel, KeepsTheRulesOfItemModelsThroughEveryChange) {
  Document document;
  ClassModel model(document);
  const QAbstractItemModelTester tester(&model, Mode::Fatal);
  document.setScene(testing::patchScene());
  ASSERT_TRUE(document.setCams(testing::patchCams(*document.scene())));
  document.setFrameIndex(1);
  document.setScene(testing::smallScene());
  document.setScene(nullptr);
  EXPECT_EQ(model.rowCount(), kNumClasses);
}

TEST(ClassModel, ShowsTagsOfSceneAndFrame) {
  Document document;
  const ClassModel model(document);
  document.setScene(testing::patchScene());
  const auto has = [&](int row, int column) {
    return model.index(row, column).data(Qt::CheckStateRole).toInt() == Qt::Checked;
  };
  EXPECT_TRUE(has(testing::kChairClass, ClassModel::SceneTag));
  EXPECT_FALSE(has(0, ClassModel::SceneTag));
  EXPECT_TRUE(has(testing::kChairClass, ClassModel::FrameTag));
  document.setFrameIndex(1);
  EXPECT_FALSE(has(testing::kChairClass, ClassModel::FrameTag));
}

TEST(ClassModel, ShowsNamesAndColoursOfTheCatalogue) {
  Document document;
  const ClassModel model(document);
  EXPECT_EQ(model.index(15, ClassModel::Name).data().toString(), "shower curtain");
  EXPECT_EQ(model.index(15, ClassModel::Name).data(Qt::DecorationRole).value<QColor>(), QColor(158, 218, 229));
}

TEST(ClassModel, CountsThePrediction) {
  Document document;
  const ClassModel model(document);
  document.setScene(testing::patchScene());
  ASSERT_TRUE(document.setCams(testing::patchCams(*document.scene())));
  double sum = 0;
  for (int row = 0; row < kNumClasses; ++row) {
    sum += model.index(row, ClassModel::PredictedFraction).data().toString().section(' ', 0, 0).toDouble();
  }
  EXPECT_NEAR(sum, 100, 0.2);  // Rounded to a tenth each.
}

TEST(WarningModel, KeepsTheRulesOfItemModelsThroughEveryChange) {
  Document document;
  WarningModel model(document);
  const QAbstractItemModelTester tester(&model, Mode::Fatal);
  document.setScene(testing::patchScene());
  EXPECT_EQ(model.rowCount(), 1);
  EXPECT_TRUE(model.index(0, 0).data().toString().contains("pose/30.txt"));
  document.setScene(testing::smallScene());
  EXPECT_EQ(model.rowCount(), 0);
}

DataSet threeScenes() {
  DataSet set;
  set.path = "/data/rooms";
  for (const char* id : {"scene0000_00", "scene0001_00", "scene0002_00"})
    set.scenes.push_back({id, std::filesystem::path("/data/rooms/scans") / id});
  set.splits = {{"train", {0, 2}}, {"val", {1}}};
  return set;
}

/// The patch scene as if it had been read from a path.
SharedScene patchSceneAt(const std::filesystem::path& path) {
  auto scene = std::make_shared<Scene>(*testing::patchScene());
  scene->path = path;
  scene->name = path.filename().string();
  return scene;
}

struct SceneTree : ::testing::Test {
  QModelIndex scene(int group, int row) const { return model.index(row, 0, model.index(group, 0)); }
  Document document;
  SceneTreeModel model{document};
};

TEST_F(SceneTree, KeepsTheRulesOfItemModelsThroughEveryChange) {
  const QAbstractItemModelTester tester(&model, Mode::Fatal);
  model.setDataSet(threeScenes());
  document.setScene(patchSceneAt("/data/rooms/scans/scene0001_00"));
  document.setScene(patchSceneAt("/elsewhere/office"));
  model.setThumbnail({"/elsewhere/office", 1}, QImage(8, 8, QImage::Format_RGB888));
  model.setDataSet({});
  document.setScene(nullptr);
  EXPECT_EQ(model.rowCount(), 1) << "what was opened by itself stays";
}

TEST_F(SceneTree, GroupsScenesBySplitInTheOrderOfItsList) {
  model.setDataSet(threeScenes());
  ASSERT_EQ(model.rowCount(), 2);
  EXPECT_EQ(model.index(0, 0).data().toString(), "train (2)");
  EXPECT_EQ(scene(0, 1).data().toString(), "scene0002_00");
  EXPECT_EQ(scene(1, 0).data(SceneTreeModel::PathRole).toString(), "/data/rooms/scans/scene0001_00");
  EXPECT_EQ(model.firstScene(), scene(0, 0));
}

TEST_F(SceneTree, ListsScenesOfNoSplitToo) {
  DataSet set = threeScenes();
  set.splits = {{"val", {1}}};
  model.setDataSet(set);
  ASSERT_EQ(model.rowCount(), 2);
  EXPECT_EQ(model.index(1, 0).data().toString(), "in no split (2)");
}

TEST_F(SceneTree, ShowsTheFramesOfTheOpenSceneOnly) {
  model.setDataSet(threeScenes());
  document.setScene(patchSceneAt("/data/rooms/scans/scene0001_00"));
  EXPECT_EQ(model.openScene(), scene(1, 0));
  EXPECT_EQ(model.rowCount(scene(1, 0)), 4);
  EXPECT_EQ(model.rowCount(scene(0, 0)), 0);
  EXPECT_EQ(model.frame(2).parent(), scene(1, 0));
  EXPECT_EQ(model.frame(2).data(SceneTreeModel::FrameRole).toInt(), 2);
  EXPECT_TRUE(model.frame(0).data(SceneTreeModel::SearchRole).toString().contains("chair"));
  EXPECT_FALSE(model.frame(9).isValid());
}

TEST_F(SceneTree, ListsASceneOfNoDataSetOnceByItself) {
  model.setDataSet(threeScenes());
  document.setScene(patchSceneAt("/elsewhere/office"));
  document.setScene(patchSceneAt("/data/rooms/scans/scene0000_00"));
  document.setScene(patchSceneAt("/elsewhere/office"));
  ASSERT_EQ(model.rowCount(), 3);
  EXPECT_EQ(model.rowCount(model.index(2, 0)), 1);
  EXPECT_EQ(model.openScene(), scene(2, 0));
}

TEST_F(SceneTree, AsksOnceForAPictureThatIsLookedAt) {
  model.setDataSet(threeScenes());
  QSignalSpy wanted(&model, &SceneTreeModel::thumbnailWanted);
  QSignalSpy changed(&model, &SceneTreeModel::dataChanged);
  EXPECT_FALSE(scene(0, 0).data(Qt::DecorationRole).isValid());
  EXPECT_FALSE(scene(0, 0).data(Qt::DecorationRole).isValid());
  ASSERT_EQ(wanted.size(), 1);
  model.setThumbnail(wanted[0][0].value<ThumbnailKey>(), QImage(8, 6, QImage::Format_RGB888));
  EXPECT_EQ(scene(0, 0).data(Qt::DecorationRole).value<QImage>().size(), QSize(8, 6));
  EXPECT_EQ(changed.size(), 1);
  model.setThumbnail({"/data/rooms/scans/scene0002_00", -1}, {});
  EXPECT_FALSE(scene(0, 1).data(Qt::DecorationRole).isValid());
  EXPECT_EQ(wanted.size(), 1) << "a picture that cannot be made is not asked for again";
}

}  // namespace
}  // namespace tagscape

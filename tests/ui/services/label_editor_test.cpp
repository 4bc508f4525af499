#include "ui/services/label_editor.h"

#include "tests/core/annotate/annotate_fixtures.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/support/patch_scene.h"
#include "tests/ui/support/waiting.h"
#include "ui/panels/label_models.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace tagscape {
namespace {

class LabelEditorTest : public ::testing::Test {
 protected:
  LabelEditorTest() : file_(folder_.path() / "p.tagscape") {
    auto scene = std::make_shared<Scene>(*testing::patchScene());
    scene->mesh.triangles.clear();  // The chair has none: a superpoint would be one point.
    scene->path = folder_.path() / "scan";
    std::filesystem::create_directory(scene->path);
    document_.setScene(scene);
    editor_ = std::make_unique<LabelEditor>(document_);
    editor_->createProject(file_, builtInClassSet("scannet20").value());
    EXPECT_TRUE(testing::waitFor([this] { return editor_->canEdit() && editor_->geometry(); }));
  }
  [[nodiscard]] std::size_t numPoints() const { return document_.scene()->points().size(); }
  [[nodiscard]] std::vector<std::uint32_t> range(std::uint32_t begin, std::uint32_t end) const {
    std::vector<std::uint32_t> points(end - begin);
    std::iota(points.begin(), points.end(), begin);
    return points;
  }
  /// What the file has now, as another process would read it.
  [[nodiscard]] LabelLayer fromFile() const {
    Project project = Project::openReadOnly(file_).value();
    return project.loadLayer(project.pointLayer(project.scenes().at(0).id)->id).value().labels;
  }

  testing::TemporaryFolder folder_;
  std::filesystem::path file_;
  Document document_;
  std::unique_ptr<LabelEditor> editor_;
};

TEST_F(LabelEditorTest, FiveHundredRandomEditsEqualAPlainArrayAndTheFile) {
  Random random(21);
  testing::PlainModel model(numPoints());
  const auto labels_are = [&](const LabelLayer& layer) {
    for (std::size_t i = 0; i < numPoints(); ++i) {
      if (layer.at(i).label != model.now[i].label || layer.at(i).instance != model.now[i].instance) return false;
    }
    return true;
  };
  for (int i = 0; i < 500; ++i) {
    const std::uint64_t kind = random.below(10);
    const auto begin = static_cast<std::uint32_t>(random.below(numPoints()));
    const auto end = static_cast<std::uint32_t>(std::min<std::size_t>(numPoints(), begin + 1 + random.below(400)));
    LabelSettings settings = editor_->settings();
    settings.label = static_cast<std::uint8_t>(random.below(20));
    settings.instance = static_cast<std::uint16_t>(random.below(3));
    settings.only_unlabelled = random.below(4) == 0;
    editor_->setSettings(settings);
    if (kind < 7) {
      const bool erases = kind == 6;
      LabelDelta expected;
      for (std::uint32_t point = begin; point < end; ++point) {
        LabelValue after = model.now[point];
        if (erases) after = {};
        if (!erases && (!settings.only_unlabelled || after.label == kNoClass))
          after = {settings.label, 255, settings.instance, after.source};
        expected.elements.push_back(point);
        expected.after.push_back(after);
      }
      const LabelLayer before = *editor_->layer();
      if (kind < 4) {
        editor_->paint(range(begin, end), "brush");
      } else if (erases) {
        editor_->erase(range(begin, end), "eraser");
      } else {
        // A stroke in three stamps that overlap.
        editor_->beginStroke(false, "brush");
        editor_->addToStroke(range(begin, (begin + end) / 2));
        editor_->addToStroke(range((begin + end) / 2, end));
        editor_->addToStroke(range(begin, end));
        editor_->endStroke();
      }
      if (!(before == *editor_->layer())) model.put(expected);
    } else if (kind < 9) {
      editor_->undo();
      (void)model.undo();
    } else {
      editor_->redo();
      (void)model.redo();
    }
    ASSERT_TRUE(labels_are(*editor_->layer())) << "edit " << i;
  }
  EXPECT_EQ(fromFile(), *editor_->layer());
}

TEST_F(LabelEditorTest, ReopenedProjectGoesOnWhereItWas) {
  editor_->chooseClass(4);
  editor_->paint(range(0, 50), "brush");
  editor_->closeProject();
  editor_ = std::make_unique<LabelEditor>(document_);
  EXPECT_EQ(document_.labels().layer(), nullptr);
  editor_->openProject(file_);
  ASSERT_TRUE(testing::waitFor([this] { return editor_->canEdit(); }));
  EXPECT_EQ(editor_->layer()->count(4), 50U);
  editor_->undo();
  EXPECT_EQ(editor_->layer()->count(4), 0U);
  editor_->redo();
  EXPECT_EQ(document_.labels().layer()->count(4), 50U);
}

TEST_F(LabelEditorTest, CancelledStrokeLeavesNothing) {
  editor_->beginStroke(false, "brush");
  editor_->addToStroke(range(10, 40));
  EXPECT_EQ(editor_->layer()->numLabelled(), 30U) << "it shows at once";
  editor_->cancelStroke();
  EXPECT_EQ(editor_->layer()->numLabelled(), 0U);
  EXPECT_FALSE(editor_->canUndo());
}

TEST_F(LabelEditorTest, TagsOfTheUserAreKeptAndUndone) {
  const auto chair = static_cast<std::size_t>(testing::kChairClass);
  ASSERT_TRUE(document_.sceneTags()[chair]);
  document_.toggleSceneTag(testing::kChairClass);
  document_.setFrameIndex(1);
  document_.toggleFrameTag(7);
  {
    const Project project = Project::openReadOnly(file_).value();
    EXPECT_FALSE((*project.sceneTags(1))[chair]);
    EXPECT_TRUE(project.frameTags(1).at(document_.frame()->number)[7]);
  }
  editor_->undo();
  EXPECT_FALSE(document_.frameTags(1)[7]);
  editor_->undo();
  EXPECT_TRUE(document_.sceneTags()[chair]);
  EXPECT_EQ(editor_->history().size(), 2U) << "undoing makes no edits of its own";
}

TEST_F(LabelEditorTest, TagsAreCopiedFromTheFrameBeforeAndGivenToARange) {
  document_.setFrameIndex(1);
  document_.toggleFrameTag(7);
  document_.setFrameIndex(2);
  editor_->copyTagsFromFrameBefore();
  EXPECT_TRUE(document_.frameTags(2)[7]);
  editor_->applyTagsToFrames(0, 3);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(document_.frameTags(i)[7]) << i;
  EXPECT_EQ(editor_->numTaggedFrames(), 4);
  EXPECT_FALSE(editor_->nextUntaggedFrame());
  ASSERT_TRUE(editor_->writeTagsFile());
  EXPECT_TRUE(std::filesystem::exists(document_.scene()->path / "tags.json"));
}

TEST_F(LabelEditorTest, FullDiskKeepsEditsUntilThereIsRoom) {
  editor_->paint(range(0, 10), "brush");
  QSignalSpy failures(editor_.get(), &LabelEditor::storageFailed);
  QSignalSpy recoveries(editor_.get(), &LabelEditor::storageRecovered);
  {
    const testing::FileSizeLimit limit(std::filesystem::file_size(file_.string() + "-wal"));
    for (std::uint32_t i = 0; i < 5; ++i) {
      editor_->chooseClass(static_cast<std::uint8_t>(i + 1));
      editor_->paint(range(100 * i, 100 * i + 90), "brush");
    }
    EXPECT_EQ(failures.count(), 1) << "it is said once";
    EXPECT_GT(editor_->numPending(), 0U);
    EXPECT_GT(editor_->layer()->numLabelled(), 400U) << "work goes on";
    editor_->undo();
    EXPECT_EQ(editor_->layer()->count(5), 0U);
  }
  ASSERT_TRUE(testing::waitFor([&] { return recoveries.count() == 1; }));
  EXPECT_EQ(editor_->numPending(), 0U);
  EXPECT_EQ(fromFile(), *editor_->layer());
}

TEST_F(LabelEditorTest, AsksBeforeFarFewerLabelsAreLeft) {
  editor_->chooseClass(3);
  editor_->paint(range(0, 2000), "brush");
  int num_asked = 0;
  editor_->setConfirm([&](const QString&) {
    ++num_asked;
    return false;
  });
  editor_->erase(range(0, 100), "eraser");
  EXPECT_EQ(num_asked, 0) << "a small erasure";
  editor_->erase(range(0, 1800), "eraser");
  EXPECT_EQ(num_asked, 1);
  EXPECT_EQ(editor_->layer()->numLabelled(), 1900U) << "the answer was no";
}

TEST_F(LabelEditorTest, MachinesLabelsAreAStartAndAPersonsWordStays) {
  ASSERT_TRUE(document_.setCams(testing::patchCams(*document_.scene())));
  editor_->chooseClass(9);
  editor_->paint(range(0, 20), "brush");
  editor_->takePrediction({});
  EXPECT_EQ(editor_->layer()->count(9), 20U);
  EXPECT_GT(editor_->layer()->count(testing::kFloorClass), 1000U);
  EXPECT_FALSE(document_.labels().isPersons(editor_->layer()->at(500)));
  const std::size_t before = editor_->layer()->count(testing::kFloorClass);
  editor_->accept(range(500, 520));
  EXPECT_TRUE(document_.labels().isPersons(editor_->layer()->at(510)));
  EXPECT_EQ(editor_->layer()->count(testing::kFloorClass), before);
}

TEST_F(LabelEditorTest, FillStopsAtOtherLabelsAndSuperpointsDivideFloorAndChair) {
  const auto& positions = document_.scene()->points().positions_m;
  const auto on_chair = static_cast<std::uint32_t>(
      std::find_if(positions.begin(), positions.end(), [](const auto& p) { return p.z() > .25F; }) - positions.begin());
  const auto superpoint = editor_->superpointOf(on_chair);
  ASSERT_GT(superpoint.size(), 100U);
  for (const std::uint32_t point : superpoint) EXPECT_NEAR(positions[point].y(), .5F, .05F);
  editor_->chooseClass(4);
  editor_->paint(superpoint, "superpoint");
  editor_->chooseClass(1);
  editor_->fillFrom(0);
  EXPECT_EQ(editor_->layer()->count(4), superpoint.size()) << "the chair stays";
  EXPECT_GT(editor_->layer()->count(1), numPoints() / 2);
  editor_->chooseClass(7);
  editor_->replaceClass(4);
  EXPECT_EQ(editor_->layer()->count(7), superpoint.size());
}

TEST_F(LabelEditorTest, AChangedCloudIsAskedAboutAndMapped) {
  editor_->chooseClass(4);
  editor_->paint(range(0, 500), "brush");
  auto changed = std::make_shared<Scene>(*document_.scene());
  std::reverse(changed->mesh.vertices.positions_m.begin(), changed->mesh.vertices.positions_m.end());
  QSignalSpy asked(editor_.get(), &LabelEditor::cloudChanged);
  document_.setScene(changed);
  ASSERT_TRUE(testing::waitFor([&] { return asked.count() == 1; }));
  EXPECT_FALSE(editor_->canEdit()) << "not before it is answered";
  editor_->remapScene();
  ASSERT_TRUE(testing::waitFor([this] { return editor_->canEdit(); }));
  EXPECT_EQ(editor_->layer()->count(4), 500U);
  EXPECT_EQ(editor_->layer()->at(numPoints() - 1).label, 4);
}

TEST_F(LabelEditorTest, HistoryListJumpsBackAndForth) {
  for (std::uint32_t i = 0; i < 5; ++i) {
    editor_->chooseClass(static_cast<std::uint8_t>(i));
    editor_->paint(range(100 * i, 100 * i + 50), "brush");
  }
  const auto edits = editor_->history();
  ASSERT_EQ(edits.size(), 5U);
  editor_->goTo(edits[3].id);
  EXPECT_EQ(editor_->layer()->numLabelled(), 100U);
  editor_->goTo(edits[0].id);
  EXPECT_EQ(editor_->layer()->numLabelled(), 250U);
}

TEST_F(LabelEditorTest, ModelsKeepTheRulesThroughEveryChange) {
  using Mode = QAbstractItemModelTester::FailureReportingMode;
  LabelClassModel classes(*editor_);
  EditListModel edits(*editor_);
  const QAbstractItemModelTester class_tester(&classes, Mode::Fatal), edit_tester(&edits, Mode::Fatal);
  editor_->closeProject();
  EXPECT_EQ(classes.rowCount(), 0);
  editor_->openProject(file_);
  ASSERT_TRUE(testing::waitFor([this] { return editor_->canEdit(); }));
  editor_->chooseClass(2);
  editor_->paint(range(0, 30), "brush");
  EXPECT_EQ(classes.index(2, LabelClassModel::NumPoints).data().toString(), "30");
  EXPECT_EQ(edits.rowCount(), 1);
  ASSERT_TRUE(classes.setData(classes.index(2, LabelClassModel::Protected), Qt::Checked, Qt::CheckStateRole));
  editor_->chooseClass(3);
  editor_->paint(range(0, 30), "brush");
  EXPECT_EQ(editor_->layer()->count(2), 30U) << "protected";
  editor_->undo();
  EXPECT_EQ(edits.rowCount(), 1) << "it can be redone";
}

TEST_F(LabelEditorTest, NextUnlabelledGoesThroughTheGaps) {
  editor_->paint(range(0, static_cast<std::uint32_t>(numPoints()) - 5), "brush");
  const auto found = editor_->nextUnlabelled();
  ASSERT_TRUE(found);
  EXPECT_GE(*found, numPoints() - 5);
  editor_->paint(range(0, static_cast<std::uint32_t>(numPoints())), "brush");
  EXPECT_FALSE(editor_->nextUnlabelled());
}

}  // namespace
}  // namespace tagscape

#include "core/annotate/project.h"

#include "tests/core/annotate/annotate_fixtures.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace tagscape {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ProjectTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kNumPoints = 5000;

  ProjectTest() : file_(folder_.path() / "office.tagscape") {
    std::filesystem::create_directory(folder_.path() / "scans");
    scene_ = testing::gridScene(folder_.path() / "scans" / "room", kNumPoints);
    std::filesystem::create_directory(scene_.path);
    scene_.tags = TagSet().set(0).set(4);
    scene_.frames.resize(2);
    scene_.frames[0].number = 10;
    scene_.frames[0].tags = TagSet().set(4);
    scene_.frames[1].number = 20;
  }
  Project make() {
    Project project = Project::create(file_, builtInClassSet("scannet20").value()).value();
    id_ = project.addScene(scene_, pointsHash(scene_)).value().id;
    layer_ = project.pointLayer(id_).value();
    return project;
  }
  LabelLayer labelsOf(Project& project) const {
    const auto loaded = project.loadLayer(layer_.id).value();
    EXPECT_THAT(loaded.problems, ElementsAre());
    return loaded.labels;
  }
  ProjectEdit stroke(const LabelLayer& layer, std::uint32_t begin, std::uint32_t end, std::uint8_t label) const {
    std::vector<std::uint32_t> points;
    for (std::uint32_t i = begin; i < end; ++i) points.push_back(i);
    return {id_, "brush", "a stroke", 2.5, false, {{layer_.id, paint(layer, points, {{label, 255, 0, 1}})}}, {}};
  }

  testing::TemporaryFolder folder_;
  std::filesystem::path file_;
  Scene scene_;
  SceneId id_ = 0;
  ProjectLayer layer_;
};

TEST_F(ProjectTest, FiveHundredRandomEditsEqualAPlainArrayAndSurviveReopening) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    std::filesystem::remove(file_);
    Random random(seed);
    testing::PlainModel model(kNumPoints);
    {
      Project project = make();
      LabelLayer layer(kNumPoints);
      for (int i = 0; i < 500; ++i) {
        ASSERT_TRUE(testing::randomAction(random, project, layer_, layer, model)) << "seed " << seed << " edit " << i;
        if (i % 50 == 0) {
          ASSERT_EQ(layer, LabelLayer(model.now)) << "seed " << seed << " edit " << i;
        }
      }
      ASSERT_EQ(labelsOf(project), LabelLayer(model.now));
    }
    Project again = Project::open(file_).value();
    ASSERT_EQ(labelsOf(again), LabelLayer(model.now));
    while (again.canUndo()) {
      ASSERT_TRUE(again.undo());
      ASSERT_TRUE(model.undo());
    }
    EXPECT_FALSE(model.undo()) << "the history is as long as the model's";
    EXPECT_EQ(labelsOf(again), LabelLayer(kNumPoints));
  }
}

TEST_F(ProjectTest, SnapshotsGiveTheSameLabelsAsAllEdits) {
  Project project = make();
  Random random(7);
  LabelLayer layer(kNumPoints);
  testing::PlainModel model(kNumPoints);
  for (int i = 0; i < 400; ++i) ASSERT_TRUE(testing::randomAction(random, project, layer_, layer, model));
  const auto loaded = project.loadLayer(layer_.id).value();
  ASSERT_FALSE(loaded.snapshot.empty());
  ASSERT_TRUE(project.keepSnapshot(layer_.id, loaded));
  EXPECT_TRUE(project.loadLayer(layer_.id).value().snapshot.empty()) << "nothing is left to go through";
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(testing::randomAction(random, project, layer_, layer, model));
  EXPECT_EQ(labelsOf(project), LabelLayer(model.now));
}

TEST_F(ProjectTest, TagsStartAsTheScansAndAreUndoneWithTheRest) {
  Project project = make();
  EXPECT_EQ(project.sceneTags(id_), ClassTags().set(0).set(4));
  EXPECT_EQ(project.frameTags(id_).at(10), ClassTags().set(4));
  EXPECT_EQ(project.frameTags(id_).count(20), 0U);
  ProjectEdit edit{id_, "tags", "sofa", 0, false, {}, {}};
  edit.tags = {{std::nullopt, project.sceneTags(id_), ClassTags().set(5)}, {20, std::nullopt, ClassTags().set(5)}};
  ASSERT_TRUE(project.commit(edit));
  EXPECT_EQ(project.sceneTags(id_), ClassTags().set(5));
  EXPECT_EQ(project.frameTags(id_).at(20), ClassTags().set(5));
  const SharedScene tagged = withProjectTags(std::make_shared<Scene>(scene_), project, id_);
  EXPECT_EQ(tagged->tags, TagSet().set(5));
  EXPECT_EQ(tagged->frames[1].tags, TagSet().set(5));
  ASSERT_TRUE(project.undo());
  EXPECT_EQ(project.sceneTags(id_), ClassTags().set(0).set(4));
  EXPECT_EQ(project.frameTags(id_).count(20), 0U);
  ASSERT_TRUE(project.redo());
  EXPECT_EQ(project.sceneTags(id_), ClassTags().set(5));
}

TEST_F(ProjectTest, OneHistoryGoesAcrossScenes) {
  Project project = make();
  Scene other = testing::gridScene(folder_.path() / "scans" / "hall", 100);
  const SceneId hall = project.addScene(other, pointsHash(other)).value().id;
  const ProjectLayer hall_layer = project.pointLayer(hall).value();
  ASSERT_TRUE(project.commit(stroke(LabelLayer(kNumPoints), 0, 10, 3)));
  const ProjectEdit in_hall{
      hall, "brush", "", 0, false, {{hall_layer.id, paint(LabelLayer(100), std::vector{7U}, {{2, 255, 0, 0}})}}, {}};
  ASSERT_TRUE(project.commit(in_hall));
  EXPECT_EQ(project.undo().value()->record.scene, hall);
  EXPECT_EQ(project.undo().value()->record.scene, id_);
  EXPECT_FALSE(project.undo().value().has_value());
  EXPECT_EQ(project.redo().value()->record.scene, id_);
  ASSERT_TRUE(project.commit(stroke(labelsOf(project), 50, 60, 4)));
  EXPECT_FALSE(project.canRedo()) << "a new edit takes the place of what was undone";
  EXPECT_EQ(project.history(10).size(), 2U);
}

TEST_F(ProjectTest, KeepsWhoSetALabelAndCountsTheEffort) {
  Project project = make();
  project.setAuthor("ada");
  const auto machine = project.sourceRow({LabelOrigin::Cam, "cam", -1, "step 1200", {}}).value();
  const auto person = project.sourceRow({LabelOrigin::Edit, "brush", -1, {}, "ada"}).value();
  EXPECT_EQ(project.sourceRow({LabelOrigin::Edit, "brush", -1, {}, "ada"}).value(), person);
  LabelLayer layer(kNumPoints);
  ProjectEdit by_machine{id_, "prediction", "", 0, true, {}, {}};
  by_machine.layers = {{layer_.id, paint(layer, std::vector{1U, 2U, 3U}, {{2, 200, 0, machine}})}};
  ASSERT_TRUE(project.commit(by_machine));
  layer.apply(by_machine.layers[0].delta);
  ProjectEdit by_person = stroke(layer, 2, 6, 7);
  for (LabelValue& value : by_person.layers[0].delta.after) value.source = person;
  ASSERT_TRUE(project.commit(by_person));
  EXPECT_EQ(project.effort().num_actions, 1U);
  EXPECT_EQ(project.effort().seconds, 2.5);
  EXPECT_EQ(project.effort(id_).num_elements, 4U);
  const LabelLayer labels = labelsOf(project);
  EXPECT_EQ(project.sources()[labels.at(1).source].model, "step 1200");
  EXPECT_TRUE(project.sources()[labels.at(2).source].isPerson());
  EXPECT_EQ(project.history(1)[0].author, "ada");
  const PointLabels exported = pointLabelsOf(project, layer_, labels);
  EXPECT_EQ(exported.sourceOf(1).origin, LabelOrigin::Cam);
  EXPECT_EQ(exported.at(2).label, 7);
  EXPECT_EQ(exported.at(100).label, kNoClass);
}

TEST_F(ProjectTest, MovesTogetherWithItsScans) {
  make();
  const auto elsewhere = folder_.path() / "elsewhere";
  std::filesystem::create_directory(elsewhere);
  std::filesystem::rename(file_, elsewhere / "office.tagscape");
  std::filesystem::rename(folder_.path() / "scans", elsewhere / "scans");
  const Project project = Project::open(elsewhere / "office.tagscape").value();
  EXPECT_EQ(project.scenes()[0].path, elsewhere / "scans" / "room");
}

TEST_F(ProjectTest, FindsASceneThatMovedByItsPoints) {
  Project project = make();
  std::filesystem::rename(folder_.path() / "scans", folder_.path() / "moved");
  const auto moved = folder_.path() / "moved" / "room";
  EXPECT_FALSE(project.findScene(moved, "another"));
  ASSERT_TRUE(project.findScene(moved, pointsHash(scene_)));
  ASSERT_TRUE(project.setScenePath(id_, moved));
  EXPECT_EQ(project.scene(id_)->path, moved);
}

TEST_F(ProjectTest, BringsLabelsToACloudThatChanged) {
  Project project = make();
  ASSERT_TRUE(project.commit(stroke(LabelLayer(kNumPoints), 0, 1000, 3)));
  // The points a third of their distance to the side, in the other order, and one that is far away.
  Scene changed = testing::gridScene(scene_.path, kNumPoints, 0.0033F);
  std::reverse(changed.mesh.vertices.positions_m.begin(), changed.mesh.vertices.positions_m.end());
  changed.mesh.vertices.positions_m.emplace_back(50, 50, 50);
  const auto remapping = project.remapScene(id_, changed, pointsHash(changed), 0.02F, {}).value();
  EXPECT_EQ(remapping.num_points, kNumPoints + 1);
  EXPECT_EQ(remapping.num_mapped, kNumPoints);
  EXPECT_EQ(remapping.num_moved, kNumPoints);
  const LabelLayer labels = labelsOf(project);
  ASSERT_EQ(labels.size(), kNumPoints + 1);
  for (std::size_t i = 0; i < kNumPoints; ++i)
    ASSERT_EQ(labels.labels()[i], i >= kNumPoints - 1000 ? 3 : kNoClass) << i;
  EXPECT_EQ(labels.labels()[kNumPoints], kNoClass);
  EXPECT_FALSE(project.canUndo());
  EXPECT_EQ(project.scene(id_)->points_hash, pointsHash(changed));
}

TEST_F(ProjectTest, SecondOpenerReadsOnlyAndSaysWhoHasIt) {
  Project first = make();
  Project second = Project::open(file_).value();
  EXPECT_TRUE(second.isReadOnly());
  EXPECT_THAT(second.problem(), HasSubstr("process " + std::to_string(getpid()) + " has it open"));
  ASSERT_TRUE(first.commit(stroke(LabelLayer(kNumPoints), 0, 10, 3)));
  EXPECT_EQ(labelsOf(second).numLabelled(), 10U) << "it sees what the first one does";
  const auto refused = second.commit(stroke(LabelLayer(kNumPoints), 0, 10, 3));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::NotWritable);
}

TEST_F(ProjectTest, GivesTheLockBackWhenItCloses) {
  make();
  EXPECT_FALSE(Project::open(file_).value().isReadOnly());
  EXPECT_FALSE(std::filesystem::exists(file_.string() + "-lock"));
}

TEST_F(ProjectTest, FullDiskIsSaidNothingIsLostAndItGoesOn) {
  Project project = make();
  LabelLayer layer(kNumPoints);
  Random random(3);
  std::size_t num_refused = 0;
  {
    const auto size_now = std::filesystem::file_size(file_.string() + "-wal");
    const testing::FileSizeLimit limit(size_now + 60'000);
    for (int i = 0; i < 200; ++i) {
      const ProjectEdit edit{id_, "brush", "", 0, false, {{layer_.id, testing::randomStroke(random, layer)}}, {}};
      if (const auto done = project.commit(edit)) {
        layer.apply(edit.layers[0].delta);
      } else {
        ASSERT_EQ(done.error().code, ErrorCode::NotWritable) << done.error().message;
        ++num_refused;
      }
    }
  }
  EXPECT_GT(num_refused, 0U);
  EXPECT_EQ(labelsOf(project), layer);
  const ProjectEdit later = stroke(layer, 0, 100, 9);
  ASSERT_TRUE(project.commit(later));
  layer.apply(later.layers[0].delta);
  EXPECT_EQ(labelsOf(project), layer);
}

TEST_F(ProjectTest, SaveCopyHasEverythingAndItsOwnRelativePaths) {
  Project project = make();
  ASSERT_TRUE(project.commit(stroke(LabelLayer(kNumPoints), 0, 10, 3)));
  const auto copy = folder_.path() / "deep" / "copy.tagscape";
  ASSERT_TRUE(project.saveCopy(copy));
  Project other = Project::open(copy).value();
  EXPECT_FALSE(other.isReadOnly());
  EXPECT_EQ(labelsOf(other).numLabelled(), 10U);
  EXPECT_EQ(other.scenes()[0].path, scene_.path);
  EXPECT_TRUE(other.undo().value().has_value());
  EXPECT_EQ(project.saveCopy(file_).error().code, ErrorCode::InvalidInput);
}

TEST_F(ProjectTest, RefusesWhatIsNoProjectAndWhatIsNewer) {
  const auto text = folder_.write("text.tagscape", "this is no database, but it is long enough to look like a file");
  EXPECT_FALSE(Project::open(text));
  EXPECT_EQ(Project::open(folder_.path() / "none.tagscape").error().code, ErrorCode::NotFound);
  make();
  EXPECT_EQ(Project::create(file_, builtInClassSet("scannet20").value()).error().code, ErrorCode::InvalidInput);
  {
    // The version lies at byte 60 of the header, big endian.
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(60);
    file.write("\0\0\0\x63", 4);
  }
  const auto newer = Project::open(file_);
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, ErrorCode::Unsupported);
  EXPECT_THAT(newer.error().message, HasSubstr("version 99"));
}

TEST_F(ProjectTest, OpensReadOnlyWhereItMayNotBeWritten) {
  make();
  std::filesystem::permissions(file_, std::filesystem::perms::owner_read);
  if (::access(file_.c_str(), W_OK) == 0) GTEST_SKIP() << "this user may write everything";
  EXPECT_TRUE(Project::open(file_).value().isReadOnly());
}

TEST_F(ProjectTest, DoneAndCheckedMarksSayWhoSetThem) {
  Project project = make();
  project.setAuthor("ada");
  ASSERT_TRUE(project.setDone(id_, true));
  project.setAuthor("ben");
  ASSERT_TRUE(project.setChecked(id_, true));
  EXPECT_EQ(project.scene(id_)->done.by, "ada");
  EXPECT_EQ(project.scene(id_)->checked.by, "ben");
  ASSERT_TRUE(project.setDone(id_, false));
  EXPECT_FALSE(project.scene(id_)->done.isSet());
}

TEST_F(ProjectTest, ClassesCanBeAddedAndRenamedButNotRemoved) {
  Project project = make();
  ClassSet classes = project.classes();
  classes.classes[0].name = "partition";
  classes.classes.push_back({"plant", {10, 200, 30}});
  ASSERT_TRUE(project.setClasses(classes));
  EXPECT_EQ(project.classes().find("plant"), 20);
  classes.classes.resize(5);
  EXPECT_FALSE(project.setClasses(classes));
}

TEST_F(ProjectTest, LayersOfFramesAreEditedLikeThoseOfPoints) {
  Project project = make();
  const ProjectLayer frame = project.addLayer({0, id_, LayerKind::Frame, 10, 8, 6, 48, "pixels"}).value();
  ProjectEdit edit{id_, "brush", "", 0, false, {}, {}};
  edit.layers = {{layer_.id, paint(LabelLayer(kNumPoints), std::vector{1U}, {{2, 255, 0, 0}})},
                 {frame.id, paint(LabelLayer(48), std::vector{40U, 41U}, {{2, 255, 0, 0}})}};
  ASSERT_TRUE(project.commit(edit));
  EXPECT_EQ(project.frameLayer(id_, 10)->width, 8);
  EXPECT_EQ(project.loadLayer(frame.id).value().labels.count(2), 2U);
  ASSERT_TRUE(project.undo());
  EXPECT_EQ(project.loadLayer(frame.id).value().labels.count(2), 0U);
  EXPECT_EQ(labelsOf(project).count(2), 0U);
}

}  // namespace
}  // namespace tagscape

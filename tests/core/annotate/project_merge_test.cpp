#include "core/annotate/project_merge.h"

#include "tests/core/annotate/annotate_fixtures.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using ::testing::HasSubstr;

class MergeProjects : public ::testing::Test {
 protected:
  MergeProjects() : scene_(testing::gridScene(folder_.path() / "room", 100)) {}

  Project make(const std::string& name) {
    Project project =
        Project::create(folder_.path() / (name + ".tagscape"), builtInClassSet("scannet20").value()).value();
    project.setAuthor(name);
    EXPECT_TRUE(project.addScene(scene_, pointsHash(scene_)));
    return project;
  }
  static void put(
      Project& project, std::uint32_t begin, std::uint32_t end, std::uint8_t label, bool is_machine = false) {
    const ProjectLayer layer = project.pointLayer(1).value();
    std::vector<std::uint32_t> points;
    for (std::uint32_t i = begin; i < end; ++i) points.push_back(i);
    const auto source =
        project.sourceRow(is_machine ? ProjectSource{LabelOrigin::Cam, "cam", -1, {}, {}}
                                     : ProjectSource{LabelOrigin::Edit, "brush", -1, {}, project.author()});
    const LabelLayer labels = project.loadLayer(layer.id).value().labels;
    const ProjectEdit edit{
        1, "brush", "", 1, is_machine, {{layer.id, paint(labels, points, {{label, 255, 0, *source}})}}, {}};
    EXPECT_TRUE(project.commit(edit));
  }
  static std::vector<std::uint8_t> labels(Project& project) {
    const auto layer = project.loadLayer(project.pointLayer(1)->id).value().labels;
    return {layer.labels().begin(), layer.labels().end()};
  }

  testing::TemporaryFolder folder_;
  Scene scene_;
};

TEST_F(MergeProjects, TakesWhatOnlyTheyHaveAndReportsConflicts) {
  Project ours = make("ada"), theirs = make("ben");
  put(ours, 0, 40, 2);
  put(ours, 80, 90, 7, true);
  put(theirs, 30, 60, 5);
  put(theirs, 80, 85, 8);
  put(theirs, 0, 10, 2);
  const MergeReport report = mergeProjects(ours, theirs, ConflictRule::KeepOurs, {}).value();
  ASSERT_EQ(report.scenes.size(), 1U);
  const MergedScene& merged = report.scenes[0];
  EXPECT_EQ(merged.num_conflicts, 10U);
  EXPECT_EQ(merged.num_agreeing, 10U);
  EXPECT_EQ(merged.num_taken, 25U) << "twenty without a label here, and five of a machine";
  EXPECT_EQ(merged.conflicts.at({"cabinet", "sofa"}), 10U);
  const auto now = labels(ours);
  EXPECT_EQ(now[35], 2);
  EXPECT_EQ(now[50], 5);
  EXPECT_EQ(now[82], 8);
  EXPECT_EQ(now[88], 7);
  const auto layer = ours.loadLayer(ours.pointLayer(1)->id).value().labels;
  EXPECT_EQ(ours.sources()[layer.at(50).source].author, "ben");
  ASSERT_TRUE(ours.undo());
  EXPECT_EQ(labels(ours)[50], kNoClass) << "a merge is one edit";
}

TEST_F(MergeProjects, FollowsTheRuleForConflicts) {
  for (const auto& [rule, expected] :
       {std::pair(ConflictRule::TakeTheirs, std::uint8_t{5}), std::pair(ConflictRule::Clear, kNoClass)}) {
    Project ours = make("ours" + std::to_string(static_cast<int>(rule)));
    Project theirs = make("theirs" + std::to_string(static_cast<int>(rule)));
    put(ours, 0, 10, 2);
    put(theirs, 0, 10, 5);
    ASSERT_TRUE(mergeProjects(ours, theirs, rule, {}));
    EXPECT_EQ(labels(ours)[3], expected);
  }
}

TEST_F(MergeProjects, BringsTagsThatWereMissing) {
  Project ours = make("ada"), theirs = make("ben");
  ASSERT_TRUE(
      theirs.commit({1, "tags", "", 0, false, {}, {{{}, {}, ClassTags().set(3)}, {7, {}, ClassTags().set(3)}}}));
  ASSERT_TRUE(ours.commit({1, "tags", "", 0, false, {}, {{{}, {}, ClassTags().set(4)}}}));
  const MergeReport report = mergeProjects(ours, theirs, ConflictRule::KeepOurs, {}).value();
  EXPECT_EQ(ours.sceneTags(1), ClassTags().set(4));
  EXPECT_EQ(ours.frameTags(1).at(7), ClassTags().set(3));
  EXPECT_EQ(report.scenes[0].num_tags_taken, 1U);
  ASSERT_EQ(report.scenes[0].tag_conflicts.size(), 1U);
  EXPECT_THAT(report.scenes[0].tag_conflicts[0], HasSubstr("ours chair; theirs bed"));
}

TEST_F(MergeProjects, NamesClassesThatAreMissing) {
  Project ours = make("ada");
  Project theirs = Project::create(folder_.path() / "nyu.tagscape", builtInClassSet("nyu40").value()).value();
  const auto refused = mergeProjects(ours, theirs, ConflictRule::KeepOurs, {});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("books"));
}

}  // namespace
}  // namespace tagscape

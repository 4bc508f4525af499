// tagscape project: what it keeps, prints and refuses.

#include "core/base/files.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>

namespace tagscape {
namespace {

using ::testing::HasSubstr;
using testing::Outcome;

class ProjectCommand : public ::testing::Test {
 protected:
  ProjectCommand() {
    const Outcome made = testing::runProgram(TAGSCAPE_PROGRAM,
                                             {"synth",
                                              place("set"),
                                              "--scenes",
                                              "1",
                                              "--val",
                                              "0",
                                              "--frames",
                                              "3",
                                              "--width",
                                              "64",
                                              "--height",
                                              "48",
                                              "--mesh-edge",
                                              "0.25"});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path() / "set")) {
      if (entry.path().extension() == ".ply" && scan_.empty()) scan_ = entry.path().parent_path().string();
    }
  }
  [[nodiscard]] std::string place(const std::string& name) const { return (folder_.path() / name).string(); }
  [[nodiscard]] Outcome project(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "project");
    return testing::runProgram(TAGSCAPE_PROGRAM, arguments);
  }
  [[nodiscard]] nlohmann::json json(std::vector<std::string> arguments) const {
    arguments.emplace_back("--json");
    const Outcome outcome = project(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return nlohmann::json::parse(outcome.out);
  }
  testing::TemporaryFolder folder_;
  std::string scan_;
};

TEST_F(ProjectCommand, BeginsTagsPrelabelsAndExports) {
  const std::string file = place("p.tagscape");
  EXPECT_TRUE(json({"new", file, scan_})["scenes"][0]["added"].get<bool>());
  EXPECT_FALSE(json({"add", file, scan_})["scenes"][0]["added"].get<bool>());
  const auto scene = json({"info", file})["scenes"][0];
  EXPECT_EQ(scene["labelled"], 0);
  const auto num_points = scene["points"].get<std::size_t>();
  ASSERT_GT(num_points, 0U);

  // Labels of another program: one NYU40 id a line.
  std::string ids;
  for (std::size_t i = 0; i < num_points; ++i) ids += i % 2 == 0 ? "5\n" : "0\n";
  const auto labels = folder_.write("labels.txt", ids).string();
  EXPECT_EQ(json({"prelabel", file, "--file", labels})["changed"], (num_points + 1) / 2);
  EXPECT_EQ(json({"info", file})["scenes"][0]["classes"]["chair"], (num_points + 1) / 2);
  EXPECT_EQ(json({"info", file})["scenes"][0]["labelled_by_people"], 0);

  const auto files = json({"export", file, "--out", place("out"), "--format", "scannet"})["files"];
  ASSERT_EQ(files.size(), 4U) << "labels, their PLY, segments and aggregation";
  EXPECT_EQ(readTextFile(files[0].get<std::string>()).value(), ids);

  EXPECT_EQ(json({"tags", file, "--set", "chair,sofa"})["scene"].size(), 2U);
  const auto tags = json({"tags", file, "--set", "chair", "--frames", "0-1000000", "--out", place("tags.json")});
  EXPECT_EQ(tags["frames"].size(), 3U);
  EXPECT_THAT(readTextFile(place("tags.json")).value(), HasSubstr("sofa"));
}

TEST_F(ProjectCommand, KeepsTheTagsThatAScanCameWith) {
  const std::string file = place("p.tagscape");
  ASSERT_EQ(project({"new", file, scan_}).exit_code, 0);
  const std::string came = readTextFile(scan_ + "/tags.json").value();
  const Outcome written = project({"tags", file, "--set", "chair", "--write"});
  EXPECT_THAT(written.err, HasSubstr("tags.json.bak"));
  EXPECT_EQ(readTextFile(scan_ + "/tags.json.bak").value(), came);
  ASSERT_EQ(project({"tags", file, "--set", "", "--write"}).exit_code, 0);
  EXPECT_EQ(readTextFile(scan_ + "/tags.json.bak").value(), came) << "the first copy stays";
  EXPECT_THAT(readTextFile(scan_ + "/tags.json").value(), HasSubstr("\"scene\": []")) << "no class takes all tags away";
  std::filesystem::permissions(scan_ + "/tags.json", std::filesystem::perms::owner_read);
  EXPECT_THAT(project({"tags", file, "--set", "sofa", "--write"}).err, HasSubstr("write-protected"));
}

TEST_F(ProjectCommand, SaysWhatIsWrong) {
  EXPECT_THAT(project({"new", place("a.tagscape"), "--classes", "ade20k"}).err, HasSubstr("ade20k"));
  EXPECT_THAT(project({"info", place("none.tagscape")}).err, HasSubstr("no such file"));
  const std::string file = place("p.tagscape");
  ASSERT_EQ(project({"new", file}).exit_code, 0);
  EXPECT_THAT(project({"tags", file, "--set", "chair"}).err, HasSubstr("tagscape project add"));
  EXPECT_THAT(project({"new", file}).err, HasSubstr("there is a file of that name"));
  EXPECT_EQ(project({"prelabel", file}).exit_code, 2);
}

TEST_F(ProjectCommand, MergesTwoAnnotatorsAndReportsConflicts) {
  const std::string ours = place("ours.tagscape"), theirs = place("theirs.tagscape");
  for (const std::string& file : {ours, theirs}) ASSERT_EQ(project({"new", file, scan_}).exit_code, 0);
  ASSERT_EQ(project({"tags", theirs, "--set", "bed"}).exit_code, 0);
  ASSERT_EQ(project({"tags", ours, "--set", "chair"}).exit_code, 0);
  const auto report = json({"merge", ours, theirs});
  EXPECT_EQ(report["scenes"][0]["tag_conflicts"].size(), 1U);
  EXPECT_EQ(json({"tags", ours})["scene"][0], "chair");
}

}  // namespace
}  // namespace tagscape

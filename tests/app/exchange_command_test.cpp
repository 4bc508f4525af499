// tagscape export, verify and import as scripts use them, on a small data set of generated rooms.

#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::Outcome;

Outcome tagscape(const std::vector<std::string>& arguments) { return testing::runProgram(TAGSCAPE_PROGRAM, arguments); }

std::string contentOf(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

class ExchangeCommands : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new testing::TemporaryFolder;
    const Outcome made = tagscape({"synth",
                                   path("set"),
                                   "--scenes",
                                   "3",
                                   "--val",
                                   "1",
                                   "--frames",
                                   "3",
                                   "--width",
                                   "64",
                                   "--height",
                                   "48",
                                   "--mesh-edge",
                                   "0.1"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
  }
  static void TearDownTestSuite() { delete folder_; }
  static std::string path(const std::string& name) { return (folder_->path() / name).string(); }
  static std::string scan() { return path("set/scans/scene0000_00"); }

  static testing::TemporaryFolder* folder_;
};
testing::TemporaryFolder* ExchangeCommands::folder_ = nullptr;

TEST_F(ExchangeCommands, ExportsASetInPartsWithARowForEachFile) {
  for (const char* part : {"1/2", "2/2"}) {
    const Outcome done = tagscape({"export",
                                   path("set"),
                                   "--layer",
                                   "truth",
                                   "--format",
                                   "scannet,label-images",
                                   "--shard",
                                   part,
                                   "--out",
                                   path("parts"),
                                   "--json"});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    const auto rows = nlohmann::json::parse(done.out);
    ASSERT_FALSE(rows.empty());
    for (const auto& row : rows) {
      EXPECT_TRUE(fs::exists(row["file"].get<std::string>())) << row;
      EXPECT_EQ(row["sha256"].get<std::string>().size(), 64U);
    }
  }
  for (const char* scene : {"scene0000_00", "scene0001_00", "scene0002_00"})
    EXPECT_TRUE(fs::exists(path("parts") + "/scannet/" + scene + ".txt")) << scene;
  const Outcome whole = tagscape({"verify", path("parts"), "--json"});
  EXPECT_EQ(whole.exit_code, 0) << whole.out;
  EXPECT_EQ(nlohmann::json::parse(whole.out)["scenes"], 3);

  const Outcome again =
      tagscape({"export", path("set"), "--layer", "truth", "--format", "scannet,label-images", "--out", path("parts")});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_THAT(again.err, HasSubstr("3 of 3 scenes were there already"));

  std::ofstream(path("parts") + "/scannet/scene0001_00.txt") << "1\n";
  const Outcome changed = tagscape({"verify", path("parts")});
  EXPECT_EQ(changed.exit_code, 1);
  EXPECT_THAT(changed.out, HasSubstr("scannet/scene0001_00.txt: it has 2 bytes"));
}

TEST_F(ExchangeCommands, TruthThatIsExportedEvaluatesAsPerfect) {
  const Outcome done =
      tagscape({"export", scan(), "--layer", "truth", "--format", "las,ply,npy", "--out", path("truth")});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const auto manifest = nlohmann::json::parse(contentOf(path("truth") + "/manifest/scene0000_00.json"));
  EXPECT_EQ(manifest["metrics"]["mean_iou"], 1.0);
  EXPECT_THAT(manifest["layer"], "truth");
}

TEST_F(ExchangeCommands, APipeGetsTheWholeFileAndNothingElse) {
  const Outcome piped = tagscape({"export", scan(), "--layer", "truth", "--format", "scannet", "--out", "-", "-q"});
  ASSERT_EQ(piped.exit_code, 0) << piped.err;
  ASSERT_EQ(tagscape({"export", scan(), "--layer", "truth", "--format", "scannet", "--out", path("file")}).exit_code,
            0);
  EXPECT_EQ(piped.out, contentOf(path("file") + "/scannet/scene0000_00.txt"));
  EXPECT_EQ(tagscape({"export", scan(), "--layer", "truth", "--format", "coco", "--out", "-"}).exit_code, 2);
  EXPECT_EQ(tagscape({"export", path("set"), "--layer", "truth", "--format", "ply", "--out", "-"}).exit_code, 2);
}

TEST_F(ExchangeCommands, WhatIsExportedIsImported) {
  ASSERT_EQ(tagscape({"export",
                      scan(),
                      "--layer",
                      "truth",
                      "--format",
                      "semantickitti,coco",
                      "--instances",
                      "connected",
                      "--frame-labels",
                      "projected",
                      "--out",
                      path("theirs")})
                .exit_code,
            0);
  for (const char* format : {"semantickitti", "coco"}) {
    const Outcome done = tagscape({"import",
                                   scan(),
                                   "--from",
                                   path("theirs"),
                                   "--format",
                                   format,
                                   "--out",
                                   path(std::string("ours-") + format),
                                   "--json"});
    ASSERT_EQ(done.exit_code, 0) << format << done.err;
    const auto row = nlohmann::json::parse(done.out)[0];
    EXPECT_EQ(row["format"], format);
    EXPECT_EQ(row["share_matched"], std::string(format) == "semantickitti" ? 1.0 : 0.0);
  }
  ASSERT_EQ(
      tagscape(
          {"export", scan(), "--labels", path("ours-semantickitti"), "--format", "scannet", "--out", path("again")})
          .exit_code,
      0);
  ASSERT_EQ(
      tagscape({"export", scan(), "--layer", "truth", "--format", "scannet", "--out", path("truth-text")}).exit_code,
      0);
  EXPECT_EQ(contentOf(path("again") + "/scannet/scene0000_00.txt"),
            contentOf(path("truth-text") + "/scannet/scene0000_00.txt"));
}

TEST_F(ExchangeCommands, PacksASubmissionForTheBenchmark) {
  const Outcome done = tagscape({"export",
                                 path("set"),
                                 "--split",
                                 "val",
                                 "--layer",
                                 "truth",
                                 "--format",
                                 "scannet",
                                 "--submission",
                                 "--out",
                                 path("val")});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_TRUE(fs::exists(path("val") + "/scannet-submission.zip"));
}

TEST_F(ExchangeCommands, ListsItsFormats) {
  const Outcome listed = tagscape({"export", "--list-formats", "--json"});
  ASSERT_EQ(listed.exit_code, 0) << listed.err;
  EXPECT_EQ(nlohmann::json::parse(listed.out).size(), 16U);
}

TEST_F(ExchangeCommands, SayWhatIsMissing) {
  const auto refused = [](const std::vector<std::string>& arguments, const std::string& words) {
    const Outcome outcome = tagscape(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.out;
    EXPECT_THAT(outcome.err, HasSubstr(words));
  };
  refused({"export", scan(), "--out", path("x")}, "--layer truth");
  refused({"export", scan(), "--layer", "truth", "--out", path("x"), "--format", "docx"}, "docx");
  refused({"export", scan(), "--layer", "truth", "--out", path("x"), "--classes", "chiar"}, "\"chair\"");
  refused({"export", scan(), "--layer", "truth", "--out", "/proc/x"}, "/proc/x");
  refused({"export", scan(), "--project", path("none.tagscape"), "--out", path("x")}, "none.tagscape");
  refused({"verify", path("set")}, "manifest.json");
  refused({"import", scan(), "--from", path("nothing"), "--out", path("x")}, "nothing");
  refused({"import", scan(), "--from", scan()}, "--project");
}

}  // namespace
}  // namespace tagscape

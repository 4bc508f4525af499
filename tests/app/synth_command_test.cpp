// tagscape synth: what it makes, prints and refuses.

#include "core/base/files.h"
#include "tests/support/eventually.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <filesystem>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::Outcome;

class SynthCommand : public ::testing::Test {
 protected:
  [[nodiscard]] std::string place(const std::string& name) const { return (folder_.path() / name).string(); }
  [[nodiscard]] Outcome synth(const std::string& name, std::vector<std::string> options) const {
    options.insert(options.begin(), {"synth", place(name)});
    return testing::runProgram(TAGSCAPE_PROGRAM, options);
  }
  /// Three scenes that take a blink.
  [[nodiscard]] static std::vector<std::string> tiny(std::vector<std::string> more = {}) {
    std::vector<std::string> options{
        "--scenes", "3", "--val", "1", "--frames", "3", "--width", "64", "--height", "48", "--mesh-edge", "0.25"};
    options.insert(options.end(), more.begin(), more.end());
    return options;
  }
  testing::TemporaryFolder folder_;
};

TEST_F(SynthCommand, MakesOneRoomByItself) {
  const Outcome made = synth("room", {"--frames", "4", "--width", "64", "--height", "48"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_EQ(made.out, place("room") + "\n");
  EXPECT_TRUE(fs::exists(place("room/color/3.jpg")));
  EXPECT_TRUE(fs::exists(place("room/tags.json")));
}

TEST_F(SynthCommand, MakesADataSetThatInfoReads) {
  const Outcome made = synth("set", tiny());
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_EQ(made.out, place("set") + "\n");
  EXPECT_THAT(made.err, HasSubstr("scanning invented rooms"));
  const Outcome info =
      testing::runProgram(TAGSCAPE_PROGRAM, {"info", place("set/scans/scene0002_00"), "--check", "--json"});
  ASSERT_EQ(info.exit_code, 0) << info.err;
  const auto json = nlohmann::json::parse(info.out);
  EXPECT_EQ(json["layout"]["kind"], "ScanNet scene");
  EXPECT_EQ(json["frames_with_depth"], 3);
  EXPECT_TRUE(json["warnings"].empty());
  EXPECT_EQ(readTextFile(place("set/scannetv2_val.txt")).value(), "scene0002_00\n");
}

TEST_F(SynthCommand, ReportsInWordsAndAsJson) {
  const Outcome words = synth("set", tiny({"--report"}));
  ASSERT_EQ(words.exit_code, 0) << words.err;
  for (const char* part :
       {"shower curtain", "points visible in a frame", "with the depth filter", "M rays/s", "triangles"})
    EXPECT_THAT(words.out, HasSubstr(part));
  // Again: everything is there, so nothing is made, and the report is the same.
  const Outcome figures = synth("set", tiny({"--report", "--json"}));
  ASSERT_EQ(figures.exit_code, 0) << figures.err;
  const auto json = nlohmann::json::parse(figures.out);
  EXPECT_EQ(json["made_scenes"], 0);
  EXPECT_EQ(json["report"]["scenes"], 3);
  EXPECT_EQ(json["report"]["classes"].size(), 20U);
  EXPECT_GT(json["report"]["agreement_with_depth_filter"], json["report"]["agreement_without_depth_filter"]);
}

TEST_F(SynthCommand, TakesEveryOption) {
  const Outcome made = synth("set",
                             tiny({"--seed",
                                   "7",
                                   "--exported-frames",
                                   "--mesh",
                                   "clean",
                                   "--mesh-noise",
                                   "0",
                                   "--light",
                                   "0.5",
                                   "--exposure",
                                   "0",
                                   "--blur",
                                   "0",
                                   "--holes",
                                   "0",
                                   "--depth-step",
                                   "5",
                                   "--depth-noise",
                                   "0.01",
                                   "--color-noise",
                                   "0.05"}));
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const std::string record = readTextFile(place("set/synth.txt")).value();
  for (const char* line : {"seed = 7\n",
                           "exported frames = true\n",
                           "mesh = clean\n",
                           "light = 0.5\n",
                           "exposure = 0\n",
                           "blur = 0 px\n",
                           "holes = 0\n",
                           "depth step = 5 mm",
                           "depth noise = 0.01 m",
                           "color noise = 0.05\n"})
    EXPECT_THAT(record, HasSubstr(line));
  EXPECT_TRUE(fs::exists(place("set/scans/scene0000_00/label-filt/0.png")));
  EXPECT_FALSE(fs::exists(place("set/scans/scene0000_00/scene0000_00.sens")));
}

/// Starts the program and leaves it running.
pid_t start(const std::vector<std::string>& arguments) {
  std::vector<char*> words{const_cast<char*>(TAGSCAPE_PROGRAM)};
  for (const auto& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  pid_t child = 0;
  EXPECT_EQ(::posix_spawn(&child, TAGSCAPE_PROGRAM, nullptr, nullptr, words.data(), environ), 0);
  return child;
}

TEST_F(SynthCommand, IsStoppedByASignalWithoutLeavingAHalfScene) {
  const fs::path set = place("set");
  const pid_t child = start({"synth", set.string(), "--preset", "rooms", "--scenes", "500", "-q"});
  ASSERT_TRUE(testing::eventually([&] { return fs::exists(set / "scans"); }));
  ::kill(child, SIGTERM);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status)) << "the signal " << WTERMSIG(status) << " ended it";
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_FALSE(fs::exists(set / ".unfinished"));
  int num_scenes = 0;
  for (const auto& scene : fs::directory_iterator(set / "scans")) {
    ++num_scenes;
    EXPECT_TRUE(fs::exists(scene.path() / "tags.json")) << scene.path() << " is not whole";
  }
  EXPECT_GT(num_scenes, 0);
  EXPECT_LT(num_scenes, 500);
}

TEST_F(SynthCommand, RefusesWhatItCannotDoWithExitCode2) {
  ASSERT_EQ(synth("set", tiny()).exit_code, 0);
  const Outcome other = synth("set", tiny({"--seed", "2"}));
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.err, HasSubstr("\"seed = 1\" there, \"seed = 2\" now"));
  folder_.write("mine/thesis.txt", "years of work");
  EXPECT_EQ(synth("mine", tiny()).exit_code, 2);
  EXPECT_EQ(synth("x", {"--preset", "palace"}).exit_code, 2);
  EXPECT_EQ(synth("x", {"--scenes", "0"}).exit_code, 2);
  EXPECT_EQ(testing::runProgram(TAGSCAPE_PROGRAM, {"synth", "/proc/set", "--scenes", "2"}).exit_code, 2);
  // An option that a single room does not have is not passed over in silence.
  const Outcome room = synth("x", {"--blur", "1"});
  EXPECT_EQ(room.exit_code, 2);
  EXPECT_THAT(room.err, HasSubstr("--scenes"));
  EXPECT_FALSE(fs::exists(place("x")));
}

}  // namespace
}  // namespace tagscape

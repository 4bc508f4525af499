// tagscape launch: several processes of the program itself on this machine.

#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::Outcome;

Outcome tagscape(const std::vector<std::string>& arguments) { return testing::runProgram(TAGSCAPE_PROGRAM, arguments); }

TEST(LaunchCommand, MarksTheMessagesOfEveryRankAndHandsOnTheExitCode) {
  const testing::TemporaryFolder folder;
  const std::string out = (folder.path() / "run").string();
  for (const bool with_mark : {true, false}) {
    std::vector<std::string> words{"launch", "--processes", "3"};
    if (with_mark) words.emplace_back("--");
    words.insert(words.end(), {"train", "/nonexistent", "--out", out});
    const Outcome outcome = tagscape(words);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    for (const char* mark : {"[0] error: ", "[1] error: ", "[2] error: "}) EXPECT_THAT(outcome.err, HasSubstr(mark));
    EXPECT_THAT(outcome.err, HasSubstr("of 3 ended with exit code 2"));
  }
}

TEST(LaunchCommand, PrintsRankZerosResultOnce) {
  const Outcome outcome = tagscape({"launch", "--processes", "2", "train", "--help"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("Usage: tagscape train"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("[0]")));
  EXPECT_THAT(outcome.err, HasSubstr("[1] Usage: tagscape train"));
  EXPECT_EQ(outcome.out.find("Usage"), outcome.out.rfind("Usage"));
}

TEST(LaunchCommand, RefusesWhatCannotBeLaunched) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> refusals{
      {{"launch"}, "there is nothing to launch"},
      {{"launch", "--processes", "2", "--"}, "there is nothing to launch"},
      {{"launch", "info", "room"}, "\"info\" is no command for several processes"},
      {{"launch", "--processes", "0", "train"}, "0"},
      {{"launch", "--proceses", "2", "train"}, "--proceses"},
  };
  for (const auto& [words, message] : refusals) {
    const Outcome outcome = tagscape(words);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr(message));
  }
}

}  // namespace
}  // namespace tagscape

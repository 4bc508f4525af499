#include "core/base/child_process.h"

#include "core/base/files.h"
#include "tests/support/eventually.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <optional>
#include <sys/wait.h>
#include <unistd.h>

namespace tagscape {
namespace {

using ::testing::HasSubstr;

class ChildProcessTest : public ::testing::Test {
 protected:
  [[nodiscard]] ChildCommand shell(const std::string& script) const {
    return {"/bin/sh", {"-c", script}, {}, folder_.path() / "logs" / "out", folder_.path() / "logs" / "log"};
  }
  [[nodiscard]] static ChildEnd endOf(ChildProcess& child) {
    std::optional<ChildEnd> end;
    EXPECT_TRUE(testing::eventually([&] { return (end = child.poll()).has_value(); }));
    return end.value();
  }
  [[nodiscard]] std::string written(const std::string& name) const {
    return readTextFile(folder_.path() / "logs" / name).value_or("");
  }
  /// Whether the process goes. Those that are asked for here would sleep for longer by themselves.
  static bool terminates(pid_t pid) {
    return testing::eventually([pid] { return ::kill(pid, 0) != 0; });
  }
  testing::TemporaryFolder folder_;
};

TEST_F(ChildProcessTest, KeepsWhatItPrintsAndHowItEnds) {
  auto child = ChildProcess::start(shell("echo result; echo message >&2; exit 3"));
  ASSERT_TRUE(child) << child.error().message;
  EXPECT_EQ(endOf(*child).exit_code, 3);
  EXPECT_EQ(endOf(*child).exit_code, 3) << "the end is remembered";
  EXPECT_EQ(written("out"), "result\n");
  EXPECT_EQ(written("log"), "message\n");
  auto again = ChildProcess::start(shell("echo other; echo more >&2"));
  ASSERT_TRUE(again);
  EXPECT_TRUE(endOf(*again).succeeded());
  EXPECT_EQ(written("out"), "other\n") << "stdout is replaced";
  EXPECT_EQ(written("log"), "message\nmore\n") << "the log is added to";
}

TEST_F(ChildProcessTest, GetsVariablesInPlaceOfOurs) {
  ::setenv("TAGSCAPE_TEST_KEPT", "kept", 1);
  ::setenv("TAGSCAPE_TEST_SET", "ours", 1);
  auto command = shell("echo $TAGSCAPE_TEST_KEPT $TAGSCAPE_TEST_SET $TAGSCAPE_TEST_NEW");
  command.environment = {{"TAGSCAPE_TEST_SET", "its own"}, {"TAGSCAPE_TEST_NEW", "new"}};
  auto child = ChildProcess::start(command);
  ASSERT_TRUE(child);
  EXPECT_TRUE(endOf(*child).succeeded());
  EXPECT_EQ(written("out"), "kept its own new\n");
}

TEST_F(ChildProcessTest, AProgramThatIsNotThereIsRefusedByName) {
  auto command = shell("");
  command.program = "/nowhere/program";
  const auto child = ChildProcess::start(command);
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().code, ErrorCode::NotFound);
  EXPECT_THAT(child.error().message, HasSubstr("/nowhere/program"));
}

TEST_F(ChildProcessTest, StopsWhenAskedAndSaysBySignal) {
  auto child = ChildProcess::start(shell("exec sleep 60"));
  ASSERT_TRUE(child);
  EXPECT_FALSE(child->poll());
  child->askToStop();
  EXPECT_EQ(endOf(*child).exit_code, 128 + SIGTERM);
}

TEST_F(ChildProcessTest, HasAProcessGroupOfItsOwn) {
  auto child = ChildProcess::start(shell("exec sleep 60"));
  ASSERT_TRUE(child);
  EXPECT_EQ(::getpgid(child->id()), child->id());
}

TEST_F(ChildProcessTest, EndsWithItsOwner) {
  pid_t pid = -1;
  {
    auto child = ChildProcess::start(shell("trap '' TERM; sleep 60"));
    ASSERT_TRUE(child);
    pid = child->id();
  }
  EXPECT_NE(::kill(pid, 0), 0);
}

TEST_F(ChildProcessTest, EndsWhenTheProgramThatStartedItIsKilled) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t middle = ::fork();
  if (middle == 0) {
    const auto child = ChildProcess::start(shell("exec sleep 600"));
    const pid_t pid = child ? child->id() : -1;
    (void)!::write(ends[1], &pid, sizeof(pid));
    ::raise(SIGKILL);
  }
  pid_t pid = -1;
  ASSERT_EQ(::read(ends[0], &pid, sizeof(pid)), static_cast<ssize_t>(sizeof(pid)));
  ASSERT_GT(pid, 0);
  ::waitpid(middle, nullptr, 0);
  EXPECT_TRUE(terminates(pid));
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace tagscape

#include "tests/support/ranks.h"

#include "core/base/files.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <netinet/in.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace tagscape::testing {
namespace {

using Clock = std::chrono::steady_clock;
constexpr const char* kIsRank = "TAGSCAPE_TEST_RANK";

/// This process's environment, with other values for some names.
std::vector<std::string> environmentWith(const std::vector<std::string>& changes) {
  std::vector<std::string> lines = changes;
  for (char** line = environ; *line != nullptr; ++line) {
    const std::string text = *line;
    const std::string name = text.substr(0, text.find('=') + 1);
    bool changed = false;
    for (const auto& change : changes) changed = changed || change.starts_with(name);
    if (!changed) lines.push_back(text);
  }
  return lines;
}

std::vector<char*> pointersTo(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

pid_t startRank(int rank, int size, int port, const std::string& test, const std::string& output) {
  const auto program = std::filesystem::read_symlink("/proc/self/exe").string();
  std::vector<std::string> words{program, "--gtest_filter=" + test};
  std::vector<std::string> lines = environmentWith({std::string(kIsRank) + "=1",
                                                    "RANK=" + std::to_string(rank),
                                                    "WORLD_SIZE=" + std::to_string(size),
                                                    "LOCAL_RANK=" + std::to_string(rank),
                                                    "MASTER_ADDR=127.0.0.1",
                                                    "MASTER_PORT=" + std::to_string(port),
                                                    "OMP_NUM_THREADS=1",
                                                    "OPENBLAS_NUM_THREADS=1"});
  auto argv = pointersTo(words), envp = pointersTo(lines);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t child = 0;
  const int failed = posix_spawn(&child, program.c_str(), &actions, nullptr, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot start " + program);
  return child;
}

}  // namespace

int freePort() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), length) == 0 &&
                     ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  ::close(socket);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

bool isRank() { return std::getenv(kIsRank) != nullptr; }

std::vector<RankOutcome> runThisTestOnRanks(int size, std::chrono::seconds limit) {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  const std::string name = std::string(test->test_suite_name()) + "." + test->name();
  const TemporaryFolder folder;
  const int port = freePort();
  const auto begin = Clock::now();
  std::vector<pid_t> children;
  std::vector<std::string> outputs;
  for (int rank = 0; rank < size; ++rank) {
    outputs.push_back((folder.path() / std::to_string(rank)).string());
    children.push_back(startRank(rank, size, port, name, outputs.back()));
  }
  std::vector<RankOutcome> outcomes(static_cast<std::size_t>(size));
  for (int num_running = size; num_running > 0;) {
    const bool too_late = Clock::now() - begin > limit;
    for (std::size_t rank = 0; rank < children.size(); ++rank) {
      if (children[rank] == 0) continue;
      if (too_late) {
        outcomes[rank].timed_out = true;
        ::kill(children[rank], SIGKILL);
      }
      int status = 0;
      if (waitpid(children[rank], &status, too_late ? 0 : WNOHANG) != children[rank]) continue;
      children[rank] = 0;
      --num_running;
      outcomes[rank].exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
      outcomes[rank].signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
      outcomes[rank].seconds = std::chrono::duration<double>(Clock::now() - begin).count();
      outcomes[rank].output = readTextFile(outputs[rank]).value_or("");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return outcomes;
}

void expectAllPass(const std::vector<RankOutcome>& outcomes) {
  for (std::size_t rank = 0; rank < outcomes.size(); ++rank) {
    EXPECT_FALSE(outcomes[rank].timed_out) << "rank " << rank << " did not end:\n" << outcomes[rank].output;
    EXPECT_EQ(outcomes[rank].exit_code, 0) << "rank " << rank << ":\n" << outcomes[rank].output;
  }
}

}  // namespace tagscape::testing

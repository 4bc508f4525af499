#include "tests/support/running_program.h"

#include "core/base/files.h"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <spawn.h>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <sys/wait.h>
#include <system_error>

extern char** environ;

namespace tagscape::testing {
namespace {

std::string contentOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

RunningProgram::RunningProgram(const std::string& program, const std::vector<std::string>& arguments) {
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, (folder_.path() / "out").c_str(), O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, (folder_.path() / "err").c_str(), O_WRONLY | O_CREAT, 0600);
  const int failed = posix_spawn(&process_, program.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot start " + program);
}

RunningProgram::~RunningProgram() {
  if (ended_) return;
  ::kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
}

std::vector<pid_t> RunningProgram::children() const {
  const std::string process = std::to_string(process_);
  std::istringstream list(contentOf("/proc/" + process + "/task/" + process + "/children"));
  return {std::istream_iterator<pid_t>(list), {}};
}

Outcome RunningProgram::wait(std::chrono::seconds limit) {
  int status = 0;
  const bool in_time = eventually([&] { return waitpid(process_, &status, WNOHANG) == process_; }, limit);
  if (!in_time) {
    ::kill(process_, SIGKILL);
    waitpid(process_, &status, 0);
  }
  ended_ = true;
  return {in_time && WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          readTextFile(folder_.path() / "out").value_or(""),
          readTextFile(folder_.path() / "err").value_or("")};
}

std::string environmentOf(pid_t process, const std::string& name) {
  std::istringstream lines(contentOf("/proc/" + std::to_string(process) + "/environ"));
  for (std::string line; std::getline(lines, line, '\0');) {
    if (line.starts_with(name + "=")) return line.substr(name.size() + 1);
  }
  return {};
}

bool handles(pid_t process, int signal, const std::string& program) {
  const std::string folder = "/proc/" + std::to_string(process);
  std::error_code unknown;
  if (std::filesystem::read_symlink(folder + "/exe", unknown).filename() != program) return false;
  constexpr std::string_view kCaught = "SigCgt:";
  std::istringstream lines(contentOf(folder + "/status"));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(kCaught)) continue;
    const auto caught = std::stoull(line.substr(kCaught.size()), nullptr, 16);
    return ((caught >> static_cast<unsigned>(signal - 1)) & 1U) != 0;
  }
  return false;
}

}  // namespace tagscape::testing

#include "core/base/child_process.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace tagscape {
namespace {

namespace fs = std::filesystem;

/// A file descriptor that is closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

Result<int> openForWriting(const fs::path& path, int how) {
  std::error_code ignored;  // opening reports what is wrong
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), ignored);
  const int number = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, 0644);
  if (number >= 0) return number;
  return failFile(ErrorCode::NotWritable, path, std::strerror(errno), "Choose a folder that you may write to");
}

std::vector<std::string> mergedEnvironment(const ChildCommand& command) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const bool is_replaced = std::any_of(command.environment.begin(), command.environment.end(), [&](const auto& set) {
      return text.starts_with(set.first + "=");
    });
    if (!is_replaced) merged.emplace_back(text);
  }
  for (const auto& [name, value] : command.environment) {
    merged.push_back(name);
    merged.back().append("=").append(value);
  }
  return merged;
}

std::vector<char*> pointersTo(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// What happens in the new process until it is another program. Only what is allowed after fork in a program with
/// threads: no memory, no locks. The reason of a failure goes into `failure_pipe`.
[[noreturn]] void becomeProgram(const char* program,
                                char* const* arguments,
                                char* const* environment,
                                int out,
                                int log,
                                int failure_pipe,
                                pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(1);  // The parent ended before the line above.
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing >= 0 && ::dup2(nothing, 0) >= 0 && ::dup2(out, 1) >= 0 && ::dup2(log, 2) >= 0) {
    ::execve(program, arguments, environment);
  }
  const int reason = errno;
  (void)!::write(failure_pipe, &reason, sizeof(reason));
  ::_exit(127);
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const ChildCommand& command) {
  TAGSCAPE_ASSIGN(const int out_number, openForWriting(command.out, O_TRUNC));
  const Descriptor out(out_number);
  TAGSCAPE_ASSIGN(const int log_number, openForWriting(command.log, O_APPEND));
  const Descriptor log(log_number);
  int pipe_ends[2];
  if (::pipe2(pipe_ends, O_CLOEXEC) != 0) return fail(ErrorCode::Io, std::string("pipe: ") + std::strerror(errno));
  const Descriptor failure_out(pipe_ends[0]);
  Descriptor failure_in(pipe_ends[1]);

  std::vector<std::string> words{command.program.string()};
  words.insert(words.end(), command.arguments.begin(), command.arguments.end());
  std::vector<std::string> variables = mergedEnvironment(command);
  const std::vector<char*> arguments = pointersTo(words);
  const std::vector<char*> environment = pointersTo(variables);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return fail(ErrorCode::Io, std::string("a process cannot be started: ") + std::strerror(errno));
  if (child == 0) {
    becomeProgram(command.program.c_str(),
                  arguments.data(),
                  environment.data(),
                  out.number(),
                  log.number(),
                  failure_in.number(),
                  parent);
  }
  ::setpgid(child, child);  // In both processes, so that it holds when either continues.
  failure_in.close();
  int reason = 0;
  // The pipe closes by itself when the other program begins.
  if (::read(failure_out.number(), &reason, sizeof(reason)) != sizeof(reason)) return ChildProcess(child);
  ::waitpid(child, nullptr, 0);
  return failFile(reason == ENOENT ? ErrorCode::NotFound : ErrorCode::Io,
                  command.program,
                  std::string("it cannot be started: ") + std::strerror(reason),
                  "Install Tagscape again");
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), end_(std::exchange(other.end_, std::nullopt)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  if (this == &other) return *this;
  endNow();
  pid_ = std::exchange(other.pid_, -1);
  end_ = std::exchange(other.end_, std::nullopt);
  return *this;
}

ChildProcess::~ChildProcess() { endNow(); }

void ChildProcess::endNow() {
  if (pid_ < 0 || end_) return;
  kill();
  ::waitpid(pid_, nullptr, 0);
}

std::optional<ChildEnd> ChildProcess::poll() {
  if (end_ || pid_ < 0) return end_;
  int status = 0;
  rusage used{};
  if (::wait4(pid_, &status, WNOHANG, &used) != pid_) return std::nullopt;
  end_ = ChildEnd{WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                  seconds(used.ru_utime) + seconds(used.ru_stime)};
  return end_;
}

void ChildProcess::askToStop() {
  if (pid_ > 0 && !end_) ::kill(pid_, SIGTERM);
}

void ChildProcess::kill() {
  if (pid_ > 0 && !end_) ::kill(-pid_, SIGKILL);
}

}  // namespace tagscape

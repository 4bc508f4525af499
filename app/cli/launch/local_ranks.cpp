#include "app/cli/launch/local_ranks.h"

#include "core/base/log.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace tagscape::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kTimeToNotice = std::chrono::seconds(15);
constexpr auto kTimeToEnd = std::chrono::seconds(15);
constexpr int kPoll_ms = 50;

tl::unexpected<Error> cannot(std::string_view doing) {
  return fail(ErrorCode::Io, fmt::format("cannot {}: {}", doing, std::strerror(errno)));
}

/// The read end of a pipe, and the incomplete line read so far.
struct Stream {
  int end = -1;
  std::string open_line;
};

struct Child {
  pid_t process = 0;
  bool running = false;
  int status = 0;  ///< As waitpid() tells it.
  Stream out, err;
};

bool failed(const Child& child) {
  return !child.running && !(WIFEXITED(child.status) && WEXITSTATUS(child.status) == 0);
}

// ------------------------------------------------------------------------------------------------------ starting

/// This process's environment with the variables of a rank.
std::vector<std::string> environmentOf(int rank, const LocalJob& job) {
  std::vector<std::string> lines{fmt::format("RANK={}", rank),
                                 fmt::format("LOCAL_RANK={}", rank),
                                 fmt::format("WORLD_SIZE={}", job.num_processes),
                                 "MASTER_ADDR=127.0.0.1",
                                 fmt::format("MASTER_PORT={}", job.port),
                                 fmt::format("OMP_NUM_THREADS={}", job.threads_per_process)};
  const std::vector<std::string> own = lines;
  for (char** line = environ; *line != nullptr; ++line) {
    const std::string_view text = *line;
    const auto name = text.substr(0, text.find('=') + 1);
    // Variables of an enclosing torchrun refer to another rendezvous.
    const bool replaced = name.starts_with("TORCHELASTIC_") ||
                          std::any_of(own.begin(), own.end(), [&](const auto& ours) { return ours.starts_with(name); });
    if (!replaced) lines.emplace_back(text);
  }
  return lines;
}

std::vector<char*> pointersTo(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// What the new process does between fork and exec: only calls that are safe there.
[[noreturn]] void become(const char* program, char** arguments, char** environment, int out, int err, pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(1);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  ::execve(program, arguments, environment);
  constexpr std::string_view kRefused = "error: this rank's program cannot be started\n";
  (void)!::write(STDERR_FILENO, kRefused.data(), kRefused.size());
  ::_exit(1);
}

Result<Child> start(int rank, const LocalJob& job) {
  std::array<int, 2> out{}, err{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0) return cannot("make a pipe");
  if (::pipe2(err.data(), O_CLOEXEC) != 0) return cannot("make a pipe");
  std::vector<std::string> words{job.program.string()};
  words.insert(words.end(), job.arguments.begin(), job.arguments.end());
  std::vector<std::string> lines = environmentOf(rank, job);
  auto argv = pointersTo(words), envp = pointersTo(lines);
  const pid_t parent = ::getpid();
  const pid_t process = ::fork();
  if (process == 0) become(job.program.c_str(), argv.data(), envp.data(), out[1], err[1], parent);
  ::close(out[1]);
  ::close(err[1]);
  if (process < 0) return cannot(fmt::format("start rank {}", rank));
  ::fcntl(out[0], F_SETFL, O_NONBLOCK);
  ::fcntl(err[0], F_SETFL, O_NONBLOCK);
  Child child;
  child.process = process;
  child.running = true;
  child.out.end = out[0];
  child.err.end = err[0];
  return child;
}

// ------------------------------------------------------------------------------------------------------- output

void printLine(int rank, std::string_view line) { std::fputs(fmt::format("[{}] {}\n", rank, line).c_str(), stderr); }

/// Prints complete lines, and at the end the rest.
void printLines(int rank, Stream& stream, bool at_end) {
  for (auto newline = stream.open_line.find('\n'); newline != std::string::npos;
       newline = stream.open_line.find('\n')) {
    printLine(rank, std::string_view(stream.open_line).substr(0, newline));
    stream.open_line.erase(0, newline + 1);
  }
  if (at_end && !stream.open_line.empty()) printLine(rank, stream.open_line);
}

/// Reads all available data; closes the stream at its end.
void drain(int rank, Stream& stream, bool to_stdout) {
  if (stream.end < 0) return;
  std::array<char, 65536> buffer{};
  ssize_t got = 0;
  while ((got = ::read(stream.end, buffer.data(), buffer.size())) > 0) {
    const auto count = static_cast<std::size_t>(got);
    if (to_stdout)
      std::fwrite(buffer.data(), 1, count, stdout);
    else
      stream.open_line.append(buffer.data(), count);
  }
  const bool at_end = got == 0;
  if (to_stdout)
    std::fflush(stdout);
  else
    printLines(rank, stream, at_end);
  if (!at_end) return;
  ::close(stream.end);
  stream.end = -1;
}

// ------------------------------------------------------------------------------------------------------- watching

std::string endOf(int rank, const Child& child, int num_processes) {
  if (WIFSIGNALED(child.status))
    return fmt::format("rank {} of {} was killed by signal {} ({})",
                       rank,
                       num_processes,
                       WTERMSIG(child.status),
                       ::strsignal(WTERMSIG(child.status)));
  return fmt::format("rank {} of {} ended with exit code {}; its messages are marked [{}]",
                     rank,
                     num_processes,
                     WEXITSTATUS(child.status),
                     rank);
}

class Watch {
 public:
  Watch(const LocalJob& job, std::vector<Child>& children) : job_(job), children_(children) {}
  ~Watch() {
    for (Child& child : children_) {
      for (const Stream* stream : {&child.out, &child.err})
        if (stream->end >= 0) ::close(stream->end);
    }
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  Status run(const std::stop_token& stop) {
    while (anyRuns()) {
      waitForOutput();
      const bool signalled = stop.stop_requested() && !stopping_;
      if (signalled) signalAll(SIGTERM);
      stopping_ = stopping_ || signalled;
      takeOutput();
      reap();
      endTheOthers();
    }
    takeOutput();
    if (stopping_) return fail(ErrorCode::Cancelled, "stopped");
    if (first_failed_ < 0) return {};
    const Child& child = children_[static_cast<std::size_t>(first_failed_)];
    const bool bad_input = WIFEXITED(child.status) && WEXITSTATUS(child.status) == 2;
    return fail(bad_input ? ErrorCode::InvalidInput : ErrorCode::Internal, describe(first_failed_));
  }

 private:
  [[nodiscard]] bool anyRuns() const {
    return std::any_of(children_.begin(), children_.end(), [](const Child& child) { return child.running; });
  }
  [[nodiscard]] std::string describe(int rank) const {
    return endOf(rank, children_[static_cast<std::size_t>(rank)], job_.num_processes);
  }

  void waitForOutput() {
    std::vector<pollfd> ends;
    for (const Child& child : children_) {
      for (const Stream* stream : {&child.out, &child.err})
        if (stream->end >= 0) ends.push_back({stream->end, POLLIN, 0});
    }
    ::poll(ends.data(), ends.size(), kPoll_ms);
  }

  void takeOutput() {
    for (std::size_t i = 0; i < children_.size(); ++i) {
      const int rank = static_cast<int>(i);
      drain(rank, children_[i].out, rank == 0);
      drain(rank, children_[i].err, false);
    }
  }

  void reap() {
    for (std::size_t i = 0; i < children_.size(); ++i) {
      Child& child = children_[i];
      if (!child.running || ::waitpid(child.process, &child.status, WNOHANG) != child.process) continue;
      child.running = false;
      if (!failed(child) || first_failed_ >= 0) continue;
      first_failed_ = static_cast<int>(i);
      deadline_ = Clock::now() + kTimeToNotice;
      if (!stopping_ && anyRuns()) log::warn(describe(first_failed_) + "; the others are about to end");
    }
  }

  /// After a failure: a request, then force.
  void endTheOthers() {
    if (first_failed_ < 0 || Clock::now() < deadline_ || !anyRuns()) return;
    signalAll(asked_to_end_ ? SIGKILL : SIGTERM);
    asked_to_end_ = true;
    deadline_ = Clock::now() + kTimeToEnd;
  }

  void signalAll(int number) {
    for (const Child& child : children_)
      if (child.running) ::kill(child.process, number);
  }

  const LocalJob& job_;
  std::vector<Child>& children_;
  bool stopping_ = false, asked_to_end_ = false;
  int first_failed_ = -1;  ///< A rank; -1 while none has.
  Clock::time_point deadline_;
};

}  // namespace

Result<std::uint16_t> freeLoopbackPort() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return cannot("open a socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  const bool found = ::bind(socket, any, length) == 0 && ::getsockname(socket, any, &length) == 0;
  const int problem = errno;
  ::close(socket);
  errno = problem;
  if (!found) return cannot("find a free port");
  return ntohs(address.sin_port);
}

Status runLocalRanks(const LocalJob& job, const std::stop_token& stop) {
  std::vector<Child> children;
  Watch watch(job, children);
  for (int rank = 0; rank < job.num_processes; ++rank) {
    auto child = start(rank, job);
    if (!child) {
      for (const Child& started : children) ::kill(started.process, SIGKILL);
      return fail(child.error());
    }
    children.push_back(std::move(*child));
  }
  return watch.run(stop);
}

}  // namespace tagscape::cli

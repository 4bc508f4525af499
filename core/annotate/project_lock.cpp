#include "core/annotate/project_lock.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace tagscape {
namespace {

constexpr int kMaxTries = 100;

std::string ownerOf(int file) {
  char text[32] = {};
  const ssize_t length = pread(file, text, sizeof(text) - 1, 0);
  return length > 0 ? fmt::format("process {}", std::string(text, static_cast<std::size_t>(length)))
                    : "another process";
}

/// Whether the file that is open still is the one of this name: its owner may have removed it meanwhile.
bool isStillThere(int file, const std::filesystem::path& path) {
  struct stat opened {
  }, named{};
  return fstat(file, &opened) == 0 && stat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

}  // namespace

Result<ProjectLock> ProjectLock::take(const std::filesystem::path& project) {
  const std::filesystem::path path = project.string() + "-lock";
  for (int i = 0; i < kMaxTries; ++i) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) {
      return failFile(ErrorCode::NotWritable, path, std::strerror(errno), "Save the project where you may write");
    }
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
      const std::string owner = ownerOf(file);
      ::close(file);
      return failFile(
          ErrorCode::NotWritable, project, fmt::format("{} has it open", owner), "Close it there to change it here");
    }
    if (!isStillThere(file, path)) {
      ::close(file);
      continue;
    }
    const std::string text = std::to_string(getpid());
    if (ftruncate(file, 0) == 0) (void)!pwrite(file, text.data(), text.size(), 0);  // Only for the message.
    return ProjectLock(file, path);
  }
  return failFile(ErrorCode::NotWritable, path, "other programs keep taking it", "Try again");
}

ProjectLock::ProjectLock(ProjectLock&& other) noexcept
    : file_(std::exchange(other.file_, -1)), path_(std::move(other.path_)) {}

ProjectLock& ProjectLock::operator=(ProjectLock&& other) noexcept {
  if (this == &other) return *this;
  release();
  file_ = std::exchange(other.file_, -1);
  path_ = std::move(other.path_);
  return *this;
}

ProjectLock::~ProjectLock() { release(); }

void ProjectLock::release() {
  if (file_ < 0) return;
  ::unlink(path_.c_str());
  ::close(file_);
  file_ = -1;
}

}  // namespace tagscape

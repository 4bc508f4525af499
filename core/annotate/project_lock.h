#pragma once

// Private to this module.

#include "core/base/result.h"

#include <filesystem>
#include <optional>

namespace tagscape {

/// That this process alone writes a project. The system gives the lock back when the process ends, however it ends.
class ProjectLock {
 public:
  /// Takes the lock file beside the project, "<file>-lock", without waiting.
  /// Errors: NotWritable naming the process that has it, or why the file cannot be made.
  [[nodiscard]] static Result<ProjectLock> take(const std::filesystem::path& project);

  ProjectLock(ProjectLock&& other) noexcept;
  ProjectLock& operator=(ProjectLock&& other) noexcept;
  ~ProjectLock();

 private:
  ProjectLock(int file, std::filesystem::path path) : file_(file), path_(std::move(path)) {}
  void release();

  int file_ = -1;
  std::filesystem::path path_;
};

}  // namespace tagscape

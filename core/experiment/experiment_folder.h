#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tagscape {

/// The folder in which an experiment is kept between calls. One call at a time works in it: it is locked until the
/// owner, and all processes that it started, have ended.
class ExperimentFolder {
 public:
  /// Makes the folder, or opens it if it holds the same experiment (experiment.json).
  /// @param identity  text by name, of everything that results depend on.
  /// Errors: NotWritable; InvalidInput if the folder holds an experiment with another identity (naming what differs) or
  /// something else; NotWritable if another call is at work there.
  [[nodiscard]] static Result<ExperimentFolder> open(const std::filesystem::path& path,
                                                     const std::map<std::string, std::string>& identity);
  ExperimentFolder(ExperimentFolder&& other) noexcept;
  ExperimentFolder& operator=(ExperimentFolder&&) = delete;
  ~ExperimentFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path dataFolder(int seed) const;
  /// Seeds of data (0: given) and of networks for which runs/ has a folder, ascending.
  [[nodiscard]] std::vector<std::pair<int, int>> seedsWithRuns() const;

 private:
  ExperimentFolder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::filesystem::path path_;
  int lock_ = -1;
};

/// The processor's name and how many there are: "AMD EPYC 7B13, 2 processors".
[[nodiscard]] std::string machineName();

}  // namespace tagscape

#pragma once

#include "app/cli/command.h"

#include <filesystem>
#include <string>
#include <vector>

namespace tagscape::cli {

/// The scans that a command works on: named one by one, or as a data set and a split of it.
struct SceneArguments {
  std::vector<std::string> paths;
  std::string split;
  int max_scenes = 0;
  double min_tag_area = 0.005;
  std::string project;              ///< Whose tags take the place of the scans' own.
  bool prefers_frames_25k = false;  ///< Of ScanNet's scenes; set by the command.
  FuseArguments fuse;

  void addTo(CLI::App& options);
  /// All scenes, those of data sets included. Errors: InvalidInput for a missing or empty split.
  [[nodiscard]] Result<std::vector<std::filesystem::path>> list() const;
  /// Opens a scene with its mesh and the tags of the project if it has the scene; frames without tags get them from
  /// label images. Errors: those of openScene and Project::openReadOnly.
  [[nodiscard]] Result<SharedScene> open(const std::filesystem::path& path, const Job& job) const;
};

}  // namespace tagscape::cli

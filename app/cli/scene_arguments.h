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
  FuseArguments fuse;

  void addTo(CLI::App& options);
  /// Data sets replaced by their scenes. Errors: InvalidInput for a split that is not there or empty.
  [[nodiscard]] Result<std::vector<std::filesystem::path>> list() const;
  /// Complete with a mesh, and with tags of frames that come from label images where none were given.
  [[nodiscard]] Result<SharedScene> open(const std::filesystem::path& path, const Job& job) const;
};

}  // namespace tagscape::cli

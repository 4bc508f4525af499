#include "app/cli/scene_arguments.h"

#include "core/base/log.h"
#include "core/pipeline/frame_tags.h"

#include <fmt/format.h>

#include <algorithm>

namespace tagscape::cli {
namespace {

Result<std::vector<std::filesystem::path>> scenesOfDataSet(const DataSet& data_set, const std::string& split) {
  std::vector<std::filesystem::path> paths;
  for (const auto& warning : data_set.warnings) log::warn(warning);
  if (split.empty()) {
    for (const auto& scene : data_set.scenes) paths.push_back(scene.path);
    return paths;
  }
  const auto found = data_set.splits.find(split);
  if (found == data_set.splits.end()) {
    return failFile(ErrorCode::InvalidInput,
                    data_set.path,
                    fmt::format("this data set has no split '{}'", split),
                    fmt::format("Put a list of its scenes into scannetv2_{}.txt there, or leave --split out", split));
  }
  for (const std::size_t position : found->second) paths.push_back(data_set.scenes[position].path);
  return paths;
}

bool canDeriveFrameTags(const Scene& scene) {
  return scene.tag_source != TagSource::Given &&
         std::any_of(scene.frames.begin(), scene.frames.end(), [](const Frame& frame) { return frame.has_labels; });
}

}  // namespace

void SceneArguments::addTo(CLI::App& options) {
  options.add_option("paths", paths, "One or more scans, or a data set (a folder of scans)")->required();
  options.add_option("--split", split, "Only the scenes in this split list of a data set: train, val or test");
  options.add_option("--max-scenes", max_scenes, "Only the first N scenes; 0: all")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  options
      .add_option("--min-tag-share",
                  min_tag_share,
                  "Tag frames that have none with the classes that cover this share of their label image")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  fuse.addTo(options);
}

Result<std::vector<std::filesystem::path>> SceneArguments::list() const {
  std::vector<std::filesystem::path> scenes;
  for (const auto& path : paths) {
    if (const auto data_set = findDataSet(path)) {
      TAGSCAPE_ASSIGN(const auto found, scenesOfDataSet(*data_set, split));
      scenes.insert(scenes.end(), found.begin(), found.end());
    } else {
      if (!split.empty()) {
        return failFile(ErrorCode::InvalidInput, path, "--split is of a data set, and this is none", "Leave it out");
      }
      scenes.emplace_back(path);
    }
  }
  if (max_scenes > 0 && scenes.size() > static_cast<std::size_t>(max_scenes))
    scenes.resize(static_cast<std::size_t>(max_scenes));
  if (scenes.empty()) return fail(ErrorCode::InvalidInput, fmt::format("The split '{}' is empty", split));
  return scenes;
}

Result<SharedScene> SceneArguments::open(const std::filesystem::path& path, const Job& job) const {
  TAGSCAPE_ASSIGN(auto scene, openScene(path, fuse.openOptions(), job));
  if (!canDeriveFrameTags(*scene)) return scene;
  log::info(fmt::format("scene '{}': tags of frames are taken from its label images ({:g} % of an image and more)",
                        scene->name,
                        100 * min_tag_share));
  return deriveFrameTags(scene, {min_tag_share}, job);
}

}  // namespace tagscape::cli

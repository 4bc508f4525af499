#include "core/scans/data_set.h"

#include "core/base/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

/// Folders that data sets have beside their scenes.
bool isSceneName(const std::string& name) {
  constexpr std::array<std::string_view, 16> kOthers{"scans",
                                                     "scans_test",
                                                     "scannet_frames_25k",
                                                     "scannet_frames_test",
                                                     "posed_images",
                                                     "splits",
                                                     "meta_data",
                                                     "Tasks",
                                                     "tasks",
                                                     "color",
                                                     "depth",
                                                     "pose",
                                                     "intrinsic",
                                                     "label",
                                                     "label-filt",
                                                     "instance"};
  return !name.starts_with('.') && std::find(kOthers.begin(), kOthers.end(), name) == kOthers.end();
}

/// Adds the folders in `folder` that are not known from a place looked at before.
void listScenes(const fs::path& folder, std::map<std::string, fs::path>& scenes) {
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    std::error_code ignored;
    const std::string name = it->path().filename().string();
    if (isSceneName(name) && it->is_directory(ignored)) scenes.emplace(name, it->path());
  }
}

fs::path findSplitList(const fs::path& path, std::string_view split) {
  std::error_code code;
  const fs::path name = fmt::format("scannetv2_{}.txt", split);
  const fs::path above = fs::weakly_canonical(path, code).parent_path();
  for (const auto& place : {path, above}) {
    for (const char* part : {"", "splits", "meta_data", "Tasks/Benchmark"}) {
      fs::path candidate = place / part / name;
      if (fs::is_regular_file(candidate, code)) return candidate;
    }
  }
  return {};
}

void attachSplit(const std::string& split, DataSet& data) {
  const fs::path list = findSplitList(data.path, split);
  if (list.empty()) return;
  const auto ids = readSplitList(list);
  if (!ids) {
    data.warnings.push_back(ids.error().message);
    return;
  }
  std::vector<std::string> missing;
  auto& members = data.splits[split];
  for (const auto& id : *ids) {
    const auto found = std::lower_bound(
        data.scenes.begin(), data.scenes.end(), id, [](const auto& scene, const auto& b) { return scene.id < b; });
    if (found != data.scenes.end() && found->id == id) {
      members.push_back(static_cast<std::size_t>(found - data.scenes.begin()));
    } else {
      missing.push_back(id);
    }
  }
  if (!missing.empty()) {
    data.warnings.push_back(
        fmt::format("{}: {} of {} scenes have no folder, the first is {}. Download them if you need them",
                    list.string(),
                    missing.size(),
                    ids->size(),
                    missing.front()));
  }
}

}  // namespace

Result<DataSet> scanDataSet(const fs::path& path) {
  std::error_code code;
  if (!fs::exists(path, code)) return failFile(ErrorCode::NotFound, path, "no such folder", "Check the path");
  if (!fs::is_directory(path, code))
    return failFile(ErrorCode::InvalidInput, path, "not a folder", "Name the folder that holds the scenes");
  std::map<std::string, fs::path> scenes;
  for (const char* part : {"scans", "scans_test", "scannet_frames_25k", "posed_images"})
    listScenes(path / part, scenes);
  if (scenes.empty()) listScenes(path, scenes);
  if (scenes.empty())
    return failFile(
        ErrorCode::InvalidInput, path, "it holds no folders of scenes", "Name the folder that holds scans/ or scenes");
  DataSet data;
  data.path = path;
  for (auto& [id, folder] : scenes) data.scenes.push_back({id, std::move(folder)});
  for (const char* split : {"train", "val", "test"}) attachSplit(split, data);
  return data;
}

Result<std::vector<std::string>> readSplitList(const fs::path& path) {
  TAGSCAPE_ASSIGN(const auto text, readTextFile(path, std::uintmax_t{16} << 20));
  return parseSplitList(text, path);
}

Result<std::vector<std::string>> parseSplitList(std::string_view text, const fs::path& name) {
  std::vector<std::string> ids;
  for (int line_number = 1; !text.empty(); ++line_number) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (line.empty()) continue;
    const bool plain = line.size() < 256 && !line.starts_with('.') &&
                       std::all_of(line.begin(), line.end(), [](char c) { return c > ' ' && c != '/' && c != '\x7f'; });
    if (!plain)
      return failFile(ErrorCode::InvalidInput,
                      name,
                      fmt::format("line {} is no name of a scene", line_number),
                      "Write one id a line");
    ids.emplace_back(line);
  }
  return ids;
}

}  // namespace tagscape

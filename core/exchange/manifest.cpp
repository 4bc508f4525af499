#include "core/exchange/manifest.h"

#include "core/base/files.h"
#include "core/base/sha256.h"
#include "core/io/byte_source.h"
#include "core/io/json_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* kManifest = "manifest.json";
constexpr const char* kSceneFolder = "manifest";
constexpr int kVersion = 1;

ordered_json toJson(const std::vector<ExportedFile>& files) {
  ordered_json list = ordered_json::array();
  for (const auto& file : files)
    list.push_back({{"format", file.format}, {"path", file.path}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  return list;
}

tl::unexpected<Error> refuse(const fs::path& path, std::string_view problem) {
  return failFile(ErrorCode::InvalidInput, path, problem, "Export again, or restore the file");
}

std::string textOf(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint64_t countOf(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? 0
                               : static_cast<std::uint64_t>(std::max<std::int64_t>(wholeNumber(*found).value_or(0), 0));
}

/// A path of a manifest, which must stay below the export's folder.
bool isBelow(const fs::path& path) {
  return !path.empty() && !path.is_absolute() &&
         std::none_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".."; });
}

Result<std::vector<ExportedFile>> filesFrom(const json& object, const fs::path& path) {
  const auto list = object.find("files");
  if (list == object.end() || !list->is_array()) return refuse(path, "it has no list of files");
  std::vector<ExportedFile> files;
  for (const auto& entry : *list) {
    if (!entry.is_object()) return refuse(path, fmt::format("file {} of its list is none", files.size() + 1));
    ExportedFile file{textOf(entry, "format"), textOf(entry, "path"), countOf(entry, "bytes"), textOf(entry, "sha256")};
    if (!isBelow(file.path))
      return refuse(path, fmt::format("file {} of its list has no path below the folder", files.size() + 1));
    files.push_back(std::move(file));
  }
  return files;
}

Result<json> readObject(const fs::path& path) {
  TAGSCAPE_ASSIGN(const std::string text, readTextFile(path));
  TAGSCAPE_ASSIGN(json object, parseJson(text, path));
  if (!object.is_object()) return refuse(path, "it is no manifest");
  return object;
}

std::optional<std::string> problemOf(const fs::path& folder, const ExportedFile& file) {
  std::error_code code;
  const fs::path path = folder / file.path;
  if (!fs::exists(path, code)) return "it is missing";
  const auto bytes = FileBytes::read(path, std::uint64_t{1} << 40U);
  if (!bytes) return fmt::format("it cannot be read ({})", bytes.error().message);
  if (bytes->span().size() != file.bytes)
    return fmt::format("it has {} bytes, and {} were written", bytes->span().size(), file.bytes);
  if (sha256(bytes->span()) != file.sha256) return "its content is not what was written";
  return std::nullopt;
}

Status checkFiles(const fs::path& folder, const std::vector<ExportedFile>& files, const Job& job, ExportCheck& check) {
  for (const auto& file : files) {
    TAGSCAPE_TRY(job.checkStop("Verifying"));
    if (const auto problem = problemOf(folder, file))
      check.problems.push_back(fmt::format("{}: {}", file.path, *problem));
    ++check.num_files;
    check.num_bytes += file.bytes;
  }
  return {};
}

}  // namespace

fs::path sceneManifestFile(const fs::path& folder, const std::string& scene) {
  return folder / kSceneFolder / (scene + ".json");
}

Status writeManifest(const fs::path& folder, const ExportManifest& manifest) {
  ordered_json classes = ordered_json::array();
  for (const auto& info : manifest.classes)
    classes.push_back({{"name", info.name}, {"id", info.id}, {"color", info.color}});
  const ordered_json document{{"program", manifest.program},
                              {"manifest_version", kVersion},
                              {"formats", manifest.formats},
                              {"classes", classes},
                              {"files", toJson(manifest.files)}};
  return writeFileAtomically(folder / kManifest, document.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

Status writeSceneManifest(const fs::path& folder, const ExportedScene& scene) {
  ordered_json document{{"scene", scene.name},
                        {"path", scene.path},
                        {"layer", scene.layer},
                        {"provenance", scene.provenance},
                        {"origin", scene.origin},
                        {"options", scene.options},
                        {"fingerprint", scene.fingerprint},
                        {"tags", scene.tags},
                        {"points", scene.num_points},
                        {"labelled_points", scene.num_labelled},
                        {"frames", scene.num_frames}};
  if (scene.mean_iou)
    document["metrics"] = {{"mean_iou", *scene.mean_iou}, {"accuracy", scene.accuracy.value_or(0)}, {"iou", scene.iou}};
  document["files"] = toJson(scene.files);
  return writeFileAtomically(sceneManifestFile(folder, scene.name),
                             document.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

Result<ExportManifest> readManifest(const fs::path& folder) {
  const fs::path path = folder / kManifest;
  TAGSCAPE_ASSIGN(const json document, readObject(path));
  if (countOf(document, "manifest_version") > kVersion) return refuse(path, "it is from a newer version of Tagscape");
  ExportManifest manifest;
  manifest.program = textOf(document, "program");
  for (const auto& format : document.value("formats", json::array())) {
    if (format.is_string()) manifest.formats.push_back(format.get<std::string>());
  }
  for (const auto& info : document.value("classes", json::array())) {
    if (info.is_object())
      manifest.classes.push_back({textOf(info, "name"), static_cast<int>(countOf(info, "id")), textOf(info, "color")});
  }
  TAGSCAPE_ASSIGN(manifest.files, filesFrom(document, path));
  return manifest;
}

Result<ExportedScene> readSceneManifest(const fs::path& file) {
  TAGSCAPE_ASSIGN(const json document, readObject(file));
  ExportedScene scene;
  scene.name = textOf(document, "scene");
  scene.path = textOf(document, "path");
  scene.layer = textOf(document, "layer");
  scene.provenance = textOf(document, "provenance");
  scene.origin = textOf(document, "origin");
  scene.options = textOf(document, "options");
  scene.fingerprint = textOf(document, "fingerprint");
  for (const auto& tag : document.value("tags", json::array())) {
    if (tag.is_string()) scene.tags.push_back(tag.get<std::string>());
  }
  scene.num_points = countOf(document, "points");
  scene.num_labelled = countOf(document, "labelled_points");
  scene.num_frames = countOf(document, "frames");
  TAGSCAPE_ASSIGN(scene.files, filesFrom(document, file));
  return scene;
}

Result<ExportCheck> verifyExport(const fs::path& folder, const Job& job) {
  TAGSCAPE_ASSIGN(const ExportManifest manifest, readManifest(folder));
  ExportCheck check;
  TAGSCAPE_TRY(checkFiles(folder, manifest.files, job, check));
  std::vector<fs::path> files;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder / kSceneFolder, code)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (std::size_t i = 0; i < files.size(); ++i) {
    job.report(
        "Verifying", static_cast<std::int64_t>(i), static_cast<std::int64_t>(files.size()), files[i].stem().string());
    const auto scene = readSceneManifest(files[i]);
    if (!scene) {
      check.problems.push_back(scene.error().message);
      continue;
    }
    ++check.num_scenes;
    TAGSCAPE_TRY(checkFiles(folder, scene->files, job, check));
  }
  return check;
}

}  // namespace tagscape

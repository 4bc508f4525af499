#pragma once

#include "core/base/job.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tagscape {

/// A file of an export.
struct ExportedFile {
  std::string format{};
  std::string path{};  ///< Below the export's folder, with slashes.
  std::uint64_t bytes = 0;
  std::string sha256{};
};

/// What was written of one scene: manifest/<scene>.json.
struct ExportedScene {
  std::string name{};
  std::string path{};  ///< Of the scan.
  std::string layer{}, provenance{};
  std::string origin{};       ///< Which weights and options made the labels; empty where nothing says it.
  std::string options{};      ///< LayerOptions::text.
  std::string fingerprint{};  ///< Of labels, options and formats: an export with the same is not made again.
  std::vector<std::string> tags{};
  std::uint64_t num_points = 0, num_labelled = 0, num_frames = 0;
  std::optional<double> mean_iou{}, accuracy{};  ///< Of the points against the scan's annotation, 0 … 1.
  std::map<std::string, double> iou{};           ///< By class.
  std::vector<ExportedFile> files{};
  bool was_there = false;  ///< Nothing was written, as all of it was there; not in the file.
};

/// What all scenes of an export share: manifest.json.
struct ExportManifest {
  std::string program{};  ///< "tagscape 0.9.0"
  std::vector<std::string> formats{};
  struct Class {
    std::string name{};
    int id = 0;
    std::string color{};
  };
  std::vector<Class> classes{};
  std::vector<ExportedFile> files{};  ///< That belong to no scene.
};

[[nodiscard]] std::filesystem::path sceneManifestFile(const std::filesystem::path& folder, const std::string& scene);

/// Replaced atomically. Errors: NotWritable.
[[nodiscard]] Status writeManifest(const std::filesystem::path& folder, const ExportManifest& manifest);
[[nodiscard]] Status writeSceneManifest(const std::filesystem::path& folder, const ExportedScene& scene);

/// Errors: NotFound; InvalidInput naming what the file lacks.
[[nodiscard]] Result<ExportManifest> readManifest(const std::filesystem::path& folder);
[[nodiscard]] Result<ExportedScene> readSceneManifest(const std::filesystem::path& file);

/// What verifyExport found.
struct ExportCheck {
  std::uint64_t num_scenes = 0, num_files = 0, num_bytes = 0;
  std::vector<std::string> problems;  ///< "coco/panoptic_room.json: its content is not what was written".
};

/// Compares every file of an export with the checksums of its manifests.
/// Errors: NotFound or InvalidInput if the folder has no readable manifest; Cancelled.
[[nodiscard]] Result<ExportCheck> verifyExport(const std::filesystem::path& folder, const Job& job);

}  // namespace tagscape

#pragma once

#include "core/base/result.h"
#include "core/run/run_directory.h"
#include "core/scene/cams.h"
#include "core/scene/scene.h"

#include <filesystem>
#include <optional>
#include <string>

namespace tagscape {

/// The labels of the very scans that a run was trained on, found from their tags: labels/<scene>.safetensors in the run
/// directory, as predictions are stored, with logits. Networks trained on them predict other scans; the labels
/// themselves are better where they are.

/// Tells scans apart by their points, wherever they lie: "scan of 81369 points, 1f…".
[[nodiscard]] std::string fingerprintOf(const PointCloud& points);

[[nodiscard]] std::filesystem::path scanLabelFile(const RunDirectory& run, const std::string& scene_name);

/// Errors: NotWritable.
[[nodiscard]] Status writeScanLabels(const RunDirectory& run, const Scene& scene, SceneCams cams);

/// The run's labels of a scan with these points; nothing if it has none. A file that cannot be read is named in the log
/// and passed over. Frames are those of the file: a copy of the scan may have others.
[[nodiscard]] std::optional<SceneCams> readScanLabels(const std::filesystem::path& run_folder, const Scene& scene);

/// The scan with the labels in place of the truth, for networks to learn from: Scene::point_labels and the label images
/// of its frames.
[[nodiscard]] SharedScene sceneWithLabels(const SharedScene& scene, const SceneCams& labels);

}  // namespace tagscape

#include "core/exports/label_export.h"

#include "core/base/files.h"
#include "core/clouds/ply.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

constexpr const char* kClassification = "scalar_Classification";
constexpr const char* kConfidence = "scalar_CAM";  // Its name since there were only predictions.

std::vector<int> nyu40Ids(const std::vector<std::uint8_t>& labels) {
  std::vector<int> ids(labels.size());
  std::transform(labels.begin(), labels.end(), ids.begin(), nyu40IdOf);
  return ids;
}

/// The NYU40 id of every vertex; -1 where the value is not finite. Errors: InvalidInput.
Result<std::vector<int>> classificationOf(const PlyContent& content, const fs::path& path) {
  const auto found = content.vertex_scalars.find(kClassification);
  if (found == content.vertex_scalars.end()) {
    return failFile(ErrorCode::InvalidInput,
                    path,
                    fmt::format("its vertices have no {}", kClassification),
                    "Name a file that Tagscape exported");
  }
  std::vector<int> ids;
  for (const float value : found->second)
    ids.push_back(std::isfinite(value) ? static_cast<int>(std::lround(std::clamp(value, -1e6F, 1e6F))) : -1);
  return ids;
}

/// Empty where the file has none, or has other values than confidences there.
std::vector<float> confidenceOf(const PlyContent& content) {
  const auto found = content.vertex_scalars.find(kConfidence);
  if (found == content.vertex_scalars.end()) return {};
  const bool fits =
      std::all_of(found->second.begin(), found->second.end(), [](float value) { return value >= 0 && value <= 1; });
  return fits ? found->second : std::vector<float>();
}

std::vector<std::uint8_t> classesOf(const std::vector<int>& nyu40_ids) {
  std::vector<std::uint8_t> classes(nyu40_ids.size());
  std::transform(nyu40_ids.begin(), nyu40_ids.end(), classes.begin(), [](int id) {
    return static_cast<std::uint8_t>(classByNyu40(id).value_or(kNoClass));
  });
  return classes;
}

struct Writer {
  fs::path file;
  Status (*write)(const fs::path&, const Scene&, const PointLabels&);
  Result<std::vector<int>> (*read)(const fs::path&);
};

Writer writerFor(LabelFormat format, const Scene& scene, const fs::path& folder) {
  switch (format) {
    case LabelFormat::Ply:
      return {folder / (scene.name + "_labels.ply"), &writeLabelPly, &readLabelPly};
    case LabelFormat::ScanNet:
      break;
  }
  const auto write = [](const fs::path& file, const Scene&, const PointLabels& labels) {
    return writeScanNetLabels(file, labels.classes());
  };
  return {folder / (scene.name + ".txt"), write, &readScanNetLabels};
}

}  // namespace

Result<LabelFormat> labelFormatByName(std::string_view name) {
  if (name == "ply") return LabelFormat::Ply;
  if (name == "scannet") return LabelFormat::ScanNet;
  return fail(ErrorCode::InvalidInput, fmt::format("\"{}\" is no export format. Choose ply or scannet", name));
}

Result<std::vector<fs::path>> exportLabels(const Scene& scene,
                                           const PointLabels& labels,
                                           const fs::path& folder,
                                           const std::vector<LabelFormat>& formats,
                                           const Job& job) {
  if (labels.size() != scene.points().size()) {
    return failFile(
        ErrorCode::InvalidInput,
        scene.path,
        fmt::format("the {} has {} points, the scene {}", labels.name(), labels.size(), scene.points().size()),
        "Predict again with the same fusing options");
  }
  TAGSCAPE_TRY(ensureWritableFolder(folder));
  const auto meant = nyu40Ids(labels.classes());
  std::vector<fs::path> files;
  for (const LabelFormat format : formats) {
    TAGSCAPE_TRY(job.checkStop("Exporting"));
    const Writer writer = writerFor(format, scene, folder);
    job.report("Exporting labels",
               static_cast<std::int64_t>(files.size()),
               static_cast<std::int64_t>(formats.size()),
               writer.file.filename().string());
    TAGSCAPE_TRY(writer.write(writer.file, scene, labels));
    TAGSCAPE_ASSIGN(const auto found, writer.read(writer.file));
    if (found != meant)
      return failFile(
          ErrorCode::Internal, writer.file, "reading it back gave other labels", "Check the disk and export again");
    files.push_back(writer.file);
  }
  return files;
}

Status writeLabelPly(const fs::path& path, const Scene& scene, const PointLabels& labels) {
  PlyContent content{.mesh = scene.mesh, .offset_m = scene.offset_m};
  auto& classification = content.vertex_scalars[kClassification];
  auto& confidence = content.vertex_scalars[kConfidence];
  classification.reserve(labels.size());
  confidence.reserve(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    classification.push_back(static_cast<float>(nyu40IdOf(labels.classes()[i])));
    confidence.push_back(labels.confidence(i));
  }
  return writePly(path, content, fmt::format("labels of {} {}", scene.name, labels.provenance()));
}

Result<std::vector<int>> readLabelPly(const fs::path& path) {
  TAGSCAPE_ASSIGN(const auto content, readPly(path));
  return classificationOf(content, path);
}

Status writeScanNetLabels(const fs::path& path, const std::vector<std::uint8_t>& labels) {
  std::string text;
  for (const std::uint8_t label : labels) text += fmt::format("{}\n", nyu40IdOf(label));
  return writeFileAtomically(path, text);
}

Result<std::vector<int>> readScanNetLabels(const fs::path& path) {
  TAGSCAPE_ASSIGN(const auto text, readTextFile(path));
  std::vector<int> ids;
  const char* position = text.data();
  const char* const end = text.data() + text.size();
  while (position != end) {
    int id = 0;
    const auto [stopped, problem] = std::from_chars(position, end, id);
    const bool ends_line = stopped == end || *stopped == '\n' || *stopped == '\r';
    if (problem != std::errc() || !ends_line) {
      return failFile(ErrorCode::InvalidInput,
                      path,
                      fmt::format("line {} is no label", ids.size() + 1),
                      "Write one number per line");
    }
    ids.push_back(id);
    position = stopped;
    while (position != end && (*position == '\n' || *position == '\r')) ++position;
  }
  return ids;
}

Result<PointLabels> importLabels(const fs::path& path) {
  std::vector<int> ids;
  std::vector<float> confidence;
  if (path.extension() == ".ply") {
    TAGSCAPE_ASSIGN(const PlyContent content, readPly(path));
    TAGSCAPE_ASSIGN(ids, classificationOf(content, path));
    confidence = confidenceOf(content);
  } else {
    TAGSCAPE_ASSIGN(ids, readScanNetLabels(path));
  }
  return PointLabels(path.filename().string(),
                     fmt::format("from {}", path.filename().string()),
                     classesOf(ids),
                     std::move(confidence),
                     {LabelOrigin::Import});
}

int nyu40IdOf(std::uint8_t label) { return label < kNumClasses ? classCatalog()[label].nyu40_id : 0; }

}  // namespace tagscape

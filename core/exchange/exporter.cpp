#include "core/exchange/exporter.h"

#include "core/base/files.h"
#include "core/base/sha256.h"
#include "core/exchange/export_part.h"
#include "core/exchange/format_table.h"
#include "core/exchange/read_back.h"
#include "core/exchange/written_files.h"
#include "core/metrics/confusion.h"
#include "core/scene/scene_tags.h"

#include <fmt/format.h>

#include <algorithm>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

Status checkBelongs(const Scene& scene, const ExchangeLayer& layer) {
  if (layer.points.size() == 0 || layer.points.size() == scene.points().size()) return {};
  return failFile(
      ErrorCode::InvalidInput,
      scene.path,
      fmt::format("the {} has {} points, the scene {}", layer.name, layer.points.size(), scene.points().size()),
      "Predict again with the same fusing options");
}

void addBytes(std::string& text, const void* data, std::size_t size) {
  text.append(static_cast<const char*>(data), size);
}

/// The same for the same labels, options and formats.
std::string fingerprintOf(const SharedScene& scene, const ExchangeLayer& layer, const ExportOptions& options) {
  std::string text = fmt::format("{}|{}|{}|{}|{}|{}{}|",
                                 scene->name,
                                 layer.name,
                                 layer.provenance,
                                 layer.origin,
                                 options.layer.text(layer.classes),
                                 options.points,
                                 options.frames);
  for (const ExchangeFormat* format : options.formats) text += fmt::format("{},", format->name);
  for (const ImageIds ids : options.image_ids) text += fmt::format("{},", static_cast<int>(ids));
  for (const auto& info : layer.classes) text += fmt::format("{}={},", info.name, info.id);
  const LayerPoints& points = layer.points;
  addBytes(text, points.classes.data(), points.classes.size() * sizeof(points.classes[0]));
  addBytes(text, points.confidence.data(), points.confidence.size() * sizeof(float));
  addBytes(text, points.instances.data(), points.instances.size() * sizeof(std::uint32_t));
  addBytes(text, scene->points().positions_m.data(), scene->points().size() * sizeof(Eigen::Vector3f));
  return sha256(std::as_bytes(std::span(text)));
}

/// The scene's record if all of it is there with these labels.
std::optional<ExportedScene> thereAlready(const fs::path& folder,
                                          const std::string& name,
                                          const std::string& fingerprint) {
  auto record = readSceneManifest(sceneManifestFile(folder, name));
  if (!record || record->fingerprint != fingerprint) return std::nullopt;
  for (const auto& file : record->files) {
    std::error_code code;
    if (fs::file_size(folder / file.path, code) != file.bytes || code) return std::nullopt;
  }
  record->was_there = true;
  return *record;
}

void addMetrics(const Scene& scene, const ExchangeLayer& layer, ExportedScene& record) {
  const bool comparable =
      scene.point_labels.size() == layer.points.size() && layer.points.size() > 0 && areScanNetClasses(layer.classes);
  if (!comparable) return;
  const PointLabels labels = pointLabelsOf(layer);
  Confusion confusion;
  confusion.add(scene.point_labels, labels.classes());
  record.mean_iou = confusion.meanIou();
  record.accuracy = confusion.accuracy();
  for (int c = 0; c < kNumClasses; ++c) {
    if (const auto iou = confusion.iou(c)) record.iou[layer.classes[static_cast<std::size_t>(c)].name] = *iou;
  }
}

ExportedScene recordOf(const SharedScene& scene, const ExchangeLayer& layer, const ExportOptions& options) {
  ExportedScene record{.name = scene->name,
                       .path = scene->path.string(),
                       .layer = layer.name,
                       .provenance = layer.provenance,
                       .origin = layer.origin,
                       .options = options.layer.text(layer.classes)};
  if (const auto tags = tagsOfScene(*scene)) {
    for (std::size_t i = 0; i < tags->size(); ++i) {
      if ((*tags)[i]) record.tags.emplace_back(classCatalog()[i].name);
    }
  }
  record.num_points = layer.points.size();
  const auto& rows = layer.points.classes;
  record.num_labelled = rows.size() - static_cast<std::size_t>(std::count(rows.begin(), rows.end(), kUnlabelled));
  record.num_frames = layer.frames == nullptr ? 0 : layer.frames->indices().size();
  addMetrics(*scene, layer, record);
  return record;
}

}  // namespace

Result<ExportScene> exportPart(const ExchangeFormat& format,
                               const SharedScene& scene,
                               const ExchangeLayer& layer,
                               const ExportOptions& options) {
  ExportScene written{scene, &layer, false, false, options.image_ids};
  written.points = format.points && options.points && layer.points.size() > 0;
  written.frames = format.frames && options.frames && layer.frames != nullptr && !layer.frames->indices().empty();
  if (written.points || written.frames) return written;
  const bool holds_points = format.points && options.points;
  return failFile(ErrorCode::InvalidInput,
                  scene->path,
                  fmt::format("the format {} has nothing to write: the layer \"{}\" has no labels of {}",
                              format.name,
                              layer.name,
                              holds_points ? "points" : "frames"),
                  holds_points ? "Choose a format that holds frames, such as label-images"
                               : "Choose a format that holds points, such as ply, or a scan with posed frames");
}

struct Exporter::Impl {
  fs::path folder;
  ExportOptions options;

  Status writeCommon(const ExchangeClasses& classes) const;
  Status writeFormat(const ExchangeFormat& format,
                     const ExportScene& written,
                     const Job& job,
                     std::vector<ExportedFile>& files) const;
};

Status Exporter::Impl::writeCommon(const ExchangeClasses& classes) const {
  ExportManifest manifest{.program = options.program};
  for (const auto& info : classes)
    manifest.classes.push_back(
        {info.name, info.id, fmt::format("#{:02x}{:02x}{:02x}", info.rgb[0], info.rgb[1], info.rgb[2])});
  for (const ExchangeFormat* format : options.formats) {
    manifest.formats.emplace_back(format->name);
    if (format->write_common == nullptr) continue;
    WrittenFiles writer(folder, std::string(format->name), {});
    TAGSCAPE_TRY(format->write_common(classes, writer.sink()));
    TAGSCAPE_ASSIGN(const auto files, writer.finish());
    manifest.files.insert(manifest.files.end(), files.begin(), files.end());
  }
  return writeManifest(folder, manifest);
}

Status Exporter::Impl::writeFormat(const ExchangeFormat& format,
                                   const ExportScene& written,
                                   const Job& job,
                                   std::vector<ExportedFile>& files) const {
  WrittenFiles writer(folder, std::string(format.name), job);
  TAGSCAPE_TRY(format.write(written, writer.sink()));
  TAGSCAPE_ASSIGN(const auto done, writer.finish());
  files.insert(files.end(), done.begin(), done.end());
  return compareReadBack(format, written, folder / format.name);
}

Result<Exporter> Exporter::create(const fs::path& folder, ExportOptions options, const ExchangeClasses& classes) {
  if (options.formats.empty())
    return fail(ErrorCode::InvalidInput, "No format to export is chosen. Name one, for example ply");
  for (const ExchangeFormat* format : options.formats)
    TAGSCAPE_TRY(checkFits(*format, {.name = {}, .provenance = {}, .classes = classes, .points = {}}));
  TAGSCAPE_TRY(ensureWritableFolder(folder));
  auto impl = std::make_unique<Impl>(Impl{folder, std::move(options)});
  TAGSCAPE_TRY(impl->writeCommon(classes));
  return Exporter(std::move(impl));
}

Exporter::Exporter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Exporter::Exporter(Exporter&&) noexcept = default;
Exporter& Exporter::operator=(Exporter&&) noexcept = default;
Exporter::~Exporter() = default;

Result<ExportedScene> Exporter::add(const SharedScene& scene, ExchangeLayer layer, const Job& job) {
  TAGSCAPE_TRY(checkBelongs(*scene, layer));
  const ExportOptions& options = impl_->options;
  TAGSCAPE_ASSIGN(const ExchangeLayer prepared, applyOptions(std::move(layer), scene, options.layer));
  const std::string fingerprint = fingerprintOf(scene, prepared, options);
  if (!options.again) {
    if (auto there = thereAlready(impl_->folder, scene->name, fingerprint)) return *there;
  }
  std::vector<ExportScene> parts;
  for (const ExchangeFormat* format : options.formats) {
    TAGSCAPE_TRY(checkFits(*format, prepared));
    TAGSCAPE_ASSIGN(ExportScene part, exportPart(*format, scene, prepared, options));
    parts.push_back(std::move(part));
  }
  std::error_code ignored;
  fs::remove(sceneManifestFile(impl_->folder, scene->name), ignored);  // until all is there again
  ExportedScene record = recordOf(scene, prepared, options);
  record.fingerprint = fingerprint;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    TAGSCAPE_TRY(job.checkStop("Exporting"));
    job.report("Exporting labels",
               static_cast<std::int64_t>(i),
               static_cast<std::int64_t>(parts.size()),
               fmt::format("{}, {}", scene->name, options.formats[i]->name));
    TAGSCAPE_TRY(impl_->writeFormat(*options.formats[i], parts[i], job, record.files));
  }
  TAGSCAPE_TRY(writeSceneManifest(impl_->folder, record));
  return record;
}

Result<std::vector<std::byte>> exportToBytes(const SharedScene& scene,
                                             ExchangeLayer layer,
                                             const ExportOptions& options) {
  if (options.formats.size() != 1 || options.formats[0]->single_file.empty()) {
    return fail(ErrorCode::InvalidInput,
                "A pipe takes one format that is one file: ply, pcd, scannet, cvat, label-studio or las. Name a folder "
                "for the others");
  }
  TAGSCAPE_TRY(checkBelongs(*scene, layer));
  const ExchangeFormat& format = *options.formats[0];
  TAGSCAPE_ASSIGN(const ExchangeLayer prepared, applyOptions(std::move(layer), scene, options.layer));
  TAGSCAPE_TRY(checkFits(format, prepared));
  TAGSCAPE_ASSIGN(const ExportScene part, exportPart(format, scene, prepared, options));
  std::vector<std::byte> whole;
  TAGSCAPE_TRY(format.write(part, [&](const std::string& name, std::vector<std::byte> bytes) -> Status {
    if (name == scene->name + std::string(format.single_file)) whole = std::move(bytes);
    return {};
  }));
  return whole;
}

}  // namespace tagscape

#include "core/exchange/importer.h"

#include "core/exchange/foreign_probabilities.h"
#include "core/exchange/match_points.h"

#include <fmt/format.h>

#include <algorithm>

namespace tagscape {
namespace {

/// Frames of a file as those of the scene.
class ImportedFrames : public LayerFrames {
 public:
  ImportedFrames(SharedScene scene, ForeignLabels labels, IdMap map)
      : scene_(std::move(scene)), labels_(std::move(labels)), map_(std::move(map)) {
    const auto& numbers = labels_.frame_numbers;
    for (std::size_t i = 0; i < scene_->frames.size(); ++i) {
      if (std::binary_search(numbers.begin(), numbers.end(), scene_->frames[i].number)) indices_.push_back(i);
    }
  }
  [[nodiscard]] const std::vector<std::size_t>& indices() const override { return indices_; }

  [[nodiscard]] Result<LayerFrame> read(std::size_t frame_index) const override {
    TAGSCAPE_ASSIGN(const ForeignFrame found, labels_.frame(scene_->frames[frame_index].number));
    const int width = scene_->color_intrinsics.width, height = scene_->color_intrinsics.height;
    LayerFrame frame{{width, height, 1, kUnlabelled}, {}, {}};
    if (found.ids.empty()) return frame;
    if (!found.instances.empty()) frame.instances = {width, height, 1, 0U};
    for (int y = 0; y < height; ++y) {
      const int v = static_cast<int>(std::int64_t{y} * found.ids.height / height);
      for (int x = 0; x < width; ++x) {
        const int u = static_cast<int>(std::int64_t{x} * found.ids.width / width);
        frame.classes.at(x, y) = map_.rowOf(found.ids.at(u, v));
        if (!frame.instances.empty()) frame.instances.at(x, y) = found.instances.at(u, v);
      }
    }
    return frame;
  }

 private:
  SharedScene scene_;
  ForeignLabels labels_;
  IdMap map_;
  std::vector<std::size_t> indices_;
};

void fillPoints(const ForeignPoints& found, const PointMatch& match, const IdMap& map, LayerPoints& points) {
  const std::size_t count = match.rows.size();
  points.classes.assign(count, kUnlabelled);
  points.origins.assign(count, LabelOrigin::Import);
  if (!found.confidence.empty()) points.confidence.assign(count, 0.F);
  const bool has_instances =
      std::any_of(found.instances.begin(), found.instances.end(), [](std::uint32_t i) { return i != 0; });
  if (has_instances) points.instances.assign(count, 0);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t row = match.rows[i];
    if (row == PointMatch::kNone) continue;
    points.classes[i] = map.rowOf(found.ids[row]);
    if (points.classes[i] == kUnlabelled) continue;
    if (!found.confidence.empty()) points.confidence[i] = std::clamp(found.confidence[row], 0.F, 1.F);
    if (has_instances) points.instances[i] = found.instances[row];
  }
}

void noteUnknown(const IdGuess& ids, std::vector<std::string>& notes) {
  std::string list;
  std::uint64_t count = 0;
  for (const IdReading& reading : ids.readings) {
    if (reading.is_known) continue;
    list += fmt::format("{}{}{}",
                        list.empty() ? "" : ", ",
                        reading.id,
                        reading.name.empty() ? "" : fmt::format(" \"{:.40}\"", reading.name));
    count += reading.count;
  }
  if (!list.empty())
    notes.push_back(fmt::format(
        "{} labels have ids that mean no class here and are left out: {}. Say what they mean with --map", count, list));
}

Status addPoints(const Scene& scene,
                 const ForeignSource& source,
                 const ImportOptions& options,
                 const Job& job,
                 ImportedLayer& imported) {
  if (source.labels.points.ids.empty()) return {};
  const ForeignPoints& found = source.labels.points;
  TAGSCAPE_ASSIGN(
      const PointMatch match,
      matchPoints(scene, found.positions, found.ids.size(), options.max_distance_m, source.place.string(), job));
  imported.share_matched = match.share;
  imported.match_note = match.note;
  fillPoints(found, match, imported.ids.map, imported.layer.points);
  if (match.share < 1)
    imported.notes.push_back(fmt::format(
        "{:.1f} % of the scene's points have no point of the file near them and no label", 100 * (1 - match.share)));
  return {};
}

void addFrames(const SharedScene& scene, const ForeignSource& source, ImportedLayer& imported) {
  if (source.labels.frame_numbers.empty()) return;
  const auto frames = std::make_shared<ImportedFrames>(scene, source.labels, imported.ids.map);
  const std::size_t missing = source.labels.frame_numbers.size() - frames->indices().size();
  if (missing > 0)
    imported.notes.push_back(
        fmt::format("{} of {} labelled frames are not in the scene", missing, source.labels.frame_numbers.size()));
  if (!frames->indices().empty()) imported.layer.frames = frames;
}

}  // namespace

Result<std::map<std::int32_t, std::uint64_t>> countIds(const ForeignLabels& labels, std::size_t max_frames) {
  std::map<std::int32_t, std::uint64_t> counts;
  for (const std::int32_t id : labels.points.ids) ++counts[id];
  const std::size_t num_frames = labels.frame_numbers.size();
  const std::size_t step = std::max<std::size_t>(1, num_frames / std::max<std::size_t>(max_frames, 1));
  for (std::size_t i = 0; i < num_frames; i += step) {
    TAGSCAPE_ASSIGN(const ForeignFrame frame, labels.frame(labels.frame_numbers[i]));
    for (const std::int32_t id : frame.ids.pixels) ++counts[id];
  }
  // Names of ids that these frames do not show count as well.
  for (const auto& [id, name] : labels.names) {
    if (num_frames > max_frames) counts.try_emplace(id, 0);
  }
  counts.erase(kForeignNone);
  return counts;
}

Result<PointLabels> readPointLabels(const std::filesystem::path& file) {
  TAGSCAPE_ASSIGN(const ForeignSource source, readForeign(file, {}, nullptr));
  const ForeignPoints& found = source.labels.points;
  if (found.ids.empty())
    return failFile(ErrorCode::InvalidInput, file, "it has no labels of points", "Name a file of labelled points");
  TAGSCAPE_ASSIGN(const auto counts, countIds(source.labels));
  const IdMap map = guessIds(source.labels, counts, scanNetClasses()).map;
  std::vector<std::uint8_t> classes(found.ids.size());
  std::transform(found.ids.begin(), found.ids.end(), classes.begin(), [&](std::int32_t id) {
    const std::uint16_t row = map.rowOf(id);
    return row == kUnlabelled ? kNoClass : static_cast<std::uint8_t>(row);
  });
  return PointLabels(file.filename().string(),
                     fmt::format("from {}", file.filename().string()),
                     std::move(classes),
                     found.confidence,
                     {LabelOrigin::Import});
}

Result<ImportedLayer> importLayer(const SharedScene& scene,
                                  const ForeignSource& source,
                                  const ExchangeClasses& classes,
                                  const ImportOptions& options,
                                  const Job& job) {
  ImportedLayer imported;
  imported.layer.name = "import";
  imported.layer.provenance = fmt::format("from {} ({})", source.place.filename().string(), source.format->name);
  imported.layer.classes = classes;
  imported.notes = source.labels.notes;
  if (hasProbabilities(source.labels)) {
    TAGSCAPE_ASSIGN(SceneCams cams, predictionFrom(*scene, source, classes, options.max_distance_m, job));
    imported.layer = layerOfPoints(labelsOfPrediction(cams));
    imported.layer.name = "import";
    imported.share_matched = cams.numPoints() > 0 ? 1 : 0;
    imported.match_note = cams.numPoints() > 0 ? "in order" : "";
    imported.prediction = std::make_shared<const SceneCams>(std::move(cams));
    return imported;
  }
  TAGSCAPE_ASSIGN(const auto counts, countIds(source.labels));
  imported.ids = guessIds(source.labels, counts, classes, options.map);
  noteUnknown(imported.ids, imported.notes);
  TAGSCAPE_TRY(addPoints(*scene, source, options, job, imported));
  addFrames(scene, source, imported);
  if (imported.layer.points.size() > 0 || imported.layer.frames != nullptr) return imported;
  return failFile(ErrorCode::InvalidInput,
                  source.place,
                  fmt::format("it has no labels of the points or frames of scene '{}'", scene->name),
                  "Check the scene and the format");
}

}  // namespace tagscape

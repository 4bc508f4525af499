#include "core/scans/scannet_scene.h"

#include "core/base/files.h"
#include "core/clouds/ply.h"
#include "core/scene/class_catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kMaxTextBytes = 1 << 20;

void warn(Scene& scene, const fs::path& file, std::string_view problem, std::string_view remedy) {
  scene.warnings.push_back({file, fmt::format("{}: {}. {}", file.string(), problem, remedy)});
}
/// A part could not be read because of the process: it has no descriptor or no memory left. The part is not missing.
struct ProcessFailure : std::runtime_error {
  explicit ProcessFailure(Error its_error) : std::runtime_error(its_error.message), error(std::move(its_error)) {}
  Error error;
};

void warn(Scene& scene, const fs::path& file, const Error& error) {
  if (error.code == ErrorCode::Internal) throw ProcessFailure(error);
  scene.warnings.push_back({file, error.message});
}

std::shared_ptr<const LabelMap> labelMapFor(const ScanNetFiles& files, const ScanNetOptions& options, Scene& scene) {
  if (options.labels.map) return options.labels.map;
  const auto path = findLabelMap(files.folder);
  if (!path) return nullptr;
  auto map = LabelMap::read(*path);
  if (map) return std::make_shared<const LabelMap>(std::move(*map));
  warn(scene, *path, map.error());
  return nullptr;
}

std::shared_ptr<const LabelImages> zippedLabels(const ScanNetFiles& files,
                                                std::shared_ptr<const LabelMap> map,
                                                Scene& scene) {
  if (files.label_zip.empty()) return nullptr;
  if (!map || !map->knowsIds()) {
    warn(scene,
         files.label_zip,
         "the table that translates its ids is missing, so the labels of pixels are left out",
         "Put scannetv2-labels.combined.tsv beside the scene or up to three folders above it");
    return nullptr;
  }
  const auto archive = ZipArchive::open(files.label_zip);
  if (!archive) {
    warn(scene, files.label_zip, archive.error());
    return nullptr;
  }
  auto images = std::make_shared<const LabelImages>(*archive, files.label_zip, std::move(map));
  if (images->empty()) warn(scene, files.label_zip, "it holds no label images", "Download it again");
  return images;
}

bool isFrames25k(const fs::path& frames) { return frames.parent_path().filename() == "scannet_frames_25k"; }

/// Frames of the .sens file, or else of a folder; a scene without frames if there is neither.
Result<Scene> readFrames(const ScanNetFiles& files, const ScanNetOptions& options) {
  Scene scene;
  auto map = labelMapFor(files, options, scene);
  std::optional<Error> refusal;
  const auto addWarnings = [&](Scene& of) {
    of.warnings.insert(of.warnings.begin(), scene.warnings.begin(), scene.warnings.end());
  };
  const bool takes_25k = options.prefers_frames_25k && isFrames25k(files.frames);
  if (!files.sens.empty() && !takes_25k) {
    auto recorded = readSensScene(files.sens, options.use_cache, zippedLabels(files, map, scene), options.given);
    if (recorded) {
      addWarnings(*recorded);
      return recorded;
    }
    refusal = recorded.error();
    warn(scene, files.sens, *refusal);
  }
  if (!files.frames.empty()) {
    auto exported = readFrameFolder(files.frames, {options.labels.ids, map}, options.given);
    if (exported) {
      addWarnings(*exported);
      return exported;
    }
    if (!refusal) refusal = exported.error();
    warn(scene, files.frames, exported.error());
  }
  if (refusal && files.mesh.empty() && files.labels.empty()) return fail(*refusal);
  return scene;
}

/// @return the NYU40 ids of labels.ply, if it is there and fits.
std::optional<std::vector<std::uint16_t>> readLabelPly(const ScanNetFiles& files, Scene& scene) {
  if (files.labels.empty()) return std::nullopt;
  auto content = readPly(files.labels);
  if (!content) {
    warn(scene, files.labels, content.error());
    return std::nullopt;
  }
  const auto found = content->vertex_scalars.find("label");
  const std::size_t num_labelled = content->mesh.vertices.size();
  if (found == content->vertex_scalars.end()) {
    warn(scene, files.labels, "its vertices have no property \"label\"", "Download the file again");
    return std::nullopt;
  }
  if (scene.mesh.vertices.size() == 0) scene.mesh = std::move(content->mesh);
  if (scene.mesh.vertices.size() != num_labelled) {
    warn(scene,
         files.labels,
         fmt::format("it has {} vertices, but the mesh has {}, so its labels are left out",
                     num_labelled,
                     scene.mesh.vertices.size()),
         "Download both files again");
    return std::nullopt;
  }
  std::vector<std::uint16_t> ids(num_labelled);
  std::transform(found->second.begin(), found->second.end(), ids.begin(), [](float value) {
    return value >= 0 && value <= 65535 ? static_cast<std::uint16_t>(value) : std::uint16_t{0};
  });
  return ids;
}

/// Segments and their categories are of use together only.
void warnOfHalfAnnotation(const ScanNetFiles& files, Scene& scene) {
  if (!files.labels.empty() || (files.segments.empty() && files.aggregation.empty() && files.fine_aggregation.empty()))
    return;
  if (!files.aggregation.empty()) {
    return warn(scene,
                files.aggregation,
                fmt::format("{}_vh_clean_2.0.010000.segs.json is missing, so vertices have no labels", files.id),
                "Download it too");
  }
  if (!files.fine_aggregation.empty()) {
    return warn(scene,
                files.fine_aggregation,
                "its segments are those of the high-resolution mesh, so the labels are left out",
                fmt::format("Download {}.aggregation.json", files.id));
  }
  warn(scene,
       files.segments,
       fmt::format("{}.aggregation.json is missing, so vertices have no labels", files.id),
       "Download it too");
}

/// @return the NYU40 ids that segments and their categories give, if both are there and fit.
std::optional<std::vector<std::uint16_t>> readSegmentLabels(const ScanNetFiles& files,
                                                            const ScanNetOptions& options,
                                                            Scene& scene) {
  if (files.segments.empty() || files.aggregation.empty()) {
    warnOfHalfAnnotation(files, scene);
    return std::nullopt;
  }
  const auto segments = readSegments(files.segments);
  const auto groups = readAggregation(files.aggregation);
  if (!segments) warn(scene, files.segments, segments.error());
  if (!groups) warn(scene, files.aggregation, groups.error());
  if (!segments || !groups) return std::nullopt;
  if (segments->size() != scene.mesh.vertices.size()) {
    warn(scene,
         files.segments,
         fmt::format("it has segments of {} vertices, but the mesh has {}, so its labels are left out",
                     segments->size(),
                     scene.mesh.vertices.size()),
         "Download both files again");
    return std::nullopt;
  }
  Scene ignored;  // what is wrong with the table was told with the frames
  const auto map = labelMapFor(files, options, ignored);
  std::vector<std::string> unknown;
  auto ids = nyu40OfSegments(*segments, *groups, map ? *map : LabelMap::builtIn(), unknown);
  if (!unknown.empty()) {
    warn(scene,
         files.aggregation,
         fmt::format("{} of its categories are not known (\"{:.40}\" …), so their vertices count as unannotated",
                     unknown.size(),
                     unknown.front()),
         "Put scannetv2-labels.combined.tsv beside the scene or up to three folders above it");
  }
  return ids;
}

/// ScanNet's own files have a few labels that NYU40 has not, such as 50 and 149.
void warnOfOddLabels(const ScanNetFiles& files, const std::vector<std::uint16_t>& ids, Scene& scene) {
  constexpr std::uint16_t kLargestNyu40 = 40;
  std::set<std::uint16_t> odd;
  std::size_t count = 0;
  for (const auto id : ids) {
    if (id <= kLargestNyu40) continue;
    ++count;
    odd.insert(id);
  }
  if (count == 0) return;
  warn(
      scene,
      files.labels,
      fmt::format(
          "{} vertices have labels that NYU40 has not ({}), so they count as unannotated", count, fmt::join(odd, ", ")),
      "Nothing needs to be done");
}

void attachPointLabels(const ScanNetFiles& files, const ScanNetOptions& options, Scene& scene) {
  const auto from_ply = readLabelPly(files, scene);
  if (from_ply) warnOfOddLabels(files, *from_ply, scene);
  const auto from_segments = readSegmentLabels(files, options, scene);
  const auto& ids = from_ply ? from_ply : from_segments;
  if (!ids) return;
  scene.point_labels.resize(ids->size());
  std::transform(ids->begin(), ids->end(), scene.point_labels.begin(), classOfNyu40);
  if (!from_ply || !from_segments) return;
  std::size_t num_different = 0;
  for (std::size_t i = 0; i < ids->size(); ++i) num_different += (*from_ply)[i] != (*from_segments)[i] ? 1 : 0;
  if (num_different > 0) {
    warn(scene,
         files.labels,
         fmt::format("{} of {} vertices have another label here than by their segments in {}",
                     num_different,
                     ids->size(),
                     files.aggregation.filename().string()),
         "The labels of this file are used; download both again if that is not meant");
  }
}

void attachMesh(const ScanNetFiles& files, Scene& scene) {
  if (files.mesh.empty()) return;
  auto content = readPly(files.mesh);
  if (!content) return warn(scene, files.mesh, content.error());
  for (const auto& note : content->notes)
    scene.warnings.push_back({files.mesh, fmt::format("{}: {}", files.mesh.string(), note)});
  scene.mesh = std::move(content->mesh);
}

void attachAlignment(const ScanNetFiles& files, Scene& scene) {
  if (files.text.empty()) return;
  const auto text = readTextFile(files.text, kMaxTextBytes);
  if (!text) return warn(scene, files.text, text.error());
  const auto values = parseSceneText(*text);
  const auto found = values.find("axisAlignment");
  if (found == values.end()) return;
  const auto matrix = parseMatrix4(found->second, files.text);
  const auto pose = matrix ? poseFromMatrix(*matrix, files.text) : Result<Pose>(fail(matrix.error()));
  if (pose) return alignScene(*pose, scene);
  warn(scene, files.text, "its axisAlignment is no rigid motion, so the scene is not aligned", "Download it again");
}

/// Fills the slots from the names in a folder, and the id from those names.
void listFiles(const fs::path& folder, ScanNetFiles& files) {
  const std::pair<std::string_view, fs::path ScanNetFiles::*> kinds[] = {
      {"_vh_clean_2.labels.ply", &ScanNetFiles::labels},
      {"_vh_clean_2.ply", &ScanNetFiles::mesh},
      {"_vh_clean_2.0.010000.segs.json", &ScanNetFiles::segments},
      {".aggregation.json", &ScanNetFiles::aggregation},
      {"_2d-label-filt.zip", &ScanNetFiles::label_zip},
      {".sens", &ScanNetFiles::sens},
  };
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    const std::string name = it->path().filename().string();
    for (const auto& [suffix, slot] : kinds) {
      if (!name.ends_with(suffix) || name.size() == suffix.size()) continue;
      if (name.ends_with("_vh_clean.aggregation.json")) {
        files.fine_aggregation = it->path();
        break;
      }
      files.*slot = it->path();
      files.id = name.substr(0, name.size() - suffix.size());
      break;
    }
  }
}

fs::path ifThere(const fs::path& path) {
  std::error_code code;
  return fs::exists(path, code) ? path : fs::path();
}

Result<Scene> readParts(const ScanNetFiles& files, const ScanNetOptions& options) {
  TAGSCAPE_ASSIGN(Scene scene, readFrames(files, options));
  nameScene(files.folder, scene);
  scene.name = files.id;
  attachMesh(files, scene);
  attachPointLabels(files, options, scene);
  if (scene.frames.empty() && scene.mesh.vertices.size() == 0) {
    if (!scene.warnings.empty()) return fail(ErrorCode::InvalidInput, scene.warnings.front().message);
    return failFile(ErrorCode::InvalidInput, files.folder, "it holds neither frames nor a mesh", "Download the scene");
  }
  attachAlignment(files, scene);
  if (scene.tag_source == TagSource::None) attachTags(files.folder, scene);
  deriveSceneTags(scene);
  return scene;
}

}  // namespace

void deriveSceneTags(Scene& scene) {
  if (scene.tag_source != TagSource::None || scene.point_labels.empty()) return;
  TagSet tags;
  for (const auto label : scene.point_labels) {
    if (label != kNoClass) tags.set(label);
  }
  scene.tags = tags;
  scene.tag_source = TagSource::Derived;
}

void alignScene(const Pose& world_from_file, Scene& scene) {
  const Eigen::Isometry3f motion = world_from_file.cast<float>();
  for (auto& position : scene.mesh.vertices.positions_m)
    position = (world_from_file * position.cast<double>()).cast<float>();
  for (auto& normal : scene.mesh.vertices.normals) normal = motion.linear() * normal;
  for (auto& frame : scene.frames) {
    if (frame.world_from_camera) frame.world_from_camera = world_from_file * *frame.world_from_camera;
  }
  scene.world_from_file = world_from_file * scene.world_from_file;
}

std::optional<ScanNetFiles> findScanNetFiles(const fs::path& folder) {
  ScanNetFiles files;
  files.folder = folder;
  listFiles(folder, files);
  if (files.id.empty()) return std::nullopt;
  files.text = ifThere(folder / (files.id + ".txt"));
  if (files.label_zip.empty()) files.label_zip = ifThere(folder / (files.id + "_2d-label.zip"));
  std::error_code code;
  const fs::path root = fs::weakly_canonical(folder, code).parent_path().parent_path();
  for (const auto& candidate : {folder, root / "scannet_frames_25k" / files.id, root / "posed_images" / files.id}) {
    if (files.frames.empty() && frameNamingOf(candidate)) files.frames = candidate;
  }
  return files;
}

Result<Scene> readScanNetScene(const ScanNetFiles& files, const ScanNetOptions& options) {
  try {
    return readParts(files, options);
  } catch (const ProcessFailure& failure) {
    return fail(failure.error);
  }
}

}  // namespace tagscape

#include "app/cli/scene_arguments.h"

#include "core/annotate/project.h"
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

constexpr const char* kFrames = "Conventions that no file of the scan states";

Result<std::optional<CameraModel>> cameraOf(const std::string& option) {
  if (option.empty()) return std::nullopt;
  TAGSCAPE_ASSIGN(const CameraModel camera, readCameraOption(option));
  return camera;
}

LabelIds labelIdsOf(const std::string& name) {
  if (name == "nyu40") return LabelIds::Nyu40;
  if (name == "train") return LabelIds::Train;
  return name == "raw" ? LabelIds::Raw : LabelIds::Auto;
}

}  // namespace

void FuseArguments::addTo(CLI::App& options) {
  options.add_option("--voxel", voxel_m, "Voxel size for fusing depth maps, in metres")->capture_default_str();
  options.add_flag("--no-cache", no_cache, "Do not use the cache of fused meshes");
  options.add_option("--depth-scale", depth_scale, "Units of depth maps per metre: 1000 for mm, 5000 for TUM RGB-D")
      ->check(CLI::PositiveNumber)
      ->group(kFrames);
  options.add_option("--poses", poses, "Direction of poses: camera-to-world or world-to-camera")
      ->check(CLI::IsMember({"camera-to-world", "world-to-camera"}))
      ->group(kFrames);
  options.add_option("--axes", axes, "Axes of cameras: opencv (y down, z forward) or opengl (y up, looking along -z)")
      ->check(CLI::IsMember({"opencv", "opengl"}))
      ->group(kFrames);
  options
      .add_option(
          "--intrinsics",
          intrinsics,
          "Camera of colour images: FX,FY,CX,CY[,WIDTH,HEIGHT], or a file with four numbers or a 3x3 or 4x4 matrix")
      ->group(kFrames);
  options.add_option("--depth-intrinsics", depth_intrinsics, "Camera of depth maps, in the same form")->group(kFrames);
  options
      .add_option("--label-ids", label_ids, "Numbering of label ids: auto, nyu40, train (0 to 19) or raw (ScanNet's)")
      ->check(CLI::IsMember({"auto", "nyu40", "train", "raw"}))
      ->capture_default_str()
      ->group(kFrames);
}

Result<OpenOptions> FuseArguments::openOptions() const {
  OpenOptions options;
  options.fuse.voxel_m = voxel_m;
  options.fuse.truncation_m = 4 * voxel_m;
  options.use_cache = !no_cache;
  if (depth_scale > 0) options.given.depth_units_per_m = depth_scale;
  if (!poses.empty())
    options.given.poses = poses == "world-to-camera" ? PoseDirection::WorldToCamera : PoseDirection::CameraToWorld;
  if (!axes.empty()) options.given.axes = axes == "opengl" ? CameraAxes::OpenGl : CameraAxes::OpenCv;
  TAGSCAPE_ASSIGN(options.given.color_camera, cameraOf(intrinsics));
  TAGSCAPE_ASSIGN(options.given.depth_camera, cameraOf(depth_intrinsics));
  options.given.label_ids = labelIdsOf(label_ids);
  return options;
}

void SceneArguments::addTo(CLI::App& options) {
  options.add_option("paths", paths, "One or more scans, or a data set (a folder of scans)")->required();
  options.add_option("--split", split, "Only the scenes in this split list of a data set: train, val or test");
  options.add_option("--max-scenes", max_scenes, "Only the first N scenes; 0: all")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  options
      .add_option("--min-tag-area",
                  min_tag_area,
                  "Tag untagged frames with the classes that cover at least this fraction of their label image")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  options.add_option("--project", project, "Use the tags in this project (.tagscape) instead of the scans' own");
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
        return failFile(ErrorCode::InvalidInput, path, "--split needs a data set", "Leave it out");
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
  TAGSCAPE_ASSIGN(OpenOptions open_options, fuse.openOptions());
  open_options.prefers_frames_25k = prefers_frames_25k;
  TAGSCAPE_ASSIGN(auto scene, openScene(path, open_options, job));
  if (!project.empty()) {
    TAGSCAPE_ASSIGN(const Project opened, Project::openReadOnly(project));
    if (const auto found = opened.findScene(scene->path, {})) {
      scene = withProjectTags(scene, opened, found->id);
    } else {
      log::warn(fmt::format("{}: the project {} does not have it; its own tags are used", scene->name, project));
    }
  }
  if (!canDeriveFrameTags(*scene)) return scene;
  log::info(fmt::format("scene '{}': tags of frames are taken from its label images ({:g} % of an image and more)",
                        scene->name,
                        100 * min_tag_area));
  return deriveFrameTags(scene, {min_tag_area, !fuse.no_cache}, job);
}

}  // namespace tagscape::cli

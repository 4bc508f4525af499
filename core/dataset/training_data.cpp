#include "core/dataset/training_data.h"

#include "core/base/parallel.h"
#include "core/geometry/visibility.h"
#include "core/metrics/confusion.h"
#include "core/pipeline/scene_superpoints.h"
#include "core/scene/scene_tags.h"

#include <fmt/format.h>
#include <opencv2/core/mat.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tagscape {
namespace {

constexpr float kFloorPercentile = 0.01F;

std::vector<std::uint32_t> drawRows(const std::vector<std::uint32_t>& usable, std::size_t count, Random& random) {
  std::vector<std::uint32_t> rows = usable;
  random.shuffle(rows);
  while (rows.size() < count) rows.push_back(usable[random.below(usable.size())]);
  rows.resize(count);
  return rows;
}

/// Whether a point with that visibility counts as seen.
bool counts(Visibility reason, bool occlusion_filter) {
  if (reason == Visibility::Visible) return true;
  return !occlusion_filter &&
         (reason == Visibility::Occluded || reason == Visibility::InFront || reason == Visibility::NoDepth);
}

/// The frames that seem usable, without reading them.
std::vector<std::size_t> taggedFrames(const Scene& scene, PreparedScene& prepared, std::vector<std::string>& warnings) {
  std::vector<std::size_t> usable;
  int num_untagged = 0, num_without_image = 0;
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    const Frame& frame = scene.frames[i];
    if (!frame.tags || frame.tags->none()) {
      ++num_untagged;
    } else if (!frame.has_color || !scene.pixels) {
      ++num_without_image;
    } else {
      usable.push_back(i);
    }
  }
  prepared.num_frames_skipped += num_untagged + num_without_image;
  if (num_untagged > 0) {
    warnings.push_back(fmt::format("scene '{}': {} frames without tags are left out", scene.name, num_untagged));
  }
  if (num_without_image > 0) {
    warnings.push_back(
        fmt::format("scene '{}': {} frames without a colour image are left out", scene.name, num_without_image));
  }
  return usable;
}

Status readFrames(const Scene& scene,
                  const std::vector<std::size_t>& indices,
                  const TrainingDataOptions& options,
                  PreparedScene& prepared,
                  std::vector<std::string>& warnings,
                  const Job& job) {
  std::vector<Result<PreparedFrame>> frames(indices.size(), fail(ErrorCode::Cancelled, "it was not reached"));
  ReferenceDepth reference(scene, options.depth_source);
  // In parts, to check for a stop and report progress between them.
  constexpr std::size_t kPart = 8;
  for (std::size_t begin = 0; begin < frames.size(); begin += kPart) {
    TAGSCAPE_TRY(job.checkStop("reading the frames"));
    job.report(
        "reading frames", static_cast<std::int64_t>(begin), static_cast<std::int64_t>(frames.size()), scene.name);
    parallelFor(std::min(kPart, frames.size() - begin), 1, [&](std::size_t first, std::size_t) {
      const std::size_t place = begin + first;
      frames[place] = readFrame(scene, indices[place], options);
      if (!frames[place]) return;
      const RgbImage& image = frames[place]->image;
      for (const PreparedCloud& cloud : prepared.clouds) {
        frames[place]->seen.push_back(
            seenPoints(scene, indices[place], cloud, reference, image.width, image.height, options));
      }
    });
  }
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (!frames[i]) {
      ++prepared.num_frames_skipped;
      warnings.push_back(fmt::format("scene '{}', frame {} is left out: {}",
                                     scene.name,
                                     scene.frames[indices[i]].number,
                                     frames[i].error().message));
      continue;
    }
    const auto& seen = frames[i]->seen;
    const bool sees = std::any_of(seen.begin(), seen.end(), [](const auto& points) { return !points.empty(); });
    if (!sees) ++prepared.num_frames_unseeing;
    prepared.frames.push_back(std::move(*frames[i]));
  }
  return {};
}

/// Classes in labels but not in tags, or vice versa.
void compareWithLabels(const Scene& scene, const TagSet& tags, std::vector<std::string>& warnings) {
  if (scene.point_labels.empty() || scene.tag_source != TagSource::Given) return;
  TagSet labelled;
  for (const std::uint8_t label : scene.point_labels) {
    if (label < kNumClasses) labelled.set(label);
  }
  if ((labelled & ~tags).any()) {
    warnings.push_back(fmt::format("scene '{}': its labels show {}, which its tags lack. The tags are believed.",
                                   scene.name,
                                   namesOf(labelled & ~tags)));
  }
  if ((tags & ~labelled).any()) {
    warnings.push_back(fmt::format("scene '{}': tagged {}, of which its labels show nothing. The tags are believed.",
                                   scene.name,
                                   namesOf(tags & ~labelled)));
  }
}

Status checkTruth(const Scene& scene, const std::vector<std::size_t>& frames) {
  const bool all_frames =
      std::all_of(frames.begin(), frames.end(), [&](std::size_t i) { return scene.frames[i].has_labels; });
  if (!scene.point_labels.empty() && all_frames) return {};
  return failFile(ErrorCode::InvalidInput,
                  scene.path,
                  fmt::format("scene '{}' has no labels of {}, which supervision = 'labels' learns from",
                              scene.name,
                              scene.point_labels.empty() ? "points" : "every frame"),
                  "Use supervision = 'tags', or scenes with labels of points and frames.");
}

/// Finds the scene's usable points, its floor, and its superpoints if they are asked for.
/// Errors: InvalidInput without any usable point; Cancelled.
Status preparePoints(const TrainingDataOptions& options,
                     PreparedScene& prepared,
                     std::vector<std::string>& warnings,
                     const Job& job) {
  const Scene& scene = *prepared.scene;
  prepared.usable = finiteRows(scene.points());
  if (prepared.usable.empty()) {
    return failFile(ErrorCode::InvalidInput,
                    scene.path,
                    fmt::format("scene '{}' has no points", scene.name),
                    "Fuse its depth maps first, or name a scan with a mesh.");
  }
  if (prepared.usable.size() < scene.points().size()) {
    warnings.push_back(fmt::format("scene '{}': {} points that are not finite are left out",
                                   scene.name,
                                   scene.points().size() - prepared.usable.size()));
  }
  prepared.floor_z_m = floorHeight(scene.points(), prepared.usable);
  if (!options.with_superpoints) return {};
  TAGSCAPE_ASSIGN(SceneSuperpoints superpoints, sceneSuperpoints(scene, SuperpointSource::ShapeAndColor, job));
  prepared.superpoints = std::move(superpoints.of_point);
  return {};
}

Result<PreparedScene> prepareScene(const SharedScene& shared,
                                   const TrainingDataOptions& options,
                                   std::vector<std::string>& warnings,
                                   const Job& job) {
  const Scene& scene = *shared;
  TAGSCAPE_ASSIGN(SceneTags tags, resolveTags(scene));
  warnings.insert(warnings.end(), tags.warnings.begin(), tags.warnings.end());
  compareWithLabels(scene, tags.scene, warnings);
  PreparedScene prepared;
  prepared.name = scene.name;
  prepared.tags = tags.scene;
  prepared.scene = shared;
  TAGSCAPE_TRY(preparePoints(options, prepared, warnings, job));
  const std::vector<std::size_t> frames = taggedFrames(scene, prepared, warnings);
  if (options.with_labels) TAGSCAPE_TRY(checkTruth(scene, frames));
  if (options.in_memory) {
    Random random = Random(options.seed).fork("clouds of " + scene.name);
    for (int c = 0; c < options.clouds_per_scene; ++c) {
      TAGSCAPE_TRY(job.checkStop("preparing the point clouds"));
      prepared.clouds.push_back(drawCloud(prepared, options, random));
    }
    TAGSCAPE_TRY(readFrames(scene, frames, options, prepared, warnings, job));
  } else {
    for (const std::size_t index : frames) {
      prepared.frames.push_back({scene.frames[index].number, index, *scene.frames[index].tags, {}, {}, {}});
    }
  }
  if (prepared.frames.empty()) {
    return failFile(
        ErrorCode::InvalidInput,
        scene.path,
        fmt::format("scene '{}' has no frame with a readable colour image and tags ({} frames, {} of them tagged)",
                    scene.name,
                    scene.frames.size(),
                    tags.num_tagged_frames),
        "Check the colour images, and give frames tags in tags.json.");
  }
  if (prepared.num_frames_unseeing > 0) {
    warnings.push_back(fmt::format("scene '{}': {} of {} frames see no point of the scene: they teach images only",
                                   scene.name,
                                   prepared.num_frames_unseeing,
                                   prepared.frames.size()));
  }
  return prepared;
}

}  // namespace

std::size_t TrainingData::numFrames() const {
  std::size_t count = 0;
  for (const auto& scene : scenes) count += scene.frames.size();
  return count;
}

std::vector<std::uint32_t> finiteRows(const PointCloud& points) {
  std::vector<std::uint32_t> rows;
  rows.reserve(points.size());
  for (std::uint32_t row = 0; row < points.size(); ++row) {
    if (points.positions_m[row].allFinite()) rows.push_back(row);
  }
  return rows;
}

float floorHeight(const PointCloud& points, const std::vector<std::uint32_t>& rows) {
  std::vector<float> heights;
  heights.reserve(rows.size());
  for (const std::uint32_t row : rows) heights.push_back(points.positions_m[row].z());
  const auto at = static_cast<std::ptrdiff_t>(kFloorPercentile * static_cast<float>(heights.size() - 1));
  std::nth_element(heights.begin(), heights.begin() + at, heights.end());
  return heights[static_cast<std::size_t>(at)];
}

PreparedCloud prepareCloud(const PointCloud& points,
                           std::vector<std::uint32_t> rows,
                           float floor_z_m,
                           const PointHierarchyOptions& hierarchy) {
  PreparedCloud cloud;
  cloud.positions_m.reserve(rows.size());
  cloud.features.reserve(rows.size());
  for (const std::uint32_t row : rows) {
    const Eigen::Vector3f& position = points.positions_m[row];
    std::array<float, 4> features{0, 0, 0, position.z() - floor_z_m - 1};
    if (!points.colors.empty()) {
      for (std::size_t c = 0; c < 3; ++c) features[c] = static_cast<float>(points.colors[row][c]) / 127.5F - 1;
    }
    cloud.positions_m.push_back(position);
    cloud.features.push_back(features);
  }
  cloud.hierarchy = buildHierarchy(cloud.positions_m, hierarchy);
  cloud.rows = std::move(rows);
  return cloud;
}

PreparedCloud drawCloud(const PreparedScene& scene, const TrainingDataOptions& options, Random& random) {
  PreparedCloud cloud = prepareCloud(scene.scene->points(),
                                     drawRows(scene.usable, options.points_per_cloud, random),
                                     scene.floor_z_m,
                                     options.hierarchy);
  for (const std::uint32_t row : cloud.rows) {
    if (options.with_labels) cloud.labels.push_back(scene.scene->point_labels[row]);
    if (options.with_superpoints) cloud.superpoints.push_back(scene.superpoints[row]);
  }
  return cloud;
}

Result<PreparedFrame> readFrame(const Scene& scene, std::size_t index, const TrainingDataOptions& options) {
  const Frame& frame = scene.frames[index];
  TAGSCAPE_ASSIGN(const RgbImage color, scene.pixels->color(index));
  PreparedFrame prepared{frame.number, index, frame.tags.value_or(TagSet{}), {}, {}, {}};
  prepared.image = resizedForNetwork(color, options.image_long_side_px, options.image_stride);
  if (options.with_labels) {
    TAGSCAPE_ASSIGN(const auto labels, scene.pixels->labels(index));
    prepared.labels = resizedNearest(labels, prepared.image.width, prepared.image.height);
  }
  return prepared;
}

std::vector<SeenPoint> seenPoints(const Scene& scene,
                                  std::size_t index,
                                  const PreparedCloud& cloud,
                                  ReferenceDepth& reference,
                                  int width_px,
                                  int height_px,
                                  const TrainingDataOptions& options) {
  const Frame& frame = scene.frames[index];
  if (!frame.world_from_camera) return {};
  const auto depth = reference.of(index);
  if (!depth) return {};  // Still good for the image network; the scan's own warnings name the file.
  const Intrinsics& color = scene.color_intrinsics;
  const FrameView view{frame.world_from_camera, color, depth->camera, &depth->image};
  const VisibilityResult visibility = computeVisibility(cloud.positions_m, view, options.tolerance);
  const float scale_x = static_cast<float>(width_px) / static_cast<float>(color.width);
  const float scale_y = static_cast<float>(height_px) / static_cast<float>(color.height);
  std::vector<SeenPoint> seen;
  for (std::uint32_t row = 0; row < visibility.reason.size(); ++row) {
    if (!counts(visibility.reason[row], options.occlusion_filter)) continue;
    const Eigen::Vector2f pixel = visibility.pixel[row];
    seen.push_back({row, {(pixel.x() + .5F) * scale_x - .5F, (pixel.y() + .5F) * scale_y - .5F}});
  }
  return seen;
}

RgbImage resizedForNetwork(const RgbImage& image, int long_side_px, int stride) {
  const double scale = static_cast<double>(long_side_px) / std::max(image.width, image.height);
  const auto rounded = [&](int side) {
    return std::max(stride, static_cast<int>(std::lround(side * scale / stride)) * stride);
  };
  RgbImage resized(rounded(image.width), rounded(image.height), 3);
  // OpenCV's headers need a non-const pointer even for reading.
  const cv::Mat source(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.pixels.data()));
  cv::Mat target(resized.height, resized.width, CV_8UC3, resized.pixels.data());
  cv::resize(source, target, target.size(), 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  return resized;
}

Result<TrainingData> prepareTrainingData(const std::vector<SharedScene>& scenes,
                                         const TrainingDataOptions& options,
                                         const Job& job) {
  TrainingData data;
  std::size_t num_skipped = 0;
  for (const SharedScene& scene : scenes) {
    Result<PreparedScene> prepared = prepareScene(scene, options, data.warnings, job);
    if (prepared) {
      data.scenes.push_back(std::move(*prepared));
      continue;
    }
    // One scene that cannot be used says why; of many it is left out.
    const bool is_fault = prepared.error().code == ErrorCode::Cancelled || options.with_labels;
    if (is_fault || scenes.size() == 1) return fail(prepared.error());
    ++num_skipped;
    data.warnings.push_back(fmt::format("left out: {}", prepared.error().message));
  }
  if (data.scenes.empty()) {
    return fail(ErrorCode::InvalidInput,
                fmt::format("none of the {} scenes can be used. The first: {}",
                            scenes.size(),
                            data.warnings.empty() ? std::string() : data.warnings.front()));
  }
  if (num_skipped > 0) data.warnings.push_back(fmt::format("{} of {} scenes are left out", num_skipped, scenes.size()));
  TagSet anywhere;
  for (const PreparedScene& scene : data.scenes) anywhere |= scene.tags;
  if (scenes.size() > 1 && !anywhere.all()) {
    data.warnings.push_back("no scene is tagged with: " + namesOf(~anywhere) + ". Such classes cannot be learnt.");
  }
  return data;
}

}  // namespace tagscape

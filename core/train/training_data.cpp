#include "core/train/training_data.h"

#include "core/base/parallel.h"
#include "core/train/scene_tags.h"

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

std::vector<SeenPoint> seenPoints(const PreparedCloud& cloud,
                                  const FrameView& view,
                                  const RgbImage& image,
                                  DepthTolerance tolerance) {
  const VisibilityLedger ledger = judgeVisibility(cloud.positions_m, view, tolerance);
  const float scale_x = static_cast<float>(image.width) / static_cast<float>(view.color.width);
  const float scale_y = static_cast<float>(image.height) / static_cast<float>(view.color.height);
  std::vector<SeenPoint> seen;
  for (std::uint32_t row = 0; row < ledger.reason.size(); ++row) {
    if (ledger.reason[row] != Visibility::Visible) continue;
    const Eigen::Vector2f pixel = ledger.pixel[row];
    seen.push_back({row, {(pixel.x() + .5F) * scale_x - .5F, (pixel.y() + .5F) * scale_y - .5F}});
  }
  return seen;
}

/// One frame, or why it cannot be used.
Result<PreparedFrame> prepareFrame(const Scene& scene,
                                   std::size_t index,
                                   const std::vector<PreparedCloud>& clouds,
                                   ReferenceDepth& reference,
                                   const TrainingDataOptions& options) {
  const Frame& frame = scene.frames[index];
  if (!frame.tags || frame.tags->none()) return fail(ErrorCode::InvalidInput, "it has no tags");
  if (!frame.has_color) return fail(ErrorCode::InvalidInput, "it has no colour image");
  TAGSCAPE_ASSIGN(const RgbImage color, scene.pixels->color(index));
  PreparedFrame prepared{
      frame.number, resizedForNetwork(color, options.image_long_side_px, options.image_stride), *frame.tags, {}};
  prepared.seen.resize(clouds.size());
  if (!frame.world_from_camera) return prepared;
  const auto depth = reference.of(index);
  if (!depth) return prepared;  // Still good for the image network; the scan's own warnings name the file.
  Intrinsics intrinsics = scene.color_intrinsics;
  if (intrinsics.width != color.width || intrinsics.height != color.height) {
    intrinsics = intrinsics.resizedTo(color.width, color.height);
  }
  const FrameView view{frame.world_from_camera, intrinsics, depth->camera, &depth->image};
  for (std::size_t c = 0; c < clouds.size(); ++c) {
    prepared.seen[c] = seenPoints(clouds[c], view, prepared.image, options.tolerance);
  }
  return prepared;
}

Status prepareFrames(const Scene& scene,
                     const TrainingDataOptions& options,
                     PreparedScene& prepared,
                     std::vector<std::string>& warnings,
                     const Job& job) {
  std::vector<Result<PreparedFrame>> frames(scene.frames.size(), fail(ErrorCode::Cancelled, "it was not reached"));
  ReferenceDepth reference(scene, options.depth_source);
  // In parts, so that a stop is obeyed and progress seen between them.
  constexpr std::size_t kPart = 8;
  for (std::size_t begin = 0; begin < frames.size(); begin += kPart) {
    TAGSCAPE_TRY(job.checkStop("reading the frames"));
    job.report(
        "reading frames", static_cast<std::int64_t>(begin), static_cast<std::int64_t>(frames.size()), scene.name);
    parallelFor(std::min(kPart, frames.size() - begin), 1, [&](std::size_t first, std::size_t) {
      frames[begin + first] = prepareFrame(scene, begin + first, prepared.clouds, reference, options);
    });
  }
  int num_untagged = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (frames[i]) {
      prepared.frames.push_back(std::move(*frames[i]));
      continue;
    }
    ++prepared.num_frames_skipped;
    if (!scene.frames[i].tags) {
      ++num_untagged;
    } else {
      warnings.push_back(fmt::format(
          "scene '{}', frame {} is left out: {}", scene.name, scene.frames[i].number, frames[i].error().message));
    }
  }
  if (num_untagged > 0) {
    warnings.push_back(fmt::format("scene '{}': {} frames without tags are left out", scene.name, num_untagged));
  }
  return {};
}

Result<PreparedScene> prepareScene(const Scene& scene,
                                   const TrainingDataOptions& options,
                                   std::vector<std::string>& warnings,
                                   const Job& job) {
  TAGSCAPE_ASSIGN(SceneTags tags, resolveTags(scene));
  warnings.insert(warnings.end(), tags.warnings.begin(), tags.warnings.end());
  PreparedScene prepared{scene.name, tags.scene, {}, {}, 0};

  const std::vector<std::uint32_t> usable = finiteRows(scene.points());
  if (usable.empty()) {
    return failFile(ErrorCode::InvalidInput,
                    scene.path,
                    fmt::format("scene '{}' has no points", scene.name),
                    "Fuse its depth maps first, or name a scan with a mesh.");
  }
  if (usable.size() < scene.points().size()) {
    warnings.push_back(fmt::format(
        "scene '{}': {} points that are not finite are left out", scene.name, scene.points().size() - usable.size()));
  }
  Random random = Random(options.seed).fork("clouds of " + scene.name);
  const float floor_z_m = floorHeight(scene.points(), usable);
  for (int c = 0; c < options.clouds_per_scene; ++c) {
    TAGSCAPE_TRY(job.checkStop("preparing the point clouds"));
    prepared.clouds.push_back(
        prepareCloud(scene.points(), drawRows(usable, options.points_per_cloud, random), floor_z_m));
  }
  TAGSCAPE_TRY(prepareFrames(scene, options, prepared, warnings, job));
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

PreparedCloud prepareCloud(const PointCloud& points, std::vector<std::uint32_t> rows, float floor_z_m) {
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
  cloud.hierarchy = buildHierarchy(cloud.positions_m, smallPointHierarchy());
  cloud.rows = std::move(rows);
  return cloud;
}

RgbImage resizedForNetwork(const RgbImage& image, int long_side_px, int stride) {
  const double scale = static_cast<double>(long_side_px) / std::max(image.width, image.height);
  const auto rounded = [&](int side) {
    return std::max(stride, static_cast<int>(std::lround(side * scale / stride)) * stride);
  };
  RgbImage resized(rounded(image.width), rounded(image.height), 3);
  // OpenCV's headers want a writable pointer even for what is only read.
  const cv::Mat source(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.pixels.data()));
  cv::Mat target(resized.height, resized.width, CV_8UC3, resized.pixels.data());
  cv::resize(source, target, target.size(), 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  return resized;
}

Result<TrainingData> prepareTrainingData(const std::vector<SharedScene>& scenes,
                                         const TrainingDataOptions& options,
                                         const Job& job) {
  TrainingData data;
  for (const SharedScene& scene : scenes) {
    TAGSCAPE_ASSIGN(PreparedScene prepared, prepareScene(*scene, options, data.warnings, job));
    data.scenes.push_back(std::move(prepared));
  }
  return data;
}

}  // namespace tagscape

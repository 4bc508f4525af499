#pragma once

#include "core/base/job.h"
#include "core/base/random.h"
#include "core/geometry/reference_depth.h"
#include "core/geometry/visibility.h"
#include "core/nn/point_hierarchy.h"
#include "core/scene/scene.h"

#include <Eigen/Core>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace tagscape {

/// What networks take of scenes, ready in memory: subsamples of clouds with their neighbourhoods, frames at training
/// size, and which subsampled points each frame sees. No tensors.

/// A subsample of a scene's points, as the point network takes it.
struct PreparedCloud {
  std::vector<std::uint32_t> rows;             ///< Of the scene's points.
  std::vector<Eigen::Vector3f> positions_m;    ///< World frame.
  std::vector<std::array<float, 4>> features;  ///< Colour in [-1, 1], height above the floor in m, minus 1.
  PointHierarchy hierarchy;
};

/// A point of a cloud that a frame sees.
struct SeenPoint {
  std::uint32_t row = 0;  ///< Of the cloud.
  Eigen::Vector2f pixel;  ///< In the frame at training size, not augmented.
};

struct PreparedFrame {
  int number = 0;
  RgbImage image;  ///< At training size, sides multiples of the stride.
  TagSet tags;
  std::vector<std::vector<SeenPoint>> seen;  ///< By cloud; empty without a pose, or without the depth asked for.
};

struct PreparedScene {
  std::string name;
  TagSet tags;
  std::vector<PreparedCloud> clouds;
  std::vector<PreparedFrame> frames;  ///< That can be learnt from.
  int num_frames_skipped = 0;         ///< Broken, or without tags.
};

struct TrainingData {
  std::vector<PreparedScene> scenes;
  std::vector<std::string> warnings;
  [[nodiscard]] std::size_t numFrames() const;
};

struct TrainingDataOptions {
  int image_long_side_px = 192;
  int image_stride = 8;
  std::size_t points_per_cloud = 4096;
  int clouds_per_scene = 4;
  DepthTolerance tolerance;
  DepthSource depth_source = DepthSource::Auto;  ///< What points are compared with.
  std::uint64_t seed = 1;
};

/// Reads, resizes and projects. Broken frames are skipped, counted and named in the warnings.
/// Errors: InvalidInput for a scene without finite points, without tags or without a usable frame; Cancelled.
/// Memory: image_long_side_px squared times about 2 bytes a frame, 200 bytes a point of a cloud.
[[nodiscard]] Result<TrainingData> prepareTrainingData(const std::vector<SharedScene>& scenes,
                                                       const TrainingDataOptions& options,
                                                       const Job& job);

/// Rows of the points that can be used: those with finite coordinates.
[[nodiscard]] std::vector<std::uint32_t> finiteRows(const PointCloud& points);

/// The floor's height, robust against stray points below it: the first percentile of z. `rows` must not be empty.
[[nodiscard]] float floorHeight(const PointCloud& points, const std::vector<std::uint32_t>& rows);

/// `rows` must be finite points in random order (see buildHierarchy).
[[nodiscard]] PreparedCloud prepareCloud(const PointCloud& points, std::vector<std::uint32_t> rows, float floor_z_m);

/// The image with its longer side `long_side_px`, both sides rounded to multiples of `stride`; averaged where it
/// shrinks.
[[nodiscard]] RgbImage resizedForNetwork(const RgbImage& image, int long_side_px, int stride);

}  // namespace tagscape

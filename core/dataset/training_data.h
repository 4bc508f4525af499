#pragma once

#include "core/base/job.h"
#include "core/base/random.h"
#include "core/geometry/point_hierarchy.h"
#include "core/geometry/reference_depth.h"
#include "core/geometry/visibility.h"
#include "core/scene/scene.h"

#include <Eigen/Core>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace tagscape {

/// Scenes prepared for training: subsamples of their points with neighbourhoods, frames at training size, and the
/// subsampled points that each frame sees. Either all in memory, or only listed and read when needed
/// (training_source.h). No tensors.

/// A subsample of a scene's points, the input of the point network.
struct PreparedCloud {
  std::vector<std::uint32_t> rows;             ///< Of the scene's points.
  std::vector<Eigen::Vector3f> positions_m;    ///< World frame.
  std::vector<std::array<float, 4>> features;  ///< Colour in [-1, 1], height above the floor in m, minus 1.
  std::vector<std::uint8_t> labels;            ///< True labels, if asked for and the scene has them.
  std::vector<std::uint32_t> superpoints;      ///< Numbers within the scene, if asked for.
  PointHierarchy hierarchy;
};

/// A point of a cloud that a frame sees.
struct SeenPoint {
  std::uint32_t row = 0;  ///< Of the cloud.
  Eigen::Vector2f pixel;  ///< In the frame at training size, before augmentation.
};

struct PreparedFrame {
  int number = 0;
  std::size_t index = 0;  ///< Of Scene::frames.
  TagSet tags;
  RgbImage image;              ///< At training size, sides multiples of the stride. Empty while only listed.
  Image<std::uint8_t> labels;  ///< True labels at the same size, if asked for and the scan has them.
  std::vector<std::vector<SeenPoint>> seen;  ///< By cloud; empty without a pose or the depth asked for.
};

struct PreparedScene {
  std::string name;
  TagSet tags;
  SharedScene scene;
  std::vector<std::uint32_t> usable;  ///< Rows of its finite points.
  float floor_z_m = 0;
  std::vector<std::uint32_t> superpoints;  ///< Of every point, if asked for.
  std::vector<PreparedCloud> clouds;       ///< Empty while only listed.
  std::vector<PreparedFrame> frames;       ///< The usable ones.
  int num_frames_skipped = 0;              ///< Broken, or without tags.
  int num_frames_unseeing = 0;             ///< That see no point of any cloud: without a pose, depth or overlap.
};

struct TrainingData {
  std::vector<PreparedScene> scenes;
  std::vector<std::string> warnings;
  [[nodiscard]] std::size_t numFrames() const;
};

struct TrainingDataOptions {
  bool in_memory = true;          ///< Otherwise frames and clouds are listed and read when needed.
  bool with_labels = false;       ///< Whether true labels are read.
  bool with_superpoints = false;  ///< Whether superpoints are computed (scene_superpoints.h).
  PointHierarchyOptions hierarchy = smallPointHierarchy();
  int image_long_side_px = 192;
  int image_stride = 8;
  std::size_t points_per_cloud = 4096;
  int clouds_per_scene = 4;
  DepthTolerance tolerance;
  bool occlusion_filter = true;  ///< Otherwise every point that projects into the frame counts as visible.
  DepthSource depth_source = DepthSource::Auto;  ///< What points are compared with.
  std::uint64_t seed = 1;
};

/// Reads and resizes frames, and projects points into them. Broken frames are skipped, counted and named in the
/// warnings; so are scenes without tags, finite points or usable frames, and classes that occur in no tags.
/// Errors: InvalidInput if no scene can be used (of one scene: why), or if true labels are asked for and a scene has
/// none; Cancelled. Memory: image_long_side_px squared times about 2 bytes a frame, 200 bytes a point of a cloud.
[[nodiscard]] Result<TrainingData> prepareTrainingData(const std::vector<SharedScene>& scenes,
                                                       const TrainingDataOptions& options,
                                                       const Job& job);

/// Rows of the points with finite coordinates.
[[nodiscard]] std::vector<std::uint32_t> finiteRows(const PointCloud& points);

/// The floor's height, robust against stray points below it: the first percentile of z. `rows` must not be empty.
[[nodiscard]] float floorHeight(const PointCloud& points, const std::vector<std::uint32_t>& rows);

/// `rows` must be finite points in random order (see buildHierarchy).
[[nodiscard]] PreparedCloud prepareCloud(const PointCloud& points,
                                         std::vector<std::uint32_t> rows,
                                         float floor_z_m,
                                         const PointHierarchyOptions& hierarchy);
/// A random subsample of a scene's points, with repetition where there are too few.
[[nodiscard]] PreparedCloud drawCloud(const PreparedScene& scene, const TrainingDataOptions& options, Random& random);

/// A frame at training size, with its labels if asked for. Errors: those of FrameSource.
[[nodiscard]] Result<PreparedFrame> readFrame(const Scene& scene,
                                              std::size_t index,
                                              const TrainingDataOptions& options);

/// The points of a cloud that a frame sees, in pixels of the frame at width_px x height_px. Empty without a pose or
/// depth.
[[nodiscard]] std::vector<SeenPoint> seenPoints(const Scene& scene,
                                                std::size_t index,
                                                const PreparedCloud& cloud,
                                                ReferenceDepth& reference,
                                                int width_px,
                                                int height_px,
                                                const TrainingDataOptions& options);

/// The image resized to a longer side of `long_side_px`, both sides rounded to multiples of `stride`; pixels are
/// averaged where it shrinks.
[[nodiscard]] RgbImage resizedForNetwork(const RgbImage& image, int long_side_px, int stride);

}  // namespace tagscape

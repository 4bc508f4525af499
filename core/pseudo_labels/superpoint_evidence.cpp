#include "core/cam/cam_torch.h"
#include "core/cam/sample_maps_torch.h"
#include "core/pseudo_labels/superpoint_evidence_torch.h"
#include "core/pseudo_labels/superpoint_mean_torch.h"

#include <ATen/ATen.h>
#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

constexpr double kHalfWeightPoints = 4;  // a frame with as many points of a superpoint counts half
constexpr double kMinProbability = 1e-6;
constexpr double kMinExtent_m = 0.01;

ClassRows rowsOf(const at::Tensor& values) {
  const at::Tensor plain = values.to(at::kDouble).contiguous();
  return Eigen::Map<const ClassRows>(plain.data_ptr<double>(), plain.size(0), kNumClasses);
}

/// Sums over the points of a superpoint.
struct PointSums {
  double count = 0;
  Eigen::Array4d features = Eigen::Array4d::Zero(), squares = Eigen::Array4d::Zero();  ///< Colour and height.
  Eigen::Vector3d first_m = Eigen::Vector3d::Zero();  ///< Offsets are counted from it: far from the world's origin
                                                      ///< differences of squares would cancel.
  Eigen::Vector3d offsets = Eigen::Vector3d::Zero();
  Eigen::Matrix3d products = Eigen::Matrix3d::Zero();

  void add(const std::array<float, 4>& colour_and_height, const Eigen::Vector3f& position_m) {
    const Eigen::Array4d values = Eigen::Map<const Eigen::Array4f>(colour_and_height.data()).cast<double>();
    if (count == 0) first_m = position_m.cast<double>();
    const Eigen::Vector3d offset = position_m.cast<double>() - first_m;
    ++count;
    features += values;
    squares += values.square();
    offsets += offset;
    products += offset * offset.transpose();
  }
  [[nodiscard]] SuperpointShape shape(double size) const {
    const Eigen::Vector3d centre = offsets / std::max(count, 1.);
    return {first_m + centre, products / std::max(count, 1.) - centre * centre.transpose(), size};
  }
};

constexpr Eigen::Index kNumPointFeatures = 13;

/// Means and deviations of colour and height, logarithms of the extents along the axes of the points, how far the
/// shortest of these is from level, and how many points there are.
Eigen::Matrix<double, 1, kNumPointFeatures> featuresOf(const PointSums& sums) {
  const double count = std::max(sums.count, 1.);
  const Eigen::Array4d mean = sums.features / count;
  const Eigen::Array4d deviation = (sums.squares / count - mean.square()).max(0).sqrt();
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> axes(sums.shape(count).covariance_m2);
  const Eigen::Array3d extents = axes.eigenvalues().array().max(0).sqrt();
  Eigen::Matrix<double, 1, kNumPointFeatures> features;
  features << mean.transpose().matrix(), deviation.transpose().matrix(),
      (extents + kMinExtent_m).log().transpose().matrix(), std::abs(axes.eigenvectors()(2, 0)), std::log(count);
  return features;
}

std::vector<PointSums> pointSumsOf(const PreparedScene& scene, std::size_t num_superpoints) {
  std::vector<PointSums> sums(num_superpoints);
  for (const PreparedCloud& cloud : scene.clouds) {
    for (std::size_t i = 0; i < cloud.rows.size(); ++i)
      sums[cloud.superpoints[i]].add(cloud.features[i], cloud.positions_m[i]);
  }
  return sums;
}

/// The point network's mean logits of each superpoint, [S, C]; 0 where no cloud has a point of it.
ClassRows pointLogitsOf(const PreparedScene& scene, std::int64_t num_superpoints, Networks::Impl& networks) {
  at::Tensor sums = at::zeros({num_superpoints, kNumClasses}), counts = at::zeros({num_superpoints});
  for (const PreparedCloud& cloud : scene.clouds) {
    const PointBatch batch = batchClouds({&cloud}, {CloudWarp{}}, networks.inputs.channels, networks.device);
    const at::Tensor logits = networks.points->forward(batch).logits().to(at::kCPU);
    const at::Tensor of =
        at::tensor(std::vector<std::int64_t>(cloud.superpoints.begin(), cloud.superpoints.end()), at::kLong);
    sums.index_add_(0, of, logits);
    counts.index_add_(0, of, at::ones({of.size(0)}));
  }
  return rowsOf(sums / counts.clamp_min(1).unsqueeze(1));
}

/// The points of a scene's clouds that a frame shows: the superpoint and the pixel of each.
struct VisiblePoints {
  std::vector<std::int64_t> superpoints;  ///< [M].
  std::vector<float> pixels;              ///< [M, 2].
};

VisiblePoints pointsIn(const PreparedFrame& frame, const PreparedScene& scene) {
  VisiblePoints points;
  for (std::size_t c = 0; c < scene.clouds.size(); ++c) {
    for (const SeenPoint& point : frame.seen[c]) {
      points.superpoints.push_back(scene.clouds[c].superpoints[point.row]);
      points.pixels.insert(points.pixels.end(), {point.pixel.x(), point.pixel.y()});
    }
  }
  return points;
}

/// Sums over the frames of a scene.
class Evidence {
 public:
  Evidence(std::int64_t num_superpoints, const Recipe& options, const CellGrid& cells)
      : options_(options),
        cells_(cells),
        frame_logits_(at::zeros({num_superpoints, kNumClasses})),
        tag_logits_(at::zeros({num_superpoints, kNumClasses})),
        logits_(at::zeros({num_superpoints, kNumClasses})),
        counts_(at::zeros({num_superpoints})) {}

  void add(const FramePrediction& prediction, const TagSet& tags, VisiblePoints points) {
    if (points.superpoints.empty()) return;
    const auto num_points = static_cast<std::int64_t>(points.superpoints.size());
    const at::Tensor superpoints = at::from_blob(points.superpoints.data(), {num_points}, at::kLong);
    const at::Tensor pixels = at::from_blob(points.pixels.data(), {1, num_points, 2}, at::kFloat);
    const auto meanOf = [&](const at::Tensor& maps) {
      return meanBySuperpoint(sampleMaps(maps, pixels, cells_)[0], superpoints, counts_.size(0));
    };
    const at::Tensor counts = at::zeros_like(counts_).index_add_(0, superpoints, at::ones({num_points}));
    const at::Tensor weights = counts / (counts + kHalfWeightPoints);
    frame_logits_ += weights.unsqueeze(1) * meanOf(prediction.probabilities).clamp_min(kMinProbability).log();
    const double untagged = std::max(options_.labels.label_smoothing / kNumClasses, kMinProbability);
    tag_logits_ += at::outer(weights, (1 - tagTensor({tags}, at::kCPU)[0]) * std::log(untagged));
    logits_ += counts.unsqueeze(1) * meanOf(prediction.logits);
    counts_ += counts;
    frames_.push_back(areaFractions(counts, tags));
  }

  /// @param more_features  [S, any] of each superpoint, appended to its own.
  [[nodiscard]] SuperpointSet finished(const std::vector<PointSums>& points, const Eigen::MatrixXd& more_features) && {
    SuperpointSet found;
    found.frame_logits = rowsOf(frame_logits_);
    found.tag_logits = rowsOf(tag_logits_);
    const ClassRows logits = rowsOf(logits_ / counts_.clamp_min(1).unsqueeze(1));
    const auto num_superpoints = static_cast<Eigen::Index>(points.size());
    found.features.resize(num_superpoints, kNumClasses + kNumPointFeatures + more_features.cols());
    found.sizes.resize(num_superpoints);
    std::vector<SuperpointShape> shapes;
    const auto* counts = counts_.data_ptr<float>();
    for (Eigen::Index s = 0; s < num_superpoints; ++s) {
      const PointSums& sums = points[static_cast<std::size_t>(s)];
      found.features.row(s) << logits.row(s), featuresOf(sums), more_features.row(s);
      found.sizes[s] = counts[s] > 0 ? sums.count : 0;
      shapes.push_back(sums.shape(found.sizes[s]));
    }
    if (options_.labels.superpoint_mlp) found.adjacency = adjacencyOf(shapes);
    found.frames = std::move(frames_);
    return found;
  }

 private:
  static FrameSuperpoints areaFractions(const at::Tensor& counts, const TagSet& tags) {
    FrameSuperpoints frame;
    frame.tags = tags;
    const auto* of = counts.data_ptr<float>();
    const double total = counts.sum().item<double>();
    for (std::int64_t s = 0; s < counts.size(0); ++s) {
      if (of[s] <= 0) continue;
      frame.superpoints.push_back(static_cast<std::uint32_t>(s));
      frame.area_fractions.push_back(of[s] / total);
    }
    return frame;
  }

  const Recipe& options_;
  CellGrid cells_;
  at::Tensor frame_logits_, tag_logits_, logits_;  ///< [S, C].
  at::Tensor counts_;                              ///< [S] points, each counted once for every frame that shows it.
  std::vector<FrameSuperpoints> frames_;
};

}  // namespace

FramePrediction predictionOf(const PreparedFrame& frame, Networks::Impl& networks, const Recipe& options) {
  at::Tensor input = at::empty({1, 3, frame.image.height, frame.image.width}, at::kFloat);
  normaliseImage(
      frame.image, networks.inputs.colors, {input.data_ptr<float>(), static_cast<std::size_t>(input.numel())});
  FramePrediction prediction;
  prediction.logits = networks.image->forward(input.to(networks.device)).logits().to(at::kCPU);
  const at::Tensor tags = tagTensor({frame.tags}, at::kCPU);
  if (options.labels.pseudo_labels == PseudoLabelBasis::Cam) {
    const at::Tensor cam = normalisedCam(prediction.logits, tags);
    prediction.probabilities = cam / (cam.sum(1, true) + 1e-5);
  } else {
    prediction.probabilities = taggedSoftmax(prediction.logits, tags);
  }
  prediction.probabilities = (1 - options.labels.label_smoothing) * prediction.probabilities +
                             options.labels.label_smoothing / kNumClasses + kMinProbability;
  return prediction;
}

SuperpointSet superpointEvidence(const PreparedScene& scene, Networks::Impl& networks, const Recipe& options) {
  const std::size_t num_superpoints =
      std::size_t{*std::max_element(scene.superpoints.begin(), scene.superpoints.end())} + 1;
  Evidence evidence(static_cast<std::int64_t>(num_superpoints), options, networks.inputs.cells);
  for (const PreparedFrame& frame : scene.frames)
    evidence.add(predictionOf(frame, networks, options), frame.tags, pointsIn(frame, scene));
  Eigen::MatrixXd by_points(num_superpoints, 0);
  if (options.labels.superpoint_mlp)
    by_points = pointLogitsOf(scene, static_cast<std::int64_t>(num_superpoints), networks);
  return std::move(evidence).finished(pointSumsOf(scene, num_superpoints), by_points);
}

}  // namespace tagscape

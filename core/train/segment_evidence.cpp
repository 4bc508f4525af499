#include "core/cam/cam_torch.h"
#include "core/train/losses_torch.h"
#include "core/train/segment_evidence_torch.h"
#include "core/train/segment_vote_torch.h"

#include <ATen/ATen.h>
#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

constexpr double kFewPoints = 4;  // as many of a segment make half an opinion
constexpr double kTinyShare = 1e-6;
constexpr double kSmallestExtent_m = 0.01;

ClassRows rowsOf(const at::Tensor& values) {
  const at::Tensor plain = values.to(at::kDouble).contiguous();
  return Eigen::Map<const ClassRows>(plain.data_ptr<double>(), plain.size(0), kNumClasses);
}

/// Sums over the points of a segment.
struct PointSums {
  double count = 0;
  Eigen::Array4d features = Eigen::Array4d::Zero(), squares = Eigen::Array4d::Zero();  ///< Colour and height.
  Eigen::Vector3d first_m = Eigen::Vector3d::Zero();  ///< Places are counted from it: far from the origin of the
                                                      ///< world nothing would be left of their differences.
  Eigen::Vector3d places = Eigen::Vector3d::Zero();
  Eigen::Matrix3d products = Eigen::Matrix3d::Zero();

  void add(const std::array<float, 4>& colour_and_height, const Eigen::Vector3f& position_m) {
    const Eigen::Array4d values = Eigen::Map<const Eigen::Array4f>(colour_and_height.data()).cast<double>();
    if (count == 0) first_m = position_m.cast<double>();
    const Eigen::Vector3d place = position_m.cast<double>() - first_m;
    ++count;
    features += values;
    squares += values.square();
    places += place;
    products += place * place.transpose();
  }
  [[nodiscard]] SegmentPlace place(double size) const {
    const Eigen::Vector3d centre = places / std::max(count, 1.);
    return {first_m + centre, products / std::max(count, 1.) - centre * centre.transpose(), size};
  }
};

constexpr Eigen::Index kNumPointLooks = 13;

/// Means and deviations of colour and height, logarithms of the extents along the axes of the points, how far the
/// shortest of these is from level, and how many points there are.
Eigen::Matrix<double, 1, kNumPointLooks> looksOf(const PointSums& sums) {
  const double count = std::max(sums.count, 1.);
  const Eigen::Array4d mean = sums.features / count;
  const Eigen::Array4d deviation = (sums.squares / count - mean.square()).max(0).sqrt();
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> axes(sums.place(count).covariance_m2);
  const Eigen::Array3d extents = axes.eigenvalues().array().max(0).sqrt();
  Eigen::Matrix<double, 1, kNumPointLooks> looks;
  looks << mean.transpose().matrix(), deviation.transpose().matrix(),
      (extents + kSmallestExtent_m).log().transpose().matrix(), std::abs(axes.eigenvectors()(2, 0)), std::log(count);
  return looks;
}

std::vector<PointSums> pointSumsOf(const PreparedScene& scene, std::size_t num_segments) {
  std::vector<PointSums> sums(num_segments);
  for (const PreparedCloud& cloud : scene.clouds) {
    for (std::size_t i = 0; i < cloud.rows.size(); ++i)
      sums[cloud.segments[i]].add(cloud.features[i], cloud.positions_m[i]);
  }
  return sums;
}

/// The point network's mean logits of each segment, [S, C]; 0 where no cloud has a point of it.
ClassRows pointLogitsOf(const PreparedScene& scene, std::int64_t num_segments, Networks::Impl& networks) {
  at::Tensor sums = at::zeros({num_segments, kNumClasses}), counts = at::zeros({num_segments});
  for (const PreparedCloud& cloud : scene.clouds) {
    const PointBatch batch = batchClouds({&cloud}, {CloudWarp{}}, networks.inputs.channels, networks.device);
    const at::Tensor logits = networks.points->forward(batch).maps[0].to(at::kCPU);
    const at::Tensor of =
        at::tensor(std::vector<std::int64_t>(cloud.segments.begin(), cloud.segments.end()), at::kLong);
    sums.index_add_(0, of, logits);
    counts.index_add_(0, of, at::ones({of.size(0)}));
  }
  return rowsOf(sums / counts.clamp_min(1).unsqueeze(1));
}

/// The points of a scene's clouds that a frame shows: which segment each is of, and where it lies.
struct Sight {
  std::vector<std::int64_t> segments;  ///< [M].
  std::vector<float> places;           ///< [M, 2] pixels of the frame.
};

Sight sightOf(const PreparedScene& scene, const PreparedFrame& frame) {
  Sight sight;
  for (std::size_t c = 0; c < scene.clouds.size(); ++c) {
    for (const SeenPoint& point : frame.seen[c]) {
      sight.segments.push_back(scene.clouds[c].segments[point.row]);
      sight.places.insert(sight.places.end(), {point.pixel.x(), point.pixel.y()});
    }
  }
  return sight;
}

/// Gathers what frames say, one after the other.
class Evidence {
 public:
  Evidence(std::int64_t num_segments, const Recipe& options, const CellGrid& cells)
      : options_(options),
        cells_(cells),
        said_(at::zeros({num_segments, kNumClasses})),
        tagged_(at::zeros({num_segments, kNumClasses})),
        logits_(at::zeros({num_segments, kNumClasses})),
        counts_(at::zeros({num_segments})) {}

  void add(const FrameOpinion& opinion, const TagSet& tags, Sight sight) {
    if (sight.segments.empty()) return;
    const auto num_seen = static_cast<std::int64_t>(sight.segments.size());
    const at::Tensor of = at::from_blob(sight.segments.data(), {num_seen}, at::kLong);
    const at::Tensor places = at::from_blob(sight.places.data(), {1, num_seen, 2}, at::kFloat);
    const auto votes = [&](const at::Tensor& maps) {
      return votedBySegments(sampleMaps(maps, places, cells_)[0], of, counts_.size(0));
    };
    const at::Tensor numbers = at::zeros_like(counts_).index_add_(0, of, at::ones({num_seen}));
    const at::Tensor weights = numbers / (numbers + kFewPoints);
    const at::Tensor shares = votes(opinion.shares);
    said_ += weights.unsqueeze(1) * shares.clamp_min(kTinyShare).log();
    const double least = std::max(options_.labels.label_smoothing / kNumClasses, kTinyShare);
    tagged_ += at::outer(weights, (1 - tagTensor({tags}, at::kCPU)[0]) * std::log(least));
    logits_ += numbers.unsqueeze(1) * votes(opinion.maps);
    counts_ += numbers;
    frames_.push_back(segmentSight(numbers, tags));
  }

  /// @param more_looks  [S, any] of each segment, after its own.
  [[nodiscard]] SceneSegments finished(const std::vector<PointSums>& points, const Eigen::MatrixXd& more_looks) && {
    SceneSegments found;
    found.said = rowsOf(said_);
    found.tagged = rowsOf(tagged_);
    const ClassRows logits = rowsOf(logits_ / counts_.clamp_min(1).unsqueeze(1));
    const auto num_segments = static_cast<Eigen::Index>(points.size());
    found.looks.resize(num_segments, kNumClasses + kNumPointLooks + more_looks.cols());
    found.sizes.resize(num_segments);
    std::vector<SegmentPlace> places;
    const auto* counts = counts_.data_ptr<float>();
    for (Eigen::Index s = 0; s < num_segments; ++s) {
      const PointSums& sums = points[static_cast<std::size_t>(s)];
      found.looks.row(s) << logits.row(s), looksOf(sums), more_looks.row(s);
      found.sizes[s] = counts[s] > 0 ? sums.count : 0;
      places.push_back(sums.place(found.sizes[s]));
    }
    if (options_.labels.superpoint_mlp) found.near = nearnessOf(places);
    found.frames = std::move(frames_);
    return found;
  }

 private:
  static SegmentSight segmentSight(const at::Tensor& numbers, const TagSet& tags) {
    SegmentSight sight;
    sight.tags = tags;
    const auto* of = numbers.data_ptr<float>();
    const double total = numbers.sum().item<double>();
    for (std::int64_t s = 0; s < numbers.size(0); ++s) {
      if (of[s] <= 0) continue;
      sight.segments.push_back(static_cast<std::uint32_t>(s));
      sight.parts.push_back(of[s] / total);
    }
    return sight;
  }

  const Recipe& options_;
  CellGrid cells_;
  at::Tensor said_, tagged_, logits_;  ///< [S, C] sums over frames.
  at::Tensor counts_;                  ///< [S] points seen, once for each frame.
  std::vector<SegmentSight> frames_;
};

}  // namespace

FrameOpinion opinionOf(const PreparedFrame& frame, Networks::Impl& networks, const Recipe& options) {
  at::Tensor input = at::empty({1, 3, frame.image.height, frame.image.width}, at::kFloat);
  normaliseImage(
      frame.image, networks.inputs.colors, {input.data_ptr<float>(), static_cast<std::size_t>(input.numel())});
  FrameOpinion opinion;
  opinion.maps = networks.image->forward(input.to(networks.device)).maps.to(at::kCPU);
  const at::Tensor tags = tagTensor({frame.tags}, at::kCPU);
  if (options.labels.pseudo_labels == PseudoLabelBasis::Cam) {
    const at::Tensor cam = normalisedCam(opinion.maps, tags);
    opinion.shares = cam / (cam.sum(1, true) + 1e-5);
  } else {
    constexpr double kMasked = -1e4;
    opinion.shares = at::softmax(opinion.maps + kMasked * (1 - tags).view({1, kNumClasses, 1, 1}), 1);
  }
  opinion.shares =
      (1 - options.labels.label_smoothing) * opinion.shares + options.labels.label_smoothing / kNumClasses + kTinyShare;
  return opinion;
}

SceneSegments segmentEvidence(const PreparedScene& scene, Networks::Impl& networks, const Recipe& options) {
  const std::size_t num_segments = std::size_t{*std::max_element(scene.segments.begin(), scene.segments.end())} + 1;
  Evidence evidence(static_cast<std::int64_t>(num_segments), options, networks.inputs.cells);
  for (const PreparedFrame& frame : scene.frames)
    evidence.add(opinionOf(frame, networks, options), frame.tags, sightOf(scene, frame));
  Eigen::MatrixXd by_points(num_segments, 0);
  if (options.labels.superpoint_mlp)
    by_points = pointLogitsOf(scene, static_cast<std::int64_t>(num_segments), networks);
  return std::move(evidence).finished(pointSumsOf(scene, num_segments), by_points);
}

}  // namespace tagscape

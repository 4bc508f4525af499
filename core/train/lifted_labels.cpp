#include "core/cam/cam_torch.h"
#include "core/nn/point_operators.h"
#include "core/train/least_shares_torch.h"
#include "core/train/lifted_labels_torch.h"
#include "core/train/losses_torch.h"
#include "core/train/segment_vote_torch.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

// How far in place and colour a neighbour's vote reaches: about the distance of subsampled points, and the noise of
// their colours.
constexpr float kReach_m = 0.15F;
constexpr float kReachOfColor = 0.2F;  // of colours in [-1, 1]
constexpr float kGridCell_m = 0.1F;
constexpr double kFewPoints = 4;  // as many of a segment make half an opinion

/// Shares of the tagged classes in a frame's cells, [1, C, h, w].
at::Tensor sharesOf(const PreparedFrame& frame, Networks::Impl& networks, const TrainOptions& options) {
  at::Tensor input = at::empty({1, 3, frame.image.height, frame.image.width}, at::kFloat);
  normaliseImage(
      frame.image, networks.inputs.colors, {input.data_ptr<float>(), static_cast<std::size_t>(input.numel())});
  const at::Tensor maps = networks.image->forward(input.to(networks.device)).maps;
  const at::Tensor tags = tagTensor({frame.tags}, networks.device);
  if (options.pseudo_labels == "cam") {
    const at::Tensor cam = normalisedCam(maps, tags);
    return (cam / (cam.sum(1, true) + 1e-5)).to(at::kCPU);
  }
  constexpr double kMasked = -1e4;
  return at::softmax(maps + kMasked * (1 - tags).view({1, kNumClasses, 1, 1}), 1).to(at::kCPU);
}

/// What a frame says with some doubt: a class it is not tagged with stays possible.
at::Tensor doubted(const at::Tensor& shares, const TrainOptions& options) {
  return (1 - options.lift_doubt) * shares + options.lift_doubt / kNumClasses + 1e-6;
}

/// Which of N points or segments a frame shows, and where.
struct Sight {
  std::vector<std::int64_t> of;  ///< [M] point or segment.
  std::vector<float> places;     ///< [M, 2] pixels of the frame.

  void add(std::int64_t number, const Eigen::Vector2f& pixel) {
    of.push_back(number);
    places.insert(places.end(), {pixel.x(), pixel.y()});
  }
};

/// What frames have said of points or segments so far.
struct Opinions {
  at::Tensor sums;    ///< [N, C] of shares or their logarithms.
  at::Tensor counts;  ///< [N].

  explicit Opinions(std::int64_t size) : sums(at::zeros({size, kNumClasses})), counts(at::zeros({size})) {}

  /// The mean over what a frame shows of each counts as one opinion, or nearly none where it shows but a point or two
  /// of a segment.
  void add(const at::Tensor& shares, Sight sight, const CellGrid& cells, bool product, bool by_segments) {
    if (sight.of.empty()) return;
    const auto num_seen = static_cast<std::int64_t>(sight.of.size());
    const at::Tensor of = at::from_blob(sight.of.data(), {num_seen}, at::kLong);
    const at::Tensor places = at::from_blob(sight.places.data(), {1, num_seen, 2}, at::kFloat);
    const at::Tensor sampled = sampleMaps(shares, places, cells)[0];
    const at::Tensor numbers = at::zeros_like(counts).index_add_(0, of, at::ones({num_seen}));
    const at::Tensor weights = by_segments ? numbers / (numbers + kFewPoints) : numbers;
    at::Tensor means =
        by_segments ? votedBySegments(sampled, of, counts.size(0)) : at::zeros_like(sums).index_copy_(0, of, sampled);
    if (product) means = means.clamp_min(1e-6).log();
    sums += weights.unsqueeze(1) * means;
    counts += weights;
  }

  /// Shares [N, C], all 0 where no frame has said anything.
  /// @param sizes [N] how many points each stands for.  @param tags [C] of the scene.
  [[nodiscard]] at::Tensor pooled(bool product,
                                  const at::Tensor& sizes,
                                  const at::Tensor& tags,
                                  double least_share) const {
    const at::Tensor known = counts.gt(0).to(at::kFloat);
    const at::Tensor logits = product ? sums : (sums / counts.clamp_min(1).unsqueeze(1)).clamp_min(1e-6).log();
    return known.unsqueeze(1) * withLeastShares(logits, sizes * known, tags, least_share);
  }
};

/// Shares averaged over points near in place and colour. Points of which nothing is known take their neighbours' word.
at::Tensor votedByNeighbours(const at::Tensor& shares, const PreparedCloud& cloud, int num_neighbours) {
  const auto k = static_cast<std::size_t>(num_neighbours) + 1;  // the point itself comes first
  const auto found = PointGrid(cloud.positions_m, kGridCell_m).nearest(cloud.positions_m, k);
  const at::Tensor plain = shares.contiguous();
  at::Tensor voted = at::zeros_like(plain);
  const auto* from = plain.data_ptr<float>();
  auto* to = voted.data_ptr<float>();
  for (std::size_t i = 0; i < cloud.positions_m.size(); ++i) {
    float total = 0;
    for (std::size_t n = 0; n < k; ++n) {
      const auto j = static_cast<std::size_t>(found.index[i * k + n]);
      const float apart = (cloud.positions_m[i] - cloud.positions_m[j]).squaredNorm() / (kReach_m * kReach_m);
      float color = 0;
      for (std::size_t c = 0; c < 3; ++c) {
        color += std::pow((cloud.features[i][c] - cloud.features[j][c]) / kReachOfColor, 2.F);
      }
      const float weight = std::exp(-(apart + color) / 2);
      total += weight;
      for (std::size_t c = 0; c < kNumClasses; ++c) to[i * kNumClasses + c] += weight * from[j * kNumClasses + c];
    }
    for (std::size_t c = 0; c < kNumClasses; ++c) to[i * kNumClasses + c] /= total;
  }
  return voted;
}

/// Of every point of each cloud of a scene, by its own sights.
std::vector<at::Tensor> liftToPoints(const PreparedScene& scene,
                                     Networks::Impl& networks,
                                     const TrainOptions& options) {
  std::vector<Opinions> opinions;
  for (const PreparedCloud& cloud : scene.clouds) opinions.emplace_back(static_cast<std::int64_t>(cloud.rows.size()));
  const bool product = options.lift_pooling == "product";
  for (const PreparedFrame& frame : scene.frames) {
    const at::Tensor shares = doubted(sharesOf(frame, networks, options), options);
    for (std::size_t c = 0; c < opinions.size(); ++c) {
      Sight sight;
      for (const SeenPoint& point : frame.seen[c]) sight.add(point.row, point.pixel);
      opinions[c].add(shares, std::move(sight), networks.inputs.cells, product, false);
    }
  }
  std::vector<at::Tensor> lifted;
  for (std::size_t c = 0; c < opinions.size(); ++c) {
    const at::Tensor sizes = at::ones({static_cast<std::int64_t>(scene.clouds[c].rows.size())});
    const at::Tensor shares =
        opinions[c].pooled(product, sizes, tagTensor({scene.tags}, at::kCPU)[0], options.lift_least_share);
    lifted.push_back(options.lift_neighbours > 0 ? votedByNeighbours(shares, scene.clouds[c], options.lift_neighbours)
                                                 : shares);
  }
  return lifted;
}

/// Of every point of each cloud of a scene, by what all clouds' points of its segment show.
std::vector<at::Tensor> liftToSegments(const PreparedScene& scene,
                                       Networks::Impl& networks,
                                       const TrainOptions& options) {
  const auto largest = std::max_element(scene.segments.begin(), scene.segments.end());
  Opinions opinions(static_cast<std::int64_t>(*largest) + 1);
  const bool product = options.lift_pooling == "product";
  for (const PreparedFrame& frame : scene.frames) {
    Sight sight;
    for (std::size_t c = 0; c < scene.clouds.size(); ++c) {
      for (const SeenPoint& point : frame.seen[c]) sight.add(scene.clouds[c].segments[point.row], point.pixel);
    }
    opinions.add(
        doubted(sharesOf(frame, networks, options), options), std::move(sight), networks.inputs.cells, product, true);
  }
  std::vector<at::Tensor> segments;
  for (const PreparedCloud& cloud : scene.clouds) {
    const std::vector<std::int64_t> numbers(cloud.segments.begin(), cloud.segments.end());
    segments.push_back(at::tensor(numbers, at::kLong));
  }
  const at::Tensor sizes = at::bincount(at::cat(segments), {}, opinions.counts.size(0)).to(at::kFloat);
  const at::Tensor shares =
      opinions.pooled(product, sizes, tagTensor({scene.tags}, at::kCPU)[0], options.lift_least_share);
  std::vector<at::Tensor> lifted;
  for (const at::Tensor& of_cloud : segments) lifted.push_back(shares.index_select(0, of_cloud));
  return lifted;
}

}  // namespace

LiftedLabels LiftedLabels::compute(Networks::Impl& networks,
                                   const TrainingSource& source,
                                   const TrainOptions& options) {
  const at::NoGradGuard no_grad;
  networks.image->setTraining(false);
  LiftedLabels lifted;
  for (const PreparedScene& scene : source.data().scenes) {
    auto& clouds = lifted.clouds_.emplace_back();
    const bool by_segments = options.vote == "segments";
    for (const at::Tensor& shares :
         by_segments ? liftToSegments(scene, networks, options) : liftToPoints(scene, networks, options)) {
      clouds.push_back(shares.to(networks.device));
    }
  }
  return lifted;
}

at::Tensor LiftedLabels::of(const std::vector<std::pair<std::size_t, std::size_t>>& cloud_numbers) const {
  std::vector<at::Tensor> parts;
  for (const auto& [scene, number] : cloud_numbers) parts.push_back(clouds_[scene][number]);
  return at::cat(parts);
}

at::Tensor LiftedLabels::packed() const {
  std::vector<at::Tensor> scenes;
  for (const auto& clouds : clouds_) scenes.push_back(at::stack(clouds));
  return at::stack(scenes);
}

LiftedLabels LiftedLabels::unpacked(const at::Tensor& packed) {
  LiftedLabels lifted;
  for (const at::Tensor& scene : packed.unbind(0)) lifted.clouds_.push_back(scene.unbind(0));
  return lifted;
}

}  // namespace tagscape

#include "core/distributed/process_group_torch.h"
#include "core/geometry/point_operators.h"
#include "core/train/lifted_labels_torch.h"
#include "core/train/losses_torch.h"
#include "core/train/segment_appearance.h"
#include "core/train/segment_evidence_torch.h"
#include "core/train/segment_network.h"

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

/// What frames have said of N points so far.
struct Opinions {
  at::Tensor sums;    ///< [N, C] of shares or their logarithms.
  at::Tensor counts;  ///< [N].

  explicit Opinions(std::int64_t size) : sums(at::zeros({size, kNumClasses})), counts(at::zeros({size})) {}

  void add(const at::Tensor& shares, const std::vector<SeenPoint>& seen, const CellGrid& cells, bool product) {
    if (seen.empty()) return;
    std::vector<std::int64_t> rows;
    std::vector<float> pixels;
    for (const SeenPoint& point : seen) {
      rows.push_back(point.row);
      pixels.insert(pixels.end(), {point.pixel.x(), point.pixel.y()});
    }
    const auto num_seen = static_cast<std::int64_t>(rows.size());
    const at::Tensor of = at::from_blob(rows.data(), {num_seen}, at::kLong);
    const at::Tensor places = at::from_blob(pixels.data(), {1, num_seen, 2}, at::kFloat);
    const at::Tensor sampled = sampleMaps(shares, places, cells)[0];
    sums.index_add_(0, of, product ? sampled.clamp_min(1e-6).log() : sampled);
    counts.index_add_(0, of, at::ones({num_seen}));
  }

  /// Shares, all 0 where no frame has said anything.
  [[nodiscard]] at::Tensor pooled(bool product) const {
    const at::Tensor known = counts.gt(0).to(at::kFloat).unsqueeze(1);
    return known * (product ? at::softmax(sums, 1) : sums / counts.clamp_min(1).unsqueeze(1));
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

using CloudShares = std::vector<at::Tensor>;  ///< Of a scene: of each cloud [N, C].

/// Of every point of each cloud of a scene, by the frames that see it.
CloudShares liftToPoints(const PreparedScene& scene, Networks::Impl& networks, const TrainOptions& options) {
  std::vector<Opinions> opinions;
  for (const PreparedCloud& cloud : scene.clouds) opinions.emplace_back(static_cast<std::int64_t>(cloud.rows.size()));
  const bool product = agreeByProduct(options);
  for (const PreparedFrame& frame : scene.frames) {
    const FrameOpinion opinion = opinionOf(frame, networks, options);
    for (std::size_t c = 0; c < opinions.size(); ++c)
      opinions[c].add(opinion.shares, frame.seen[c], networks.inputs.cells, product);
  }
  CloudShares lifted;
  for (std::size_t c = 0; c < opinions.size(); ++c) {
    const at::Tensor shares = opinions[c].pooled(product);
    lifted.push_back(options.lift_neighbours > 0 ? votedByNeighbours(shares, scene.clouds[c], options.lift_neighbours)
                                                 : shares);
  }
  return lifted;
}

/// Every point of each cloud by its segment.
CloudShares ofSegments(const ClassRows& shares, const PreparedScene& scene) {
  const at::Tensor by_segment =
      at::from_blob(const_cast<double*>(shares.data()), {shares.rows(), kNumClasses}, at::kDouble).to(at::kFloat);
  CloudShares lifted;
  for (const PreparedCloud& cloud : scene.clouds) {
    const std::vector<std::int64_t> segments(cloud.segments.begin(), cloud.segments.end());
    lifted.push_back(by_segment.index_select(0, at::tensor(segments, at::kLong)));
  }
  return lifted;
}

std::vector<ClassRows> labelsOfSegments(const std::vector<SceneSegments>& scenes, const TrainOptions& options) {
  AppearanceOptions appearance;
  appearance.belief.least_share = options.lift_least_share;
  std::vector<ClassRows> shares = options.lift_appearance ? labelsByAppearance(scenes, appearance)
                                                          : labelsByFrames(scenes, options.lift_least_share);
  if (!options.lift_network) return shares;
  SegmentNetworkOptions network;
  network.belief.least_share = options.lift_least_share;
  network.seed = options.seed;
  return labelsByNetwork(scenes, std::move(shares), network);
}

std::vector<CloudShares> liftToSegments(const TrainingData& data,
                                        Networks::Impl& networks,
                                        const TrainOptions& options) {
  std::vector<SceneSegments> evidence;
  for (const PreparedScene& scene : data.scenes) evidence.push_back(segmentEvidence(scene, networks, options));
  const std::vector<ClassRows> shares = labelsOfSegments(evidence, options);
  std::vector<CloudShares> lifted;
  for (std::size_t i = 0; i < data.scenes.size(); ++i) lifted.push_back(ofSegments(shares[i], data.scenes[i]));
  return lifted;
}

}  // namespace

LiftedLabels LiftedLabels::compute(Networks::Impl& networks,
                                   const TrainingSource& source,
                                   const TrainOptions& options) {
  const at::NoGradGuard no_grad;
  networks.image->setTraining(false);
  networks.points->setTraining(false);
  LiftedLabels lifted;
  if (options.vote == "segments") {
    lifted.clouds_ = liftToSegments(source.data(), networks, options);
  } else {
    for (const PreparedScene& scene : source.data().scenes)
      lifted.clouds_.push_back(liftToPoints(scene, networks, options));
  }
  for (auto& clouds : lifted.clouds_) {
    for (at::Tensor& shares : clouds) shares = shares.to(networks.device);
  }
  return lifted;
}

LiftedLabels LiftedLabels::computeByFirst(const ProcessGroup& group,
                                          Networks::Impl& networks,
                                          const TrainingSource& source,
                                          const TrainOptions& options) {
  if (group.isAlone()) return compute(networks, source, options);
  at::Tensor shared;
  if (group.isFirst()) {
    shared = compute(networks, source, options).packed();
  } else {
    const auto& scenes = source.data().scenes;
    const auto& clouds = scenes.front().clouds;
    shared = at::empty({static_cast<std::int64_t>(scenes.size()),
                        static_cast<std::int64_t>(clouds.size()),
                        static_cast<std::int64_t>(clouds.front().rows.size()),
                        kNumClasses},
                       at::TensorOptions(at::kFloat).device(networks.device));
  }
  broadcastFrom(group, 0, {shared});
  return unpacked(shared);
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

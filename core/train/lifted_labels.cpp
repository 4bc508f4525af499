#include "core/cam/cam_torch.h"
#include "core/nn/point_operators.h"
#include "core/train/lifted_labels_torch.h"
#include "core/train/losses_torch.h"

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

/// What frames have said of a cloud so far.
struct Opinions {
  at::Tensor sums;    ///< [N, C] of shares or their logarithms.
  at::Tensor counts;  ///< [N].

  void add(const at::Tensor& shares, const std::vector<SeenPoint>& seen, const CellGrid& cells, bool product) {
    if (seen.empty()) return;
    const auto num_seen = static_cast<std::int64_t>(seen.size());
    at::Tensor rows = at::empty({num_seen}, at::kLong);
    at::Tensor places = at::empty({1, num_seen, 2}, at::kFloat);
    auto* row = rows.data_ptr<std::int64_t>();
    auto* place = places.data_ptr<float>();
    for (const SeenPoint& point : seen) {
      *row++ = point.row;
      *place++ = point.pixel.x();
      *place++ = point.pixel.y();
    }
    const at::Tensor sampled = sampleMaps(shares, places, cells)[0];
    sums.index_add_(0, rows, product ? sampled.log() : sampled);
    counts.index_add_(0, rows, at::ones({num_seen}));
  }

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

}  // namespace

LiftedLabels LiftedLabels::compute(Networks::Impl& networks,
                                   const TrainingSource& source,
                                   const TrainOptions& options) {
  const at::NoGradGuard no_grad;
  networks.image->setTraining(false);
  const bool product = options.lift_pooling == "product";
  LiftedLabels lifted;
  for (const PreparedScene& scene : source.data().scenes) {
    std::vector<Opinions> opinions;
    for (const PreparedCloud& cloud : scene.clouds) {
      const auto num_points = static_cast<std::int64_t>(cloud.rows.size());
      opinions.push_back({at::zeros({num_points, kNumClasses}), at::zeros({num_points})});
    }
    for (const PreparedFrame& frame : scene.frames) {
      const at::Tensor shares =
          (1 - options.lift_doubt) * sharesOf(frame, networks, options) + options.lift_doubt / kNumClasses + 1e-6;
      for (std::size_t c = 0; c < opinions.size(); ++c) {
        opinions[c].add(shares, frame.seen[c], networks.inputs.cells, product);
      }
    }
    auto& clouds = lifted.clouds_.emplace_back();
    for (std::size_t c = 0; c < opinions.size(); ++c) {
      at::Tensor shares = opinions[c].pooled(product);
      if (options.lift_neighbours > 0) {
        shares = votedByNeighbours(shares, scene.clouds[c], options.lift_neighbours);
      }
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

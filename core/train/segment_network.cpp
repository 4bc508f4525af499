#include "core/train/segment_network.h"

#include "core/base/random.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <torch/optim/adamw.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

namespace tagscape {
namespace {

// Shares are at most 1 and most are 0: beside looks of deviation 1 they would hardly count.
constexpr double kWeightOfNames = 2;

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Rows of all scenes below each other.
at::Tensor stacked(const std::vector<Eigen::MatrixXd>& parts) {
  std::vector<at::Tensor> tensors;
  for (const Eigen::MatrixXd& part : parts) {
    RowMajor values = part.cast<float>();
    tensors.push_back(at::from_blob(values.data(), {values.rows(), values.cols()}, at::kFloat).clone());
  }
  return at::cat(tensors);
}

at::Tensor stacked(const std::vector<ClassRows>& parts) {
  std::vector<Eigen::MatrixXd> plain(parts.begin(), parts.end());
  return stacked(plain);
}

/// One hidden layer, trained by AdamW with a rate that falls to 0.
class SmallNetwork {
 public:
  SmallNetwork(std::int64_t num_inputs, const SegmentNetworkOptions& options, std::uint64_t seed)
      : options_(options), random_(at::detail::createCPUGenerator(seed)) {
    const auto parameter = [&](at::IntArrayRef shape, std::int64_t fan_in) {
      const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
      return at::empty(shape, at::kFloat).uniform_(-bound, bound, random_).requires_grad_();
    };
    hidden_ = parameter({num_inputs, options.num_hidden}, num_inputs);
    hidden_bias_ = parameter({options.num_hidden}, num_inputs);
    output_ = parameter({options.num_hidden, kNumClasses}, options.num_hidden);
    output_bias_ = parameter({kNumClasses}, options.num_hidden);
  }

  void train(const at::Tensor& inputs, const at::Tensor& shares, const at::Tensor& weights) {
    const at::AutoGradMode with_gradients(true);
    torch::optim::AdamW optimiser({hidden_, hidden_bias_, output_, output_bias_},
                                  torch::optim::AdamWOptions(1).weight_decay(options_.weight_decay));
    const std::int64_t batch_size = std::min<std::int64_t>(options_.batch_size, inputs.size(0));
    for (int step = 0; step < options_.num_steps; ++step) {
      const double share = static_cast<double>(step) / options_.num_steps;
      optimiser.param_groups()[0].options().set_lr(options_.learning_rate * (1 - share));
      const at::Tensor rows = at::randint(inputs.size(0), {batch_size}, random_, at::kLong);
      const at::Tensor weight = weights.index_select(0, rows);
      const at::Tensor logits = forward(inputs.index_select(0, rows), true);
      const at::Tensor losses = -(shares.index_select(0, rows) * at::log_softmax(logits, 1)).sum(1);
      optimiser.zero_grad();
      ((weight * losses).sum() / weight.sum().clamp_min(1e-6)).backward();
      optimiser.step();
    }
  }

  /// [S, C] shares.
  [[nodiscard]] at::Tensor shares(const at::Tensor& inputs) {
    const at::NoGradGuard no_gradients;
    return at::softmax(forward(inputs, false), 1);
  }

 private:
  at::Tensor forward(const at::Tensor& inputs, bool is_training) {
    at::Tensor values = at::relu(at::addmm(hidden_bias_, inputs, hidden_));
    if (is_training && options_.dropout > 0) {
      const double kept = 1 - options_.dropout;
      values = values * at::empty_like(values).bernoulli_(kept, random_).div_(kept);
    }
    return at::addmm(output_bias_, values, output_);
  }

  const SegmentNetworkOptions& options_;
  at::Generator random_;
  at::Tensor hidden_, hidden_bias_, output_, output_bias_;
};

/// Looks of each segment, and the mean looks of what is near it.
at::Tensor looksInSurroundings(const std::vector<SceneSegments>& scenes) {
  const std::vector<Eigen::MatrixXd> own = standardisedLooks(scenes);
  std::vector<Eigen::MatrixXd> around;
  for (std::size_t i = 0; i < scenes.size(); ++i) around.emplace_back(scenes[i].near * own[i]);
  return at::cat({stacked(own), stacked(standardised(std::move(around), scenes))}, 1);
}

/// How what is near each segment is named.
at::Tensor namesAround(const std::vector<SceneSegments>& scenes, const std::vector<ClassRows>& shares) {
  std::vector<Eigen::MatrixXd> around;
  for (std::size_t i = 0; i < scenes.size(); ++i)
    around.emplace_back(kWeightOfNames * (scenes[i].near * Eigen::MatrixXd(shares[i])));
  return stacked(around);
}

/// Rows of one tensor, back by scene.
std::vector<ClassRows> byScene(const at::Tensor& shares, const std::vector<SceneSegments>& scenes) {
  const at::Tensor plain = shares.to(at::kDouble).contiguous();
  const auto* from = plain.data_ptr<double>();
  std::vector<ClassRows> parts;
  for (const SceneSegments& scene : scenes) {
    parts.emplace_back(Eigen::Map<const ClassRows>(from, scene.looks.rows(), kNumClasses));
    from += scene.looks.rows() * kNumClasses;
  }
  return parts;
}

void check(const std::vector<SceneSegments>& scenes, const std::vector<ClassRows>& start) {
  if (start.size() != scenes.size()) throw std::logic_error("labelsByNetwork: shares of other scenes");
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    const Eigen::Index size = scenes[i].looks.rows();
    if (start[i].rows() != size || scenes[i].near.rows() != size || scenes[i].near.cols() != size)
      throw std::logic_error("labelsByNetwork: looks, shares and nearness are not of the same segments");
  }
}

}  // namespace

std::vector<ClassRows> labelsByNetwork(const std::vector<SceneSegments>& scenes,
                                       std::vector<ClassRows> start,
                                       const SegmentNetworkOptions& options) {
  check(scenes, start);
  if (scenes.empty()) return {};
  std::vector<Eigen::MatrixXd> sizes;
  for (const SceneSegments& scene : scenes) sizes.emplace_back(scene.sizes.cwiseMax(0).cwiseSqrt());
  const at::Tensor weights = stacked(sizes).flatten();
  const at::Tensor is_seen = weights.gt(0).nonzero().flatten();
  if (is_seen.numel() == 0) {
    for (ClassRows& of_scene : start) of_scene.setZero();
    return start;
  }
  const at::Tensor looks = looksInSurroundings(scenes);
  std::vector<ClassRows> shares = std::move(start);
  const Random random(options.seed);
  for (int round = 0; round < options.num_rounds; ++round) {
    const at::Tensor inputs = at::cat({looks, namesAround(scenes, shares)}, 1);
    SmallNetwork network(inputs.size(1), options, random.fork("round " + std::to_string(round)).next());
    network.train(
        inputs.index_select(0, is_seen), stacked(shares).index_select(0, is_seen), weights.index_select(0, is_seen));
    const std::vector<ClassRows> said = byScene(network.shares(inputs), scenes);
    shares = labelsByLooks(
        scenes, [&](std::size_t i) { return said[i]; }, options.belief);
  }
  return shares;
}

}  // namespace tagscape

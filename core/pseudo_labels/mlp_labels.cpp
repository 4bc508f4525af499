#include "core/pseudo_labels/mlp_labels.h"

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

// Scaled, since probabilities are at most 1 and mostly 0, while features have deviation 1.
constexpr double kNeighbourLabelScale = 2;

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
class Perceptron {
 public:
  Perceptron(std::int64_t num_inputs, const MlpOptions& options, std::uint64_t seed)
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

  void train(const at::Tensor& inputs, const at::Tensor& probabilities, const at::Tensor& weights) {
    const at::AutoGradMode with_gradients(true);
    torch::optim::AdamW optimiser({hidden_, hidden_bias_, output_, output_bias_},
                                  torch::optim::AdamWOptions(1).weight_decay(options_.weight_decay));
    const std::int64_t batch_size = std::min<std::int64_t>(options_.batch_size, inputs.size(0));
    for (int step = 0; step < options_.num_steps; ++step) {
      const double progress = static_cast<double>(step) / options_.num_steps;
      optimiser.param_groups()[0].options().set_lr(options_.learning_rate * (1 - progress));
      const at::Tensor rows = at::randint(inputs.size(0), {batch_size}, random_, at::kLong);
      const at::Tensor weight = weights.index_select(0, rows);
      const at::Tensor logits = forward(inputs.index_select(0, rows), true);
      const at::Tensor losses = -(probabilities.index_select(0, rows) * at::log_softmax(logits, 1)).sum(1);
      optimiser.zero_grad();
      ((weight * losses).sum() / weight.sum().clamp_min(1e-6)).backward();
      optimiser.step();
    }
  }

  /// [S, C] probabilities.
  [[nodiscard]] at::Tensor probabilities(const at::Tensor& inputs) {
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

  const MlpOptions& options_;
  at::Generator random_;
  at::Tensor hidden_, hidden_bias_, output_, output_bias_;
};

/// The features of each superpoint, and the mean features of its neighbours.
at::Tensor featuresWithNeighbours(const std::vector<SuperpointSet>& scenes) {
  const std::vector<Eigen::MatrixXd> own = standardisedFeatures(scenes);
  std::vector<Eigen::MatrixXd> around;
  for (std::size_t i = 0; i < scenes.size(); ++i) around.emplace_back(scenes[i].adjacency * own[i]);
  return at::cat({stacked(own), stacked(standardised(std::move(around), scenes))}, 1);
}

/// The mean label of the neighbours of each superpoint.
at::Tensor neighbourLabels(const std::vector<SuperpointSet>& scenes, const std::vector<ClassRows>& probabilities) {
  std::vector<Eigen::MatrixXd> around;
  for (std::size_t i = 0; i < scenes.size(); ++i)
    around.emplace_back(kNeighbourLabelScale * (scenes[i].adjacency * Eigen::MatrixXd(probabilities[i])));
  return stacked(around);
}

/// Rows of one tensor, back by scene.
std::vector<ClassRows> byScene(const at::Tensor& probabilities, const std::vector<SuperpointSet>& scenes) {
  const at::Tensor plain = probabilities.to(at::kDouble).contiguous();
  const auto* from = plain.data_ptr<double>();
  std::vector<ClassRows> by_scene;
  for (const SuperpointSet& scene : scenes) {
    by_scene.emplace_back(Eigen::Map<const ClassRows>(from, scene.features.rows(), kNumClasses));
    from += scene.features.rows() * kNumClasses;
  }
  return by_scene;
}

void check(const std::vector<SuperpointSet>& scenes, const std::vector<ClassRows>& start) {
  if (start.size() != scenes.size()) throw std::logic_error("mlpLabels: probabilities of other scenes");
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    const Eigen::Index size = scenes[i].features.rows();
    if (start[i].rows() != size || scenes[i].adjacency.rows() != size || scenes[i].adjacency.cols() != size)
      throw std::logic_error("mlpLabels: features, probabilities and adjacency are not of the same superpoints");
  }
}

}  // namespace

std::vector<ClassRows> mlpLabels(const std::vector<SuperpointSet>& scenes,
                                 std::vector<ClassRows> start,
                                 const MlpOptions& options) {
  check(scenes, start);
  if (scenes.empty()) return {};
  std::vector<Eigen::MatrixXd> sizes;
  for (const SuperpointSet& scene : scenes) sizes.emplace_back(scene.sizes.cwiseMax(0).cwiseSqrt());
  const at::Tensor weights = stacked(sizes).flatten();
  const at::Tensor is_seen = weights.gt(0).nonzero().flatten();
  if (is_seen.numel() == 0) {
    for (ClassRows& of_scene : start) of_scene.setZero();
    return start;
  }
  const at::Tensor features = featuresWithNeighbours(scenes);
  std::vector<ClassRows> probabilities = std::move(start);
  const Random random(options.seed);
  for (int round = 0; round < options.num_rounds; ++round) {
    const at::Tensor inputs = at::cat({features, neighbourLabels(scenes, probabilities)}, 1);
    Perceptron network(inputs.size(1), options, random.fork("round " + std::to_string(round)).next());
    network.train(inputs.index_select(0, is_seen),
                  stacked(probabilities).index_select(0, is_seen),
                  weights.index_select(0, is_seen));
    const std::vector<ClassRows> predicted = byScene(network.probabilities(inputs), scenes);
    probabilities = fusedLabels(
        scenes, [&](std::size_t i) { return predicted[i]; }, options.fusion);
  }
  return probabilities;
}

}  // namespace tagscape

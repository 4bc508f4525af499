#include "core/nn/pointnet2.h"

#include "core/nn/batch_norm_torch.h"
#include "core/nn/fused_operators_torch.h"
#include "core/nn/named_parameters_torch.h"
#include "core/nn/shared_statistics_torch.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

namespace tagscape {
namespace {

constexpr std::int64_t kAxes = 3;

class PointNet2 final : public PointNetwork, public SharesStatistics {
 public:
  explicit PointNet2(PointNet2Options options) : options_(std::move(options)), tensors_(pointNet2Tensors(options_)) {}

  NetworkOutput forward(const PointBatch& clouds) override {
    at::Tensor features = pass(clouds, nullptr);
    at::Tensor logits = classify(features);
    return NetworkOutput({{"features", std::move(features)}, {"logits", std::move(logits)}});
  }
  NamedTensors taps(const PointBatch& clouds) override {
    NamedTensors taps;
    const at::Tensor features = pass(clouds, &taps);
    taps.emplace_back("features", features);
    taps.emplace_back("logits", classify(features));
    return taps;
  }
  std::vector<std::string> tapNames() const override {
    std::vector<std::string> names;
    for (const auto& abstraction : options_.abstractions) names.push_back(abstraction.name);
    for (const auto& propagation : options_.propagations) names.push_back(propagation.name);
    names.insert(names.end(), {"features", "logits"});
    return names;
  }
  PointHierarchyOptions hierarchy() const override { return hierarchyOf(options_); }
  std::vector<at::Tensor> parameters() const override { return tensors_.trained(); }
  NamedTensors namedTensors() const override { return tensors_.all(); }
  void setTraining(bool training) override { training_ = training; }
  void setBatchNormMomentum(double momentum) override { momentum_ = momentum; }
  void shareStatistics(std::shared_ptr<ProcessGroup> group) override { group_ = std::move(group); }
  void moveTo(const at::Device& device) override { tensors_.moveTo(device); }

 private:
  /// A layer's weight as a matrix [to, from].
  at::Tensor weightOf(const std::string& layer) const { return tensors_[layer].flatten(1); }

  /// With ReLU, then the maximum over k neighbours each.
  at::Tensor normalise(const at::Tensor& rows, const std::string& name, std::int64_t k = 1) {
    BatchNorm norm{tensors_[name + ".weight"],
                   tensors_[name + ".bias"],
                   tensors_[name + ".running_mean"],
                   tensors_[name + ".running_var"],
                   momentum_};
    if (training_ && group_ != nullptr && !group_->isAlone()) {
      const at::Tensor active = at::relu(batchNorm(
          rows, norm.weight, norm.bias, norm.running_mean, norm.running_variance, momentum_, norm.epsilon, *group_));
      return k > 1 ? maxOverNeighbours(active, k) : active;
    }
    return k > 1 ? batchNormReluMax(rows, norm, training_, k) : batchNormRelu(rows, norm, training_);
  }
  /// The layers after the first, whose product has been taken; then the maximum over k neighbours each.
  at::Tensor finish(at::Tensor rows, std::size_t num_layers, const std::string& layers, std::int64_t k = 1) {
    for (std::size_t layer = 0; layer < num_layers; ++layer) {
      const std::string name = fmt::format("{}{}", layers, layer);
      if (layer > 0) rows = at::linear(rows, weightOf(name + ".conv.weight"));
      rows = normalise(rows, name + ".bn.bn", layer + 1 == num_layers ? k : 1);
    }
    return rows;
  }

  /// What the first layer of a scale gives for every neighbour. A layer is linear and each neighbour's features are
  /// gathered from few points: it is cheaper to multiply first and gather then, unless there are few channels.
  at::Tensor groupedProduct(const at::Tensor& offsets,
                            const at::Tensor& features,
                            const at::Tensor& neighbours,
                            const at::Tensor& weight) const {
    if (!features.defined()) return at::linear(offsets, weight);
    const std::int64_t channels = features.size(1);
    constexpr std::int64_t kFew = 16;
    if (channels < kFew) return at::linear(at::cat({offsets, groupRows(features, neighbours)}, 1), weight);
    const at::Tensor of_offsets = weight.slice(1, 0, kAxes);
    const at::Tensor of_features = weight.slice(1, kAxes);
    return at::addmm(groupRows(at::linear(features, of_features), neighbours), offsets, of_offsets.t());
  }

  /// Set abstraction: every centre takes the maximum over its neighbours' transformed offsets and features.
  at::Tensor abstract(const Abstraction& abstraction,
                      const PointBatch::Level& level,
                      const at::Tensor& positions,
                      const at::Tensor& centres,
                      const at::Tensor& features) {
    std::vector<at::Tensor> outputs;
    for (std::size_t s = 0; s < abstraction.scales.size(); ++s) {
      const AbstractionScale& scale = abstraction.scales[s];
      const auto k = static_cast<std::int64_t>(scale.group.num_neighbours);
      at::Tensor offsets = positions.index_select(0, level.neighbours[s]).view({-1, k, kAxes}) - centres.unsqueeze(1);
      if (options_.normalise_offsets) offsets = offsets / scale.group.radius_m;
      const std::string first = abstractionLayer(abstraction, s, 0);
      const at::Tensor rows =
          groupedProduct(offsets.view({-1, kAxes}), features, level.neighbours[s], weightOf(first + ".conv.weight"));
      const std::string layers = first.substr(0, first.size() - 1);
      outputs.push_back(finish(rows, scale.widths.size(), layers, k));
    }
    return outputs.size() == 1 ? outputs[0] : at::cat(outputs, 1);
  }

  /// Feature propagation: interpolated from the three nearest coarser points, joined with the finer level's own. The
  /// first layer's product is taken of the coarser points, which are fewer; interpolation is linear too.
  at::Tensor propagate(const Propagation& propagation,
                       const PointBatch::Level& level,
                       const at::Tensor& coarse,
                       const at::Tensor& own) {
    const std::string layers = propagation.name + ".mlp.layer";
    const at::Tensor weight = weightOf(layers + "0.conv.weight");
    const at::Tensor product = at::linear(coarse, weight.slice(1, 0, coarse.size(1)));
    at::Tensor rows = interpolateRows(product, level.interpolate_from, level.interpolate_weight);
    if (own.defined()) rows = at::addmm(rows, own, weight.slice(1, coarse.size(1)).t());
    return finish(rows, propagation.widths.size(), layers);
  }

  at::Tensor pass(const PointBatch& clouds, NamedTensors* taps) {
    const std::size_t num_levels = options_.abstractions.size();
    TORCH_CHECK(clouds.levels.size() == num_levels, "this point network needs a hierarchy of ", num_levels, " levels");
    TORCH_CHECK((clouds.features.defined() ? clouds.features.size(1) : 0) == options_.num_channels,
                "this point network takes ",
                options_.num_channels,
                " channels of each point");
    const auto tap = [&](const std::string& name, const at::Tensor& rows) {
      if (taps != nullptr) taps->emplace_back(name, rows);
    };
    std::vector<at::Tensor> by_level{clouds.features};
    at::Tensor positions = clouds.positions;
    for (std::size_t level = 0; level < num_levels; ++level) {
      const at::Tensor centres = positions.index_select(0, clouds.levels[level].centres);
      by_level.push_back(
          abstract(options_.abstractions[level], clouds.levels[level], positions, centres, by_level.back()));
      tap(options_.abstractions[level].name, by_level.back());
      positions = centres;
    }
    at::Tensor carried = by_level.back();
    for (std::size_t i = 0; i < options_.propagations.size(); ++i) {
      const std::size_t level = num_levels - 1 - i;
      carried = propagate(options_.propagations[i], clouds.levels[level], carried, by_level[level]);
      tap(options_.propagations[i].name, carried);
    }
    if (options_.hidden_layer) carried = at::linear(carried, weightOf("classifier.hidden.weight"));
    return normalise(carried, "classifier.bn");
  }

  at::Tensor classify(const at::Tensor& features) const {
    const double probability = options_.classifier_dropout;
    return at::linear(training_ && probability > 0 ? at::dropout(features, probability, true) : features,
                      weightOf("classifier.conv.weight"));
  }

  PointNet2Options options_;
  NamedParameters tensors_;
  bool training_ = true;
  double momentum_ = 0.1;
  std::shared_ptr<ProcessGroup> group_;  ///< Whose batches are normalised together; none: this one's.
};

}  // namespace

std::unique_ptr<PointNetwork> makePointNet2(PointNet2Options options) {
  return std::make_unique<PointNet2>(std::move(options));
}

}  // namespace tagscape

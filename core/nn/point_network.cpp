#include "core/nn/fused_operators_torch.h"
#include "core/nn/network_torch.h"
#include "core/nn/rank_batch_norm_torch.h"
#include "core/nn/shared_statistics_torch.h"

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>

namespace tagscape {
namespace {

namespace nn = torch::nn;

constexpr std::int64_t kAxes = 3;
constexpr std::size_t kParts = 3;  // of a layer: the product, its normalisation, ReLU

/// Linear layers without bias, each with batch normalisation and ReLU, applied to every row alike.
nn::Sequential perPoint(std::int64_t from, std::initializer_list<std::int64_t> widths) {
  nn::Sequential layers;
  for (const std::int64_t to : widths) {
    layers->push_back(nn::Linear(nn::LinearOptions(from, to).bias(false)));
    layers->push_back(RankBatchNorm(to));
    layers->push_back(nn::ReLU(nn::ReLUOptions(true)));
    from = to;
  }
  return layers;
}

struct SmallPointModule : nn::Module {
  SmallPointModule(std::int64_t w, int num_classes) {
    down = {perPoint(3 + kPointFeatures, {w, w, 2 * w}),
            perPoint(3 + 2 * w, {2 * w, 2 * w, 4 * w}),
            perPoint(3 + 4 * w, {4 * w, 8 * w})};
    up = {perPoint(2 * w + kPointFeatures, {2 * w, 2 * w}),
          perPoint(4 * w + 2 * w, {4 * w, 2 * w}),
          perPoint(8 * w + 4 * w, {4 * w})};
    for (std::size_t level = 0; level < down.size(); ++level) {
      register_module("down" + std::to_string(level + 1), down[level]);
      register_module("up" + std::to_string(level + 1), up[level]);
    }
    classifier = register_module("classifier", nn::Linear(nn::LinearOptions(2 * w, num_classes).bias(false)));
  }

  std::vector<nn::Sequential> down, up;  ///< By level, fine to coarse.
  nn::Linear classifier{nullptr};
};

class SmallPointNetwork final : public PointNetwork, public SharesStatistics {
 public:
  SmallPointNetwork(int width, int num_classes) : module_(width, num_classes) {}

  NetworkOutput forward(const PointBatch& clouds) override {
    TORCH_CHECK(clouds.levels.size() == module_.down.size(), "the point network needs a hierarchy of three levels");
    std::vector<at::Tensor> features{clouds.features};
    at::Tensor positions = clouds.positions;
    for (std::size_t level = 0; level < clouds.levels.size(); ++level) {
      const at::Tensor centres = positions.index_select(0, clouds.levels[level].centres);
      features.push_back(gather(clouds.levels[level], positions, centres, features.back(), module_.down[level]));
      positions = centres;
    }
    at::Tensor carried = features.back();
    for (std::size_t level = clouds.levels.size(); level-- > 0;) {
      carried = spread(clouds.levels[level], carried, features[level], module_.up[level]);
    }
    at::Tensor logits = module_.classifier->forward(carried);
    return NetworkOutput({{"features", std::move(carried)}, {"logits", std::move(logits)}});
  }
  NamedTensors taps(const PointBatch& clouds) override {
    const NetworkOutput output = forward(clouds);
    return {{"features", output.features()}, {"logits", output.logits()}};
  }
  std::vector<std::string> tapNames() const override { return {"features", "logits"}; }
  PointHierarchyOptions hierarchy() const override { return smallPointHierarchy(); }
  std::vector<at::Tensor> parameters() const override { return module_.parameters(); }
  NamedTensors namedTensors() const override {
    NamedTensors tensors;
    for (const auto& item : module_.named_parameters()) tensors.emplace_back(item.key(), item.value());
    for (const auto& item : module_.named_buffers()) tensors.emplace_back(item.key(), item.value());
    return tensors;
  }
  void setTraining(bool training) override { module_.train(training); }
  void setBatchNormMomentum(double momentum) override { setMomentumOf(module_, momentum); }
  void shareStatistics(std::shared_ptr<ProcessGroup> group) override { shareStatisticsOf(module_, group); }
  void moveTo(const at::Device& device) override { module_.to(device); }

 private:
  static const at::Tensor& weightOf(nn::Sequential& layers, std::size_t layer) {
    return layers->ptr(layer * kParts)->as<nn::Linear>()->weight;
  }

  /// Normalisation and ReLU of a layer whose product has been taken, then the maximum over k neighbours each.
  static at::Tensor activate(const at::Tensor& product, nn::Sequential& layers, std::size_t layer, std::int64_t k) {
    auto& module = *layers->ptr(layer * kParts + 1)->as<RankBatchNorm>();
    if (module.isShared()) {
      const at::Tensor active = at::relu(module.forward(product));
      return k > 1 ? maxOverNeighbours(active, k) : active;
    }
    if (module.is_training()) module.num_batches_tracked.add_(1);
    BatchNorm norm{module.weight,
                   module.bias,
                   module.running_mean,
                   module.running_var,
                   module.momentum,
                   RankBatchNormImpl::kEpsilon};
    return k > 1 ? batchNormReluMax(product, norm, module.is_training(), k)
                 : batchNormRelu(product, norm, module.is_training());
  }

  /// All layers, given the product of the first; then the maximum over k neighbours each.
  static at::Tensor finish(at::Tensor rows, nn::Sequential& layers, std::int64_t k = 1) {
    const std::size_t num_layers = layers->size() / kParts;
    for (std::size_t layer = 0; layer < num_layers; ++layer) {
      if (layer > 0) rows = at::linear(rows, weightOf(layers, layer));
      rows = activate(rows, layers, layer, layer + 1 == num_layers ? k : 1);
    }
    return rows;
  }

  /// Set abstraction: every centre takes the maximum over its neighbours' transformed features and offsets. A layer is
  /// linear and each neighbour's features are gathered from few points: where there are many channels it is cheaper to
  /// multiply first and gather then.
  static at::Tensor gather(const PointBatch::Level& level,
                           const at::Tensor& positions,
                           const at::Tensor& centres,
                           const at::Tensor& features,
                           nn::Sequential& layers) {
    const at::Tensor& neighbours = level.neighbours[0];
    const std::int64_t num_centres = centres.size(0);
    const std::int64_t k = neighbours.size(0) / num_centres;
    const at::Tensor offsets =
        (positions.index_select(0, neighbours).view({num_centres, k, kAxes}) - centres.unsqueeze(1)).view({-1, kAxes});
    const at::Tensor& weight = weightOf(layers, 0);
    at::Tensor product;
    if (features.size(1) <= kPointFeatures) {
      product = at::linear(at::cat({offsets, groupRows(features, neighbours)}, 1), weight);
    } else {
      const at::Tensor of_points = groupRows(at::linear(features, weight.slice(1, kAxes)), neighbours);
      product = at::addmm(of_points, offsets, weight.slice(1, 0, kAxes).t());
    }
    return finish(std::move(product), layers, k);
  }

  /// Feature propagation: interpolated from the three nearest coarser points, joined with the finer level's own. The
  /// product of what is interpolated is taken of the coarser points, which are fewer.
  static at::Tensor spread(const PointBatch::Level& level,
                           const at::Tensor& coarse,
                           const at::Tensor& own,
                           nn::Sequential& layers) {
    const at::Tensor& weight = weightOf(layers, 0);
    const at::Tensor of_coarse = at::linear(coarse, weight.slice(1, 0, coarse.size(1)));
    const at::Tensor blended = interpolateRows(of_coarse, level.interpolate_from, level.interpolate_weight);
    return finish(at::addmm(blended, own, weight.slice(1, coarse.size(1)).t()), layers);
  }

  SmallPointModule module_;
};

}  // namespace

std::unique_ptr<PointNetwork> makeSmallPointNetwork(int width, int num_classes) {
  return std::make_unique<SmallPointNetwork>(width, num_classes);
}

}  // namespace tagscape

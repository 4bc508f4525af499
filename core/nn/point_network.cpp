#include "core/nn/network_torch.h"
#include "core/nn/rank_batch_norm_torch.h"
#include "core/nn/shared_statistics_torch.h"

#include <torch/nn.h>

namespace tagscape {
namespace {

namespace nn = torch::nn;

constexpr std::int64_t kInterpolated = 3;

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
    at::Tensor maps = module_.classifier->forward(carried);
    return {carried.view({clouds.num_clouds, clouds.num_points, -1}),
            maps.view({clouds.num_clouds, clouds.num_points, -1})};
  }
  NamedTensors taps(const PointBatch& clouds) override {
    NetworkOutput output = forward(clouds);
    return {{"features", std::move(output.features)}, {"maps", std::move(output.maps)}};
  }
  std::vector<std::string> tapNames() const override { return {"features", "maps"}; }
  PointHierarchyOptions hierarchy() const override { return smallPointHierarchy(); }
  std::vector<at::Tensor> parameters() const override { return module_.parameters(); }
  NamedTensors namedTensors() const override {
    NamedTensors tensors;
    for (const auto& item : module_.named_parameters()) tensors.emplace_back(item.key(), item.value());
    for (const auto& item : module_.named_buffers()) tensors.emplace_back(item.key(), item.value());
    return tensors;
  }
  void setTraining(bool training) override { module_.train(training); }
  void setBatchNormMomentum(double momentum) override {
    visitBatchNorms(module_, [&](RankBatchNormImpl& norm) { norm.momentum = momentum; });
  }
  void shareStatistics(std::shared_ptr<ProcessGroup> group) override {
    visitBatchNorms(module_, [&](RankBatchNormImpl& norm) { norm.group = group; });
  }
  void moveTo(const at::Device& device) override { module_.to(device); }

 private:
  /// Set abstraction: every centre takes the maximum over its neighbours' transformed features and offsets.
  static at::Tensor gather(const PointBatch::Level& level,
                           const at::Tensor& positions,
                           const at::Tensor& centres,
                           const at::Tensor& features,
                           nn::Sequential& layers) {
    const std::int64_t num_centres = centres.size(0);
    const std::int64_t k = level.neighbours[0].size(0) / num_centres;
    const at::Tensor offsets =
        (positions.index_select(0, level.neighbours[0]).view({num_centres, k, 3}) - centres.unsqueeze(1)).view({-1, 3});
    const at::Tensor rows = torch::cat({offsets, features.index_select(0, level.neighbours[0])}, 1);
    return std::get<0>(layers->forward(rows).view({num_centres, k, -1}).max(1));
  }

  /// Feature propagation: interpolated from the three nearest coarser points, joined with the finer level's own.
  static at::Tensor spread(const PointBatch::Level& level,
                           const at::Tensor& coarse,
                           const at::Tensor& own,
                           nn::Sequential& layers) {
    const at::Tensor near = coarse.index_select(0, level.interpolate_from).view({-1, kInterpolated, coarse.size(1)});
    const at::Tensor blended = (near * level.interpolate_weight).sum(1);
    return layers->forward(torch::cat({blended, own}, 1));
  }

  SmallPointModule module_;
};

}  // namespace

std::unique_ptr<PointNetwork> makeSmallPointNetwork(int width, int num_classes) {
  return std::make_unique<SmallPointNetwork>(width, num_classes);
}

}  // namespace tagscape

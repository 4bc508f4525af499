#include "core/nn/pointnet2.h"

#include <fmt/format.h>

namespace tagscape {
namespace {

using Widths = std::vector<std::int64_t>;

PointNet2Options voteNet() {
  PointNet2Options net;
  net.abstractions = {{"sa1", 2048, {{{0.2F, 64}, {64, 64, 128}}}},
                      {"sa2", 1024, {{{0.4F, 32}, {128, 128, 256}}}},
                      {"sa3", 512, {{{0.8F, 16}, {128, 128, 256}}}},
                      {"sa4", 256, {{{1.2F, 16}, {128, 128, 256}}}}};
  net.propagations = {{"fp1", {256, 256}}, {"fp2", {256, 256}}, {"seg_fp1", {256, 256}}, {"seg_fp2", {256, 256}}};
  return net;
}

PointNet2Options singleScale() {
  PointNet2Options net;
  net.abstractions = {{"sa1", 1024, {{{0.1F, 32}, {32, 32, 64}}}},
                      {"sa2", 256, {{{0.2F, 32}, {64, 64, 128}}}},
                      {"sa3", 64, {{{0.4F, 32}, {128, 128, 256}}}},
                      {"sa4", 16, {{{0.8F, 32}, {256, 256, 512}}}}};
  net.propagations = {{"fp1", {256, 256}}, {"fp2", {256, 256}}, {"fp3", {256, 128}}, {"fp4", {128, 128, 128}}};
  net.normalise_offsets = false;
  net.hidden_layer = true;
  net.classifier_dropout = 0.5;
  return net;
}

PointNet2Options multiScale() {
  PointNet2Options net = singleScale();
  net.abstractions = {{"sa1", 1024, {{{0.05F, 16}, {16, 16, 32}}, {{0.1F, 32}, {32, 32, 64}}}},
                      {"sa2", 256, {{{0.1F, 16}, {64, 64, 128}}, {{0.2F, 32}, {64, 96, 128}}}},
                      {"sa3", 64, {{{0.2F, 16}, {128, 196, 256}}, {{0.4F, 32}, {128, 196, 256}}}},
                      {"sa4", 16, {{{0.4F, 16}, {256, 256, 512}}, {{0.8F, 32}, {256, 384, 512}}}}};
  net.propagations = {{"fp1", {512, 512}}, {"fp2", {512, 512}}, {"fp3", {256, 256}}, {"fp4", {128, 128}}};
  return net;
}

std::int64_t channelsAfter(const Abstraction& abstraction) {
  std::int64_t channels = 0;
  for (const auto& scale : abstraction.scales) channels += scale.widths.back();
  return channels;
}

void addLayer(TensorTable& table, const std::string& name, std::int64_t from, std::int64_t to) {
  table.push_back({name + ".conv.weight", {to, from, 1, 1}, TensorRole::Convolution, true});
  addNorm(table, name + ".bn.bn", to, true);
}

}  // namespace

Result<PointNet2Options> pointNet2Preset(std::string_view name) {
  if (name == "votenet") return voteNet();
  if (name == "ssg") return singleScale();
  if (name == "msg") return multiScale();
  return fail(ErrorCode::InvalidInput,
              fmt::format("there is no PointNet++ called '{}'. Choose votenet, ssg or msg.", name));
}

PointHierarchyOptions hierarchyOf(const PointNet2Options& options) {
  PointHierarchyOptions hierarchy;
  for (const auto& abstraction : options.abstractions) {
    PointLevelOptions level{abstraction.num_points, {}};
    for (const auto& scale : abstraction.scales) level.groups.push_back(scale.group);
    hierarchy.levels.push_back(std::move(level));
  }
  hierarchy.skip_near_origin = true;
  return hierarchy;
}

std::vector<PropagationInput> propagationInputs(const PointNet2Options& options) {
  Widths by_level{options.num_channels};
  for (const auto& abstraction : options.abstractions) by_level.push_back(channelsAfter(abstraction));
  std::vector<PropagationInput> inputs;
  std::int64_t coarse = by_level.back();
  for (std::size_t i = 0; i < options.propagations.size(); ++i) {
    inputs.push_back({coarse, by_level[by_level.size() - 2 - i]});
    coarse = options.propagations[i].widths.back();
  }
  return inputs;
}

std::string abstractionLayer(const Abstraction& abstraction, std::size_t scale, std::size_t layer) {
  if (abstraction.scales.size() == 1) return fmt::format("{}.mlp_module.layer{}", abstraction.name, layer);
  return fmt::format("{}.mlps.{}.layer{}", abstraction.name, scale, layer);
}

TensorTable pointNet2Tensors(const PointNet2Options& options) {
  TensorTable table;
  std::int64_t channels = options.num_channels;
  for (const auto& abstraction : options.abstractions) {
    for (std::size_t scale = 0; scale < abstraction.scales.size(); ++scale) {
      std::int64_t from = 3 + channels;
      const Widths& widths = abstraction.scales[scale].widths;
      for (std::size_t layer = 0; layer < widths.size(); from = widths[layer++])
        addLayer(table, abstractionLayer(abstraction, scale, layer), from, widths[layer]);
    }
    channels = channelsAfter(abstraction);
  }
  const auto inputs = propagationInputs(options);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    std::int64_t from = inputs[i].coarse + inputs[i].own;
    const Widths& widths = options.propagations[i].widths;
    for (std::size_t layer = 0; layer < widths.size(); from = widths[layer++])
      addLayer(table, fmt::format("{}.mlp.layer{}", options.propagations[i].name, layer), from, widths[layer]);
    channels = widths.back();
  }
  if (options.hidden_layer)
    table.push_back({"classifier.hidden.weight", {channels, channels, 1}, TensorRole::Convolution, true});
  addNorm(table, "classifier.bn", channels, true);
  table.push_back({"classifier.conv.weight", {options.num_classes, channels, 1}, TensorRole::Classifier, true});
  return table;
}

}  // namespace tagscape

#include "core/nn/efficientnet/efficientnet_lite.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace tagscape {
namespace {

/// A row of the layer table, at width and depth 1.
struct Stage {
  int num_blocks, kernel, stride, expansion;
  std::int64_t channels;
};
constexpr std::array<Stage, 7> kStages{{{1, 3, 1, 1, 16},
                                        {2, 3, 2, 6, 24},
                                        {2, 5, 2, 6, 40},
                                        {3, 3, 2, 6, 80},
                                        {3, 5, 1, 6, 112},
                                        {4, 5, 2, 6, 192},
                                        {1, 3, 1, 6, 320}}};
constexpr std::int64_t kStemChannels = 32;
constexpr std::int64_t kFeatureChannels = 1280;
constexpr int kStemStride = 2;
constexpr int kStemKernel = 3;

/// To a multiple of 8 that is not more than a tenth below.
std::int64_t scaledChannels(std::int64_t channels, double width) {
  constexpr std::int64_t kStep = 8;
  constexpr double kLargestLoss = .9;
  const double wanted = static_cast<double>(channels) * width;
  const auto rounded = static_cast<std::int64_t>(wanted + kStep / 2.) / kStep * kStep;
  const std::int64_t kept = std::max(kStep, rounded);
  return static_cast<double>(kept) < kLargestLoss * wanted ? kept + kStep : kept;
}

int scaledBlocks(std::size_t stage, double depth) {
  const int blocks = kStages[stage].num_blocks;
  if (stage == 0 || stage + 1 == kStages.size()) return blocks;
  constexpr double kRounding = 1e-9;  // 1.2 * 5 is a little more than 6
  return static_cast<int>(std::ceil(blocks * depth - kRounding));
}

Status check(const EfficientNetLiteOptions& options) {
  constexpr double kSmallest = 0.1, kLargest = 4;
  for (const auto& [what, value] : {std::pair{"width", options.width}, std::pair{"depth", options.depth}}) {
    if (!(value >= kSmallest && value <= kLargest)) {
      return fail(
          ErrorCode::InvalidInput,
          fmt::format("EfficientNet-Lite of {} {}: the {} is {} to {}", what, value, what, kSmallest, kLargest));
    }
  }
  if (options.output_stride != 8 && options.output_stride != 16 && options.output_stride != 32) {
    return fail(ErrorCode::InvalidInput,
                fmt::format("EfficientNet-Lite has no output stride {}. Choose 32, 16 or 8.", options.output_stride));
  }
  if (options.num_classes < 1) return fail(ErrorCode::InvalidInput, "EfficientNet-Lite needs at least one class");
  return {};
}

void addConvolution(TensorTable& table, const std::string& name, std::vector<std::int64_t> shape, bool is_trained) {
  table.push_back({name + ".weight", std::move(shape), TensorRole::Convolution, is_trained});
}

}  // namespace

Result<EfficientNetLiteOptions> efficientNetLiteVariant(std::string_view name) {
  if (name == "efficientnet-lite0") return EfficientNetLiteOptions{};
  if (name == "efficientnet-lite2") return EfficientNetLiteOptions{.width = 1.1, .depth = 1.2};
  return fail(ErrorCode::InvalidInput,
              fmt::format("there is no '{}'. There are efficientnet-lite0 and efficientnet-lite2.", name));
}

Result<std::vector<EfficientNetLiteBlock>> efficientNetLiteBlocks(const EfficientNetLiteOptions& options) {
  TAGSCAPE_TRY(check(options));
  std::vector<EfficientNetLiteBlock> blocks;
  std::int64_t channels = kStemChannels;
  int reached = kStemStride;
  int dilation = 1;
  for (std::size_t s = 0; s < kStages.size(); ++s) {
    const Stage& stage = kStages[s];
    for (int i = 0; i < scaledBlocks(s, options.depth); ++i) {
      EfficientNetLiteBlock block{.name = fmt::format("_blocks.{}", blocks.size()),
                                  .stage = static_cast<int>(s) + 1,
                                  .before = channels,
                                  .expanded = channels * stage.expansion,
                                  .after = scaledChannels(stage.channels, options.width),
                                  .kernel = stage.kernel,
                                  .stride = i == 0 ? stage.stride : 1,
                                  .dilation = dilation,
                                  .has_shortcut = i > 0};
      // Where the stride is taken away, the kernels after it reach twice as far; its own sees what it always saw.
      if (block.stride > 1 && reached >= options.output_stride) {
        block.stride = 1;
        dilation *= 2;
      }
      reached *= block.stride;
      channels = block.after;
      blocks.push_back(std::move(block));
    }
  }
  return blocks;
}

Result<TensorTable> efficientNetLiteTensors(const EfficientNetLiteOptions& options) {
  TAGSCAPE_ASSIGN(const auto blocks, efficientNetLiteBlocks(options));
  const bool trained = !options.frozen;
  TensorTable table;
  addConvolution(table, "_conv_stem", {kStemChannels, 3, kStemKernel, kStemKernel}, trained);
  addNorm(table, "_bn0", kStemChannels, trained);
  for (const auto& block : blocks) {
    if (block.expands()) {
      addConvolution(table, block.name + "._expand_conv", {block.expanded, block.before, 1, 1}, trained);
      addNorm(table, block.name + "._bn0", block.expanded, trained);
    }
    addConvolution(table, block.name + "._depthwise_conv", {block.expanded, 1, block.kernel, block.kernel}, trained);
    addNorm(table, block.name + "._bn1", block.expanded, trained);
    addConvolution(table, block.name + "._project_conv", {block.after, block.expanded, 1, 1}, trained);
    addNorm(table, block.name + "._bn2", block.after, trained);
  }
  addConvolution(table, "_conv_head", {kFeatureChannels, blocks.back().after, 1, 1}, trained);
  addNorm(table, "_bn1", kFeatureChannels, trained);
  table.push_back({"_fc.weight", {options.num_classes, kFeatureChannels, 1, 1}, TensorRole::Classifier, trained});
  table.push_back({"_fc.bias", {options.num_classes}, TensorRole::NormBias, trained});
  return table;
}

SamePadding samePadding(std::int64_t side, std::int64_t kernel, std::int64_t stride, std::int64_t dilation) {
  const std::int64_t outputs = (side + stride - 1) / stride;
  const std::int64_t total = std::max<std::int64_t>((outputs - 1) * stride + (kernel - 1) * dilation + 1 - side, 0);
  return {total / 2, total - total / 2};
}

double firstCellCentre_px(const std::vector<EfficientNetLiteBlock>& blocks, std::int64_t side) {
  double centre_px = 0;
  std::int64_t pitch_px = 1;
  const auto reduce = [&](std::int64_t kernel, std::int64_t stride, std::int64_t dilation) {
    const SamePadding padding = samePadding(side, kernel, stride, dilation);
    centre_px += static_cast<double>(pitch_px) *
                 (static_cast<double>((kernel - 1) * dilation) / 2 - static_cast<double>(padding.before));
    pitch_px *= stride;
    side = (side + stride - 1) / stride;
  };
  reduce(kStemKernel, kStemStride, 1);
  for (const auto& block : blocks) reduce(block.kernel, block.stride, block.dilation);
  return centre_px;
}

}  // namespace tagscape

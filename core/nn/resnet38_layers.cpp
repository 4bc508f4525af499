#include "core/nn/resnet38.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>

namespace tagscape {
namespace {

struct Depth {
  int layers;
  std::array<int, 4> more_blocks;  ///< After b2, b3, b4 and b5.
};
constexpr std::array<Depth, 3> kDepths{{{38, {2, 2, 5, 2}}, {26, {1, 1, 2, 1}}, {16, {0, 0, 0, 0}}}};

constexpr std::int64_t kStemChannels = 64;
constexpr std::int64_t kFeatureChannels = 4096;

std::int64_t scaled(std::int64_t channels, double width) {
  return std::max<std::int64_t>(1, std::llround(static_cast<double>(channels) * width));
}

Result<Depth> depthOf(const ResNet38Options& options) {
  constexpr double kNarrowest = 0.01, kWidest = 4;
  if (!(options.width >= kNarrowest && options.width <= kWidest)) {
    return fail(ErrorCode::InvalidInput,
                fmt::format("ResNet38 of width {}: the width is {} to {}", options.width, kNarrowest, kWidest));
  }
  if (options.num_classes < 1) return fail(ErrorCode::InvalidInput, "ResNet38 needs at least one class");
  for (const Depth& depth : kDepths) {
    if (depth.layers == options.depth) return depth;
  }
  return fail(ErrorCode::InvalidInput,
              fmt::format("there is no ResNet38 of depth {}. Choose 38, 26 or 16.", options.depth));
}

void addConvolution(TensorTable& table,
                    const std::string& name,
                    std::int64_t from,
                    std::int64_t to,
                    std::int64_t kernel,
                    bool is_trained) {
  table.push_back({name + ".weight", {to, from, kernel, kernel}, TensorRole::Convolution, is_trained});
}

void addBlock(TensorTable& table, const ResNet38Block& block, bool is_trained) {
  const std::string& name = block.name;
  const std::int64_t kernel = block.isBottleneck() ? 1 : 3;
  addNorm(table, name + ".bn_branch2a", block.before, false);
  addConvolution(table, name + ".conv_branch2a", block.before, block.middle, kernel, is_trained);
  addNorm(table, name + ".bn_branch2b1", block.middle, false);
  addConvolution(
      table, name + ".conv_branch2b1", block.middle, block.isBottleneck() ? block.half : block.after, 3, is_trained);
  if (block.isBottleneck()) {
    addNorm(table, name + ".bn_branch2b2", block.half, false);
    addConvolution(table, name + ".conv_branch2b2", block.half, block.after, 1, is_trained);
  }
  if (block.hasShortcutConvolution())
    addConvolution(table, name + ".conv_branch1", block.before, block.after, 1, is_trained);
}

/// "4b2" of "res4b2_branch2a" is the block b4_2, "4a" the block b4. Empty if it is neither.
std::string blockOfMxnet(std::string_view code) {
  if (code.size() < 2 || code[0] < '2' || code[0] > '7') return {};
  if (code.substr(1) == "a") return fmt::format("b{}", code[0]);
  const std::string_view number = code.substr(2);
  if (code[1] != 'b' || number.empty() || number.find_first_not_of("0123456789") != std::string_view::npos) return {};
  return fmt::format("b{}_{}", code[0], number);
}

/// "weight" … as PyTorch calls them.
std::string_view kindOfMxnet(std::string_view kind, bool is_norm) {
  if (!is_norm) return kind == "weight" ? kind : std::string_view();
  if (kind == "gamma") return "weight";
  if (kind == "beta") return "bias";
  if (kind == "moving_mean") return "running_mean";
  return kind == "moving_var" ? "running_var" : std::string_view();
}

}  // namespace

Result<std::vector<ResNet38Block>> resNet38Blocks(const ResNet38Options& options) {
  TAGSCAPE_ASSIGN(const Depth depth, depthOf(options));
  const auto w = [&](std::int64_t channels) { return scaled(channels, options.width); };
  std::vector<ResNet38Block> blocks;
  const auto add = [&](const ResNet38Block& first, int more) {
    blocks.push_back(first);
    for (int i = 1; i <= more; ++i) {
      ResNet38Block next = first;
      next.name = fmt::format("{}_{}", first.name, i);
      next.before = first.after;
      next.stride = 1;
      next.first_dilation = first.dilation;
      blocks.push_back(next);
    }
  };
  add({.name = "b2", .before = w(64), .middle = w(128), .after = w(128), .stride = 2}, depth.more_blocks[0]);
  add({.name = "b3", .before = w(128), .middle = w(256), .after = w(256), .stride = 2}, depth.more_blocks[1]);
  add({.name = "b4", .before = w(256), .middle = w(512), .after = w(512), .stride = 2}, depth.more_blocks[2]);
  add({.name = "b5", .before = w(512), .middle = w(512), .after = w(1024), .dilation = 2}, depth.more_blocks[3]);
  add({.name = "b6",
       .before = w(1024),
       .middle = w(512),
       .after = w(2048),
       .half = w(1024),
       .dilation = 4,
       .dropout = .3},
      0);
  add({.name = "b7",
       .before = w(2048),
       .middle = w(1024),
       .after = w(kFeatureChannels),
       .half = w(2048),
       .dilation = 4,
       .dropout = .5},
      0);
  return blocks;
}

Result<TensorTable> resNet38Tensors(const ResNet38Options& options) {
  TAGSCAPE_ASSIGN(const auto blocks, resNet38Blocks(options));
  TensorTable table;
  const bool trains_first = !options.freeze_first;
  addConvolution(table, "conv1a", 3, scaled(kStemChannels, options.width), 3, trains_first);
  for (const auto& block : blocks) addBlock(table, block, trains_first || !block.name.starts_with("b2"));
  const std::int64_t features = scaled(kFeatureChannels, options.width);
  addNorm(table, "bn7", features, false);
  table.push_back({"fc8.weight", {options.num_classes, features, 1, 1}, TensorRole::Classifier, true});
  return table;
}

std::string resNet38NameOfMxnet(std::string_view name) {
  if (name.starts_with("arg:") || name.starts_with("aux:")) name.remove_prefix(4);
  if (name == "conv1a_weight") return "conv1a.weight";
  if (name.starts_with("bn7_")) {
    const auto kind = kindOfMxnet(name.substr(4), true);
    return kind.empty() ? "" : fmt::format("bn7.{}", kind);
  }
  const bool is_norm = name.starts_with("bn");
  if (!is_norm && !name.starts_with("res")) return {};
  name.remove_prefix(is_norm ? 2 : 3);
  constexpr std::string_view kBranch = "_branch";
  const auto at = name.find(kBranch);
  if (at == std::string_view::npos) return {};
  const std::string block = blockOfMxnet(name.substr(0, at));
  const std::string_view rest = name.substr(at + kBranch.size());
  const auto end = rest.find('_');
  if (block.empty() || end == std::string_view::npos) return {};
  const std::string_view branch = rest.substr(0, end);
  const auto kind = kindOfMxnet(rest.substr(end + 1), is_norm);
  if (kind.empty() || (branch != "1" && branch != "2a" && branch != "2b1" && branch != "2b2")) return {};
  return fmt::format("{}.{}_branch{}.{}", block, is_norm ? "bn" : "conv", branch, kind);
}

}  // namespace tagscape

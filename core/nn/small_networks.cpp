#include "core/nn/small_networks.h"

#include <fmt/format.h>

#include <array>

namespace tagscape {
namespace {

void addConvolution(
    TensorTable& table, const std::string& name, std::int64_t from, std::int64_t to, std::int64_t kernel) {
  table.push_back({name + ".0.weight", {to, from, kernel, kernel}});
  addNorm(table, name + ".1", to, true);
}

void addResidualBlock(TensorTable& table, const std::string& name, std::int64_t from, std::int64_t to, bool halve) {
  addConvolution(table, name + ".first", from, to, halve ? 4 : 3);
  addConvolution(table, name + ".second", to, to, 3);
  if (!halve && from == to) return;
  const int first = halve ? 1 : 0;  // Averaging, which comes first then, has no weights.
  table.push_back({fmt::format("{}.shortcut.{}.weight", name, first), {to, from, 1, 1}});
  addNorm(table, fmt::format("{}.shortcut.{}", name, first + 1), to, true);
}

/// Linear layers, each followed by a normalisation and by what has no weights.
void addPerPoint(TensorTable& table,
                 const std::string& name,
                 std::int64_t from,
                 std::initializer_list<std::int64_t> widths) {
  int layer = 0;
  for (const std::int64_t to : widths) {
    table.push_back({fmt::format("{}.{}.weight", name, layer), {to, from}});
    addNorm(table, fmt::format("{}.{}", name, layer + 1), to, true);
    layer += 3;
    from = to;
  }
}

}  // namespace

TensorTable smallImageTensors(std::int64_t width, int num_classes) {
  const std::int64_t w = width;
  TensorTable table;
  addConvolution(table, "stem", 3, w, 4);
  addResidualBlock(table, "blocks.0", w, 2 * w, true);
  addResidualBlock(table, "blocks.1", 2 * w, 3 * w, true);
  addResidualBlock(table, "blocks.2", 3 * w, 4 * w, false);
  addResidualBlock(table, "blocks.3", 4 * w, 4 * w, false);
  table.push_back({"classifier.weight", {num_classes, 4 * w, 1, 1}, TensorRole::Classifier});
  return table;
}

TensorTable smallPointTensors(std::int64_t width, int num_classes) {
  const std::int64_t w = width;
  TensorTable table;
  addPerPoint(table, "down1", 3 + kPointFeatures, {w, w, 2 * w});
  addPerPoint(table, "down2", 3 + 2 * w, {2 * w, 2 * w, 4 * w});
  addPerPoint(table, "down3", 3 + 4 * w, {4 * w, 8 * w});
  addPerPoint(table, "up1", 2 * w + kPointFeatures, {2 * w, 2 * w});
  addPerPoint(table, "up2", 4 * w + 2 * w, {4 * w, 2 * w});
  addPerPoint(table, "up3", 8 * w + 4 * w, {4 * w});
  table.push_back({"classifier.weight", {num_classes, 2 * w}, TensorRole::Classifier});
  return table;
}

}  // namespace tagscape

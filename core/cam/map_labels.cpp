#include "core/cam/map_labels.h"

#include <limits>
#include <stdexcept>
#include <vector>

namespace tagscape {
namespace {

std::vector<std::uint8_t> participants(const std::optional<TagSet>& tags) {
  std::vector<std::uint8_t> classes;
  for (std::uint8_t c = 0; c < kNumClasses; ++c) {
    if (!tags || tags->none() || tags->test(c)) classes.push_back(c);
  }
  return classes;
}

/// [cells_high, cells_wide, classes]: the values of a cell lie together.
std::vector<float> byCell(std::span<const float> maps,
                          std::size_t num_cells,
                          const std::vector<std::uint8_t>& classes) {
  std::vector<float> values(num_cells * classes.size());
  for (std::size_t k = 0; k < classes.size(); ++k) {
    for (std::size_t cell = 0; cell < num_cells; ++cell)
      values[cell * classes.size() + k] = maps[classes[k] * num_cells + cell];
  }
  return values;
}

}  // namespace

Image<std::uint8_t> largestClass(const CellMaps& maps,
                                 int width,
                                 int height,
                                 const std::optional<TagSet>& tags,
                                 bool needs_value,
                                 std::vector<float>* values) {
  const std::size_t num_cells = maps.numCells();
  if (num_cells == 0 || maps.values.size() != kNumClasses * num_cells)
    throw std::logic_error("largestClass: the maps have another size than they are said to have");
  const std::vector<std::uint8_t> classes = participants(tags);
  const std::size_t num_classes = classes.size();
  const std::vector<float> cells = byCell(maps.values, num_cells, classes);
  const CellSampler sampler(maps.grid, maps.width, maps.height, width, height);
  const std::vector<CellPair> columns = sampler.columns().ofAllPixels();
  const std::vector<CellPair> rows = sampler.rows().ofAllPixels();
  const std::size_t row_values = static_cast<std::size_t>(maps.width) * num_classes;
  std::vector<float> line(row_values);
  Image<std::uint8_t> labels(width, height, 1);
  auto* label = labels.pixels.data();
  if (values != nullptr) values->resize(labels.pixels.size());
  float* value_out = values == nullptr ? nullptr : values->data();
  for (const CellPair& row : rows) {
    const float* above = &cells[row.low * row_values];
    const float* below = &cells[row.high * row_values];
    for (std::size_t i = 0; i < row_values; ++i) line[i] = above[i] + row.part * (below[i] - above[i]);
    for (const CellPair& column : columns) {
      const float* left = &line[column.low * num_classes];
      const float* right = &line[column.high * num_classes];
      float largest = needs_value ? 0.F : -std::numeric_limits<float>::infinity();
      std::uint8_t best = needs_value ? kNoClass : classes.front();
      for (std::size_t k = 0; k < num_classes; ++k) {
        const float value = left[k] + column.part * (right[k] - left[k]);
        if (value > largest) {
          largest = value;
          best = classes[k];
        }
      }
      *label++ = best;
      if (value_out != nullptr) *value_out++ = largest;
    }
  }
  return labels;
}

}  // namespace tagscape

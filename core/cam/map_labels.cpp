#include "core/cam/map_labels.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <vector>

namespace tagscape {
namespace {

/// Between which cells a pixel lies, and how far from the first to the second.
struct Between {
  std::size_t first = 0;
  std::size_t second = 0;
  float share = 0;
};

std::vector<Between> placesOf(int num_pixels, int num_cells) {
  std::vector<Between> places(static_cast<std::size_t>(num_pixels));
  const float scale = static_cast<float>(num_cells) / static_cast<float>(num_pixels);
  const auto last = static_cast<std::size_t>(num_cells - 1);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const float at = std::max(0.F, (static_cast<float>(i) + .5F) * scale - .5F);
    const std::size_t first = std::min(static_cast<std::size_t>(at), last);
    places[i] = {first, std::min(first + 1, last), at - static_cast<float>(first)};
  }
  return places;
}

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

Image<std::uint8_t> largestClass(std::span<const float> maps,
                                 int cells_wide,
                                 int cells_high,
                                 int width,
                                 int height,
                                 const std::optional<TagSet>& tags,
                                 bool needs_value,
                                 std::vector<float>* values) {
  const std::size_t num_cells = static_cast<std::size_t>(cells_wide) * static_cast<std::size_t>(cells_high);
  if (num_cells == 0 || maps.size() != kNumClasses * num_cells)
    throw std::logic_error("largestClass: the maps have another size than they are said to have");
  const std::vector<std::uint8_t> classes = participants(tags);
  const std::size_t num_classes = classes.size();
  const std::vector<float> cells = byCell(maps, num_cells, classes);
  const std::vector<Between> columns = placesOf(width, cells_wide);
  const std::vector<Between> rows = placesOf(height, cells_high);
  const std::size_t row_values = static_cast<std::size_t>(cells_wide) * num_classes;
  std::vector<float> line(row_values);
  Image<std::uint8_t> labels(width, height, 1);
  auto* label = labels.pixels.data();
  if (values != nullptr) values->resize(labels.pixels.size());
  float* value_out = values == nullptr ? nullptr : values->data();
  for (const Between& row : rows) {
    const float* above = &cells[row.first * row_values];
    const float* below = &cells[row.second * row_values];
    for (std::size_t i = 0; i < row_values; ++i) line[i] = above[i] + row.share * (below[i] - above[i]);
    for (const Between& column : columns) {
      const float* left = &line[column.first * num_classes];
      const float* right = &line[column.second * num_classes];
      float largest = needs_value ? 0.F : -std::numeric_limits<float>::infinity();
      std::uint8_t best = needs_value ? kNoClass : classes.front();
      for (std::size_t k = 0; k < num_classes; ++k) {
        const float value = left[k] + column.share * (right[k] - left[k]);
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

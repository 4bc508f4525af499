#include "core/cam/frame_views.h"

#include "core/scene/class_catalog.h"

#include <algorithm>
#include <stdexcept>

namespace tagscape {
namespace {

void mirrorRows(std::vector<float>& maps, int width) {
  for (auto row = maps.begin(); row != maps.end(); row += width) std::reverse(row, row + width);
}

/// Between which cells of `axis` the centres of other cells lie, which cover the same image.
std::vector<CellPair> aroundCells(int num_cells, const CellGrid& grid, const CellAxis& axis) {
  const auto shift_from_centre = static_cast<float>(grid.shift() - .5);
  std::vector<CellPair> pairs(static_cast<std::size_t>(num_cells));
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = axis.around(static_cast<float>(i) + shift_from_centre);
  return pairs;
}

}  // namespace

std::string describe(const FrameViews& views) {
  std::string text = "frames at ";
  for (std::size_t i = 0; i < views.scales.size(); ++i) {
    std::string number = std::to_string(views.scales[i]);
    number.erase(number.find_last_not_of('0') + 1);
    if (number.ends_with('.')) number.pop_back();
    text += (i > 0 ? ", " : "") + number;
  }
  return text + (views.flip ? ", mirrored too" : "");
}

std::vector<float> resizedMaps(const CellMaps& maps, int width, int height, const CellGrid& grid) {
  const std::size_t num_cells = maps.numCells();
  if (num_cells == 0 || maps.values.size() % num_cells != 0)
    throw std::logic_error("resizedMaps: not whole maps of that size");
  if (width == maps.width && height == maps.height && grid == maps.grid)
    return {maps.values.begin(), maps.values.end()};
  const std::vector<CellPair> columns = aroundCells(width, grid, CellAxis(maps.width, width, maps.grid));
  const std::vector<CellPair> rows = aroundCells(height, grid, CellAxis(maps.height, height, maps.grid));
  std::vector<float> resized;
  resized.reserve(maps.values.size() / num_cells * columns.size() * rows.size());
  for (std::size_t begin = 0; begin < maps.values.size(); begin += num_cells) {
    const float* map = &maps.values[begin];
    for (const CellPair& row : rows) {
      for (const CellPair& column : columns) {
        const auto inRow = [&](std::size_t y) {
          const float* cell = map + y * static_cast<std::size_t>(maps.width);
          return cell[column.low] + column.part * (cell[column.high] - cell[column.low]);
        };
        const float above = inRow(row.low);
        resized.push_back(above + row.part * (inRow(row.high) - above));
      }
    }
  }
  return resized;
}

void MultiScaleLogits::add(std::vector<float> logits, int width, int height, bool is_mirrored) {
  if (logits.size() != std::size_t{kNumClasses} * static_cast<std::size_t>(width) * static_cast<std::size_t>(height))
    throw std::logic_error("MultiScaleLogits: the logits are not of the given size");
  if (is_mirrored) mirrorRows(logits, width);
  width_ = std::max(width_, width);
  height_ = std::max(height_, height);
  views_.push_back({width, height, is_mirrored ? grid_.mirrored() : grid_, std::move(logits)});
}

std::vector<float> MultiScaleLogits::averaged(bool positive_parts) const {
  std::vector<float> sum(std::size_t{kNumClasses} * static_cast<std::size_t>(width_) *
                         static_cast<std::size_t>(height_));
  for (const View& view : views_) {
    // The positive part after resizing, as the source has it.
    const std::vector<float> logits =
        resizedMaps({view.logits, view.width, view.height, view.grid}, width_, height_, grid_);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += positive_parts ? std::max(0.F, logits[i]) : logits[i];
  }
  for (float& value : sum) value /= static_cast<float>(views_.size());
  return sum;
}

std::vector<float> MultiScaleLogits::mean() const { return averaged(false); }
std::vector<float> MultiScaleLogits::activations() const { return averaged(true); }

RgbImage mirrored(const RgbImage& image) {
  RgbImage result(image.width, image.height, image.channels);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      for (int c = 0; c < image.channels; ++c) result.at(x, y, c) = image.at(image.width - 1 - x, y, c);
    }
  }
  return result;
}

}  // namespace tagscape

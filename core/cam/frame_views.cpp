#include "core/cam/frame_views.h"

#include "core/scene/class_catalog.h"

#include <algorithm>
#include <stdexcept>

namespace tagscape {
namespace {

void mirrorRows(std::vector<float>& maps, int width) {
  for (auto row = maps.begin(); row != maps.end(); row += width) std::reverse(row, row + width);
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

std::vector<float> resizedMaps(const std::vector<float>& maps, int from_width, int from_height, int width, int height) {
  const std::size_t cells = static_cast<std::size_t>(from_width) * static_cast<std::size_t>(from_height);
  if (cells == 0 || maps.size() % cells != 0) throw std::logic_error("resizedMaps: not whole maps of that size");
  if (width == from_width && height == from_height) return maps;
  // Between which cells a place lies, and how far from the first to the second.
  const auto between = [](int at, int num, int num_from, int& first, int& second) {
    const float place =
        std::max(0.F, (static_cast<float>(at) + .5F) * static_cast<float>(num_from) / static_cast<float>(num) - .5F);
    first = std::min(static_cast<int>(place), num_from - 1);
    second = std::min(first + 1, num_from - 1);
    return place - static_cast<float>(first);
  };
  std::vector<float> resized;
  resized.reserve(maps.size() / cells * static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (std::size_t begin = 0; begin < maps.size(); begin += cells) {
    const float* map = &maps[begin];
    for (int y = 0; y < height; ++y) {
      int above = 0, below = 0;
      const float down = between(y, height, from_height, above, below);
      for (int x = 0; x < width; ++x) {
        int left = 0, right = 0;
        const float across = between(x, width, from_width, left, right);
        const auto inRow = [&](int row) {
          const float* cell = map + static_cast<std::ptrdiff_t>(row) * from_width;
          return cell[left] + across * (cell[right] - cell[left]);
        };
        const float high = inRow(above);
        resized.push_back(high + down * (inRow(below) - high));
      }
    }
  }
  return resized;
}

void MapsOfViews::add(std::vector<float> maps, int width, int height, bool is_mirrored) {
  if (maps.size() != std::size_t{kNumClasses} * static_cast<std::size_t>(width) * static_cast<std::size_t>(height))
    throw std::logic_error("MapsOfViews: the maps have another size than they are said to have");
  if (is_mirrored) mirrorRows(maps, width);
  width_ = std::max(width_, width);
  height_ = std::max(height_, height);
  views_.push_back({width, height, std::move(maps)});
}

std::vector<float> MapsOfViews::mean(bool positive_parts) const {
  std::vector<float> sum(std::size_t{kNumClasses} * static_cast<std::size_t>(width_) *
                         static_cast<std::size_t>(height_));
  for (const View& view : views_) {
    // The positive part after resizing, as the source has it.
    const std::vector<float> maps = resizedMaps(view.maps, view.width, view.height, width_, height_);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += positive_parts ? std::max(0.F, maps[i]) : maps[i];
  }
  for (float& value : sum) value /= static_cast<float>(views_.size());
  return sum;
}

std::vector<float> MapsOfViews::logits() const { return mean(false); }
std::vector<float> MapsOfViews::activations() const { return mean(true); }

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

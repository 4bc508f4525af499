#include "core/scene/cams.h"

#include <algorithm>
#include <cmath>

namespace tagscape {

float camAt(const FrameCams& cams, int class_index, float u, float v, int width, int height) {
  if (cams.width <= 0 || cams.height <= 0) return 0;
  const auto place = [](float pixel, int num_pixels, int num_cells) {
    const float cell = (pixel + .5F) * static_cast<float>(num_cells) / static_cast<float>(num_pixels) - .5F;
    return std::clamp(cell, 0.F, static_cast<float>(num_cells - 1));
  };
  const float x = place(u, width, cams.width), y = place(v, height, cams.height);
  const int left = static_cast<int>(x), top = static_cast<int>(y);
  const int right = std::min(left + 1, cams.width - 1), bottom = std::min(top + 1, cams.height - 1);
  const auto value = [&](int column, int row) {
    return cams.values[(static_cast<std::size_t>(class_index) * static_cast<std::size_t>(cams.height) +
                        static_cast<std::size_t>(row)) *
                           static_cast<std::size_t>(cams.width) +
                       static_cast<std::size_t>(column)];
  };
  const float part = x - static_cast<float>(left);
  return std::lerp(std::lerp(value(left, top), value(right, top), part),
                   std::lerp(value(left, bottom), value(right, bottom), part),
                   y - static_cast<float>(top));
}

}  // namespace tagscape

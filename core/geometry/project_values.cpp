#include "core/geometry/project_values.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace tagscape {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kMaxRadius_px = 12;  // a point at arm's length must not paint the whole picture

/// Calls set(pixel index, point) for every pixel that the point's disc covers and where it is the nearest so far.
template <class Takes, class Set>
void splat(const VisibilityResult& visibility,
           const Intrinsics& color,
           int width,
           int height,
           float spacing_m,
           const Takes& takes,
           const Set& set) {
  if (width <= 0 || height <= 0 || color.width <= 0 || color.height <= 0)
    throw std::logic_error("projectValues: an empty image");
  const Intrinsics target = color.resizedTo(width, height);
  const float scale_x = static_cast<float>(width) / static_cast<float>(color.width);
  const float scale_y = static_cast<float>(height) / static_cast<float>(color.height);
  const float spacing_px_m =
      0.75F * spacing_m * static_cast<float>(target.fx);  // radius that closes gaps between neighbours
  Image<float> nearest(width, height, 1, kInfinity);
  for (std::size_t i = 0; i < visibility.reason.size(); ++i) {
    if (!takes(i)) continue;
    const float depth = visibility.depth_m[i];
    const float u = (visibility.pixel[i].x() + 0.5F) * scale_x - 0.5F;
    const float v = (visibility.pixel[i].y() + 0.5F) * scale_y - 0.5F;
    const float radius = std::clamp(spacing_px_m / depth, 0.5F, kMaxRadius_px);
    const int left = std::max(0, static_cast<int>(std::ceil(u - radius)));
    const int right = std::min(width - 1, static_cast<int>(std::floor(u + radius)));
    const int top = std::max(0, static_cast<int>(std::ceil(v - radius)));
    const int bottom = std::min(height - 1, static_cast<int>(std::floor(v + radius)));
    const float reach = std::max(radius * radius, 0.5F);  // the smallest disc still covers the pixel that it falls in
    for (int y = top; y <= bottom; ++y) {
      for (int x = left; x <= right; ++x) {
        const float dx = static_cast<float>(x) - u;
        const float dy = static_cast<float>(y) - v;
        float& front = nearest.at(x, y);
        if (dx * dx + dy * dy > reach || depth >= front) continue;
        front = depth;
        set(nearest.index(x, y), i);
      }
    }
  }
}

}  // namespace

Image<float> projectValues(const VisibilityResult& visibility,
                           std::span<const float> values,
                           const Intrinsics& color,
                           int width,
                           int height,
                           float spacing_m) {
  if (values.size() != visibility.reason.size()) throw std::logic_error("projectValues: one value per point is needed");
  Image<float> result(width, height, 1, std::numeric_limits<float>::quiet_NaN());
  splat(
      visibility,
      color,
      width,
      height,
      spacing_m,
      [&](std::size_t i) { return visibility.reason[i] == Visibility::Visible; },
      [&](std::size_t pixel, std::size_t i) { result.pixels[pixel] = values[i]; });
  return result;
}

Image<std::uint8_t> projectReasons(
    const VisibilityResult& visibility, const Intrinsics& color, int width, int height, float spacing_m) {
  Image<std::uint8_t> result(width, height, 1, 255);
  const auto in_view = [&](std::size_t i) {
    const Visibility reason = visibility.reason[i];
    return reason == Visibility::Visible || reason == Visibility::Occluded || reason == Visibility::InFront ||
           reason == Visibility::NoDepth;
  };
  splat(visibility, color, width, height, spacing_m, in_view, [&](std::size_t pixel, std::size_t i) {
    result.pixels[pixel] = static_cast<std::uint8_t>(visibility.reason[i]);
  });
  return result;
}

}  // namespace tagscape

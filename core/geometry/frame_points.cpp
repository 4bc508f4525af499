#include "core/geometry/frame_points.h"

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

constexpr int kCell_px = 8;

bool isInView(Visibility reason) {
  return reason != Visibility::Outside && reason != Visibility::Behind && reason != Visibility::NoPose;
}

int cellOf(float pixel, int num_cells) {
  return std::clamp(static_cast<int>(std::floor((pixel + .5F) / kCell_px)), 0, num_cells - 1);
}

}  // namespace

FramePoints::FramePoints(const VisibilityResult& visibility, int width, int height)
    : columns_((std::max(width, 1) + kCell_px - 1) / kCell_px), rows_((std::max(height, 1) + kCell_px - 1) / kCell_px) {
  begin_.assign(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_) + 1, 0);
  const auto cell = [&](std::size_t i) {
    return static_cast<std::size_t>(cellOf(visibility.pixel[i].y(), rows_)) * static_cast<std::size_t>(columns_) +
           static_cast<std::size_t>(cellOf(visibility.pixel[i].x(), columns_));
  };
  for (std::size_t i = 0; i < visibility.reason.size(); ++i) {
    if (isInView(visibility.reason[i])) ++begin_[cell(i) + 1];
  }
  for (std::size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
  points_.resize(begin_.back());
  std::vector<std::uint32_t> next(begin_.begin(), begin_.end() - 1);
  for (std::size_t i = 0; i < visibility.reason.size(); ++i) {
    if (!isInView(visibility.reason[i])) continue;
    points_[next[cell(i)]++] = {
        static_cast<std::uint32_t>(i), visibility.reason[i] == Visibility::Visible, visibility.pixel[i]};
  }
}

void FramePoints::within(const Eigen::Vector2f& low,
                         const Eigen::Vector2f& high,
                         const std::function<void(const Point&)>& take) const {
  if (points_.empty() || !low.allFinite() || !high.allFinite()) return;
  const int first = cellOf(low.x(), columns_), last = cellOf(high.x(), columns_);
  for (int y = cellOf(low.y(), rows_); y <= cellOf(high.y(), rows_); ++y) {
    const auto row = static_cast<std::size_t>(y) * static_cast<std::size_t>(columns_);
    const std::uint32_t begin = begin_[row + static_cast<std::size_t>(first)];
    const std::uint32_t end = begin_[row + static_cast<std::size_t>(last) + 1];
    for (std::uint32_t i = begin; i < end; ++i) {
      const Eigen::Vector2f& pixel = points_[i].pixel;
      if ((pixel.array() >= low.array()).all() && (pixel.array() <= high.array()).all()) take(points_[i]);
    }
  }
}

}  // namespace tagscape

#include "ui/models/selection.h"

#include <algorithm>

namespace tagscape {

bool Selection::contains(std::uint32_t point) const {
  return std::binary_search(points_.begin(), points_.end(), point);
}

void Selection::set(std::vector<std::uint32_t> points) {
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  if (points == points_) return;
  points_ = std::move(points);
  Q_EMIT changed();
}

void Selection::add(std::span<const std::uint32_t> points) {
  std::vector<std::uint32_t> all = points_;
  all.insert(all.end(), points.begin(), points.end());
  set(std::move(all));
}

}  // namespace tagscape

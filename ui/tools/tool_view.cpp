#include "ui/tools/tool_view.h"

#include <algorithm>
#include <cmath>

namespace tagscape {

double ToolView::pixelsPerMetreAt(const Eigen::Vector3f& position_m) const {
  constexpr float kStep_m = 0.01F;
  const auto at = project(position_m);
  double largest = 0;
  for (int axis = 0; at && axis < 3; ++axis) {
    const auto beside = project(position_m + kStep_m * Eigen::Vector3f::Unit(axis));
    if (beside) largest = std::max(largest, std::hypot(beside->x() - at->x(), beside->y() - at->y()));
  }
  return largest / static_cast<double>(kStep_m);
}

}  // namespace tagscape

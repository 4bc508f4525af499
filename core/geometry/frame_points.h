#pragma once

#include "core/geometry/visibility.h"

#include <Eigen/Core>

#include <cstdint>
#include <functional>
#include <vector>

namespace tagscape {

/// The points in the view of one frame, by the pixels that they project to: finds those in a part of the image without
/// going through the cloud. Immutable; safe to query from several threads at once.
class FramePoints {
 public:
  FramePoints() = default;
  /// @param visibility      of all points in the frame. @param width, height  of the colour image, px.
  /// Cost: O(N); 12 bytes for each point in view.
  FramePoints(const VisibilityResult& visibility, int width, int height);

  struct Point {
    std::uint32_t row = 0;  ///< Of the cloud.
    bool is_visible = false;
    Eigen::Vector2f pixel = Eigen::Vector2f::Zero();
  };
  /// Calls `take` for each point whose pixel lies in a rectangle, borders included. Cost: the points near it.
  void within(const Eigen::Vector2f& low,
              const Eigen::Vector2f& high,
              const std::function<void(const Point&)>& take) const;
  [[nodiscard]] std::size_t size() const { return points_.size(); }

 private:
  int columns_ = 0, rows_ = 0;        ///< Cells.
  std::vector<std::uint32_t> begin_;  ///< [cells + 1] in points_.
  std::vector<Point> points_;         ///< Cell by cell.
};

}  // namespace tagscape

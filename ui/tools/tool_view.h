#pragma once

#include "ui/models/view_link.h"

#include <Eigen/Core>
#include <QPointF>
#include <QPolygonF>

#include <cstdint>
#include <optional>
#include <vector>

class QWidget;

namespace tagscape {

/// The interface of a view to tools, the same for the 3D view and the image view. Positions are logical pixels of the
/// view; points are rows of the scene.
class ToolView {
 public:
  ToolView() = default;
  virtual ~ToolView() = default;
  ToolView(const ToolView&) = delete;
  ToolView& operator=(const ToolView&) = delete;

  [[nodiscard]] virtual LinkedPoint::Source source() const = 0;
  [[nodiscard]] virtual const QWidget& widget() const = 0;
  /// Whether a control of the view (a slider, the divider) is at this position, which gets presses there.
  [[nodiscard]] virtual bool hasControlAt(QPointF position) const = 0;
  /// The position of a world point, m; nothing if it is behind the camera or outside the image.
  [[nodiscard]] virtual std::optional<QPointF> project(const Eigen::Vector3f& position_m) const = 0;
  /// The surface point shown at a position, m, world frame; nothing if there is none, or while the view is changing.
  [[nodiscard]] virtual std::optional<Eigen::Vector3f> surfaceAt(QPointF position) = 0;
  /// The scene's point shown at a position, or nearest to the surface there. Nothing as for surfaceAt().
  [[nodiscard]] virtual std::optional<std::size_t> pointAt(QPointF position) = 0;
  /// The visible points within an outline, by the even-odd rule, without occluded ones. Nothing as for surfaceAt().
  [[nodiscard]] virtual std::vector<std::uint32_t> pointsIn(const QPolygonF& outline) = 0;
  /// Schedules a repaint of the tools.
  virtual void repaint() = 0;
};

}  // namespace tagscape

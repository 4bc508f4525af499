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
  /// The same with what lies behind them too: all points that project into the outline.
  [[nodiscard]] virtual std::vector<std::uint32_t> pointsThrough(const QPolygonF& outline) { return pointsIn(outline); }
  /// Keeps what the view shows now for the questions of a stroke, which changes colours as it goes.
  virtual void hold() {}
  /// Logical pixels that a metre covers at a place on the surface; 0 if that is unknown.
  [[nodiscard]] double pixelsPerMetreAt(const Eigen::Vector3f& position_m) const;
  /// Schedules a repaint of the tools.
  virtual void repaint() = 0;
};

}  // namespace tagscape

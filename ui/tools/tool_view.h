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

/// A view as tools see it: the same questions to the 3D view and to the image view. Positions are logical pixels of
/// the view; points are rows of the scene.
class ToolView {
 public:
  ToolView() = default;
  virtual ~ToolView() = default;
  ToolView(const ToolView&) = delete;
  ToolView& operator=(const ToolView&) = delete;

  [[nodiscard]] virtual LinkedPoint::Source source() const = 0;
  [[nodiscard]] virtual const QWidget& widget() const = 0;
  /// Whether a control of the view itself is there (a slider, the divider); a press there is the control's.
  [[nodiscard]] virtual bool hasControlAt(QPointF position) const = 0;
  /// Where a point of the world is drawn, m; nothing if it is behind the eye or beside the image.
  [[nodiscard]] virtual std::optional<QPointF> project(const Eigen::Vector3f& position_m) const = 0;
  /// The surface that is shown there, m, world frame. Nothing where there is none, and while the view is not at rest.
  [[nodiscard]] virtual std::optional<Eigen::Vector3f> surfaceAt(QPointF position) = 0;
  /// The point that is shown there, or the nearest one on the surface there. Nothing as for surfaceAt().
  [[nodiscard]] virtual std::optional<std::size_t> pointAt(QPointF position) = 0;
  /// The points shown within an outline, by the even-odd rule: visible ones, not what lies behind them. Nothing as for
  /// surfaceAt().
  [[nodiscard]] virtual std::vector<std::uint32_t> pointsIn(const QPolygonF& outline) = 0;
  /// Has the tools paint again over the view.
  virtual void repaint() = 0;
};

}  // namespace tagscape

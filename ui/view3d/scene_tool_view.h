#pragma once

#include "ui/tools/tool_view.h"

namespace tagscape {

class SceneView;

/// The interface of the 3D view to tools.
class SceneToolView : public ToolView {
 public:
  /// @param view  must outlive this object.
  explicit SceneToolView(SceneView& view) : view_(view) {}

  [[nodiscard]] LinkedPoint::Source source() const override { return LinkedPoint::Source::Scene; }
  [[nodiscard]] const QWidget& widget() const override;
  [[nodiscard]] bool hasControlAt(QPointF position) const override;
  [[nodiscard]] std::optional<QPointF> project(const Eigen::Vector3f& position_m) const override;
  [[nodiscard]] std::optional<Eigen::Vector3f> surfaceAt(QPointF position) override;
  [[nodiscard]] std::optional<std::size_t> pointAt(QPointF position) override;
  [[nodiscard]] std::vector<std::uint32_t> pointsIn(const QPolygonF& outline) override;
  [[nodiscard]] std::vector<std::uint32_t> pointsThrough(const QPolygonF& outline) override;
  void hold() override;
  void repaint() override;

 private:
  SceneView& view_;
};

}  // namespace tagscape

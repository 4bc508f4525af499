#pragma once

#include "ui/tools/tool_view.h"

#include <QWidget>

namespace tagscape::testing {

/// A view of 100 x 100 pixels with a point in the middle of every tenth, by rows of ten, all on the plane z = 0 at a
/// metre a pixel. Its lower right quarter is a control.
class FakeToolView : public ToolView {
 public:
  explicit FakeToolView(LinkedPoint::Source source = LinkedPoint::Source::Scene) : source_(source) {
    widget_.resize(100, 100);
  }

  [[nodiscard]] LinkedPoint::Source source() const override { return source_; }
  [[nodiscard]] const QWidget& widget() const override { return widget_; }
  [[nodiscard]] bool hasControlAt(QPointF position) const override { return position.x() >= 50 && position.y() >= 50; }
  [[nodiscard]] std::optional<QPointF> project(const Eigen::Vector3f& position_m) const override {
    return QPointF(static_cast<double>(position_m.x()), static_cast<double>(position_m.y()));
  }
  [[nodiscard]] std::optional<Eigen::Vector3f> surfaceAt(QPointF position) override {
    if (!is_at_rest) return std::nullopt;
    return Eigen::Vector3f(static_cast<float>(position.x()), static_cast<float>(position.y()), 0);
  }
  [[nodiscard]] std::optional<std::size_t> pointAt(QPointF position) override {
    if (!is_at_rest) return std::nullopt;
    return static_cast<std::size_t>(position.y() / 10) * 10 + static_cast<std::size_t>(position.x() / 10);
  }
  [[nodiscard]] std::vector<std::uint32_t> pointsIn(const QPolygonF& outline) override {
    std::vector<std::uint32_t> points;
    for (std::uint32_t i = 0; i < 100; ++i) {
      const QPointF place(i % 10 * 10. + 5, i / 10 * 10. + 5);  // NOLINT(bugprone-integer-division): the row
      if (outline.containsPoint(place, Qt::OddEvenFill)) points.push_back(i);
    }
    return points;
  }
  void repaint() override { ++num_repaints; }

  bool is_at_rest = true;
  int num_repaints = 0;

 private:
  LinkedPoint::Source source_;
  QWidget widget_;
};

}  // namespace tagscape::testing

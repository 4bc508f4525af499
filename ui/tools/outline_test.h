#pragma once

#include <QPolygonF>
#include <QRectF>

#include <vector>

namespace tagscape {

/// Tells for many places whether they lie in an outline, by the even-odd rule: as QPolygonF::containsPoint, but a place
/// is compared only with the edges of its own row of pixels.
class OutlineTest {
 public:
  /// @param outline  closed by itself. Cost: its edges, and the rows that each goes through.
  explicit OutlineTest(const QPolygonF& outline);

  [[nodiscard]] const QRectF& bounds() const { return bounds_; }
  [[nodiscard]] bool contains(double x, double y) const;

 private:
  struct Edge {
    double x1, y1, x2, y2;  ///< y1 < y2.
  };

  QRectF bounds_;
  std::vector<std::vector<Edge>> rows_;  ///< A pixel high each, from the top of the bounds.
};

}  // namespace tagscape

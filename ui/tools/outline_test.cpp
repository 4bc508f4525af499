#include "ui/tools/outline_test.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tagscape {
namespace {

constexpr double kMaxRows = 1 << 16;  // Of an outline far beyond any screen.

}  // namespace

OutlineTest::OutlineTest(const QPolygonF& outline) : bounds_(outline.boundingRect()) {
  const double height = std::min(std::ceil(bounds_.height()) + 1, kMaxRows);
  rows_.resize(static_cast<std::size_t>(height));
  const auto row_of = [&](double y) {
    return static_cast<std::size_t>(std::clamp(std::floor(y - bounds_.top()), 0., height - 1));
  };
  for (qsizetype i = 0; i < outline.size(); ++i) {
    QPointF from = outline[i], to = outline[(i + 1) % outline.size()];
    if (from.y() == to.y()) continue;
    if (from.y() > to.y()) std::swap(from, to);
    for (std::size_t row = row_of(from.y()); row <= row_of(to.y()); ++row)
      rows_[row].push_back({from.x(), from.y(), to.x(), to.y()});
  }
}

bool OutlineTest::contains(double x, double y) const {
  if (!(x >= bounds_.left() && x <= bounds_.right() && y >= bounds_.top() && y <= bounds_.bottom())) return false;
  const auto row = std::min(static_cast<std::size_t>(y - bounds_.top()), rows_.size() - 1);
  bool is_in = false;
  for (const Edge& edge : rows_[row]) {
    if (y < edge.y1 || y >= edge.y2) continue;
    is_in ^= x < edge.x1 + (y - edge.y1) / (edge.y2 - edge.y1) * (edge.x2 - edge.x1);
  }
  return is_in;
}

}  // namespace tagscape

#include "ui/image_view/image_tool_view.h"

#include "ui/image_view/image_canvas.h"
#include "ui/tools/outline_test.h"

namespace tagscape {
namespace {

QPointF toPoint(const Eigen::Vector2f& pixel) {
  return {static_cast<double>(pixel.x()), static_cast<double>(pixel.y())};
}

Eigen::Vector2f toVector(QPointF pixel) { return {static_cast<float>(pixel.x()), static_cast<float>(pixel.y())}; }

}  // namespace

ImageToolView::ImageToolView(ImageCanvas& canvas,
                             const Document& document,
                             const FrameController& frames,
                             const PlaceFinder& places)
    : canvas_(canvas), document_(document), frames_(frames), places_(places) {}

const QWidget& ImageToolView::widget() const { return canvas_; }

bool ImageToolView::hasControlAt(QPointF position) const { return canvas_.isOnDivider(position); }

std::optional<QPointF> ImageToolView::project(const Eigen::Vector3f& position_m) const {
  if (!frames_.probe()) return std::nullopt;
  const PointVisibility visibility = frames_.probe()->visibilityOf(position_m, document_.tolerance());
  switch (visibility.reason) {
    case Visibility::Outside:
    case Visibility::Behind:
    case Visibility::NoPose:
      return std::nullopt;
    default:
      return canvas_.widgetFromImage(toPoint(visibility.pixel));
  }
}

std::optional<Eigen::Vector3f> ImageToolView::surfaceAt(QPointF position) {
  if (!frames_.probe()) return std::nullopt;
  const QPointF pixel = canvas_.imageFromWidget(position);
  return frames_.probe()->surfaceAt(static_cast<float>(pixel.x()), static_cast<float>(pixel.y()));
}

std::optional<std::size_t> ImageToolView::pointAt(QPointF position) {
  const auto surface = surfaceAt(position);
  return surface ? places_.nearestPoint(*surface) : std::nullopt;
}

std::vector<std::uint32_t> ImageToolView::pointsIn(const QPolygonF& outline) { return pointsIn(outline, false); }

std::vector<std::uint32_t> ImageToolView::pointsThrough(const QPolygonF& outline) { return pointsIn(outline, true); }

std::vector<std::uint32_t> ImageToolView::pointsIn(const QPolygonF& outline, bool is_through) const {
  const auto& in_view = frames_.points();
  if (!in_view || !document_.scene()) return {};
  QPolygonF in_image;
  for (const QPointF& corner : outline) in_image += canvas_.imageFromWidget(corner);
  const OutlineTest test(in_image);
  const QRectF& bounds = test.bounds();
  const bool is_rectangle = outline == QPolygonF(outline.boundingRect());
  std::vector<std::uint32_t> points;
  in_view->within(toVector(bounds.topLeft()), toVector(bounds.bottomRight()), [&](const FramePoints::Point& point) {
    if (!point.is_visible && !is_through) return;
    if (is_rectangle || test.contains(static_cast<double>(point.pixel.x()), static_cast<double>(point.pixel.y())))
      points.push_back(point.row);
  });
  return points;
}

void ImageToolView::repaint() { canvas_.update(); }

}  // namespace tagscape

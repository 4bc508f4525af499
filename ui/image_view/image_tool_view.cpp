#include "ui/image_view/image_tool_view.h"

#include "core/base/parallel.h"
#include "ui/image_view/image_canvas.h"

namespace tagscape {
namespace {

constexpr std::size_t kGrain = 16'384;

QPointF toPoint(const Eigen::Vector2f& pixel) {
  return {static_cast<double>(pixel.x()), static_cast<double>(pixel.y())};
}

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

std::vector<std::uint32_t> ImageToolView::pointsIn(const QPolygonF& outline) {
  const auto& probe = frames_.probe();
  if (!probe || !document_.scene()) return {};
  QPolygonF in_image;
  for (const QPointF& corner : outline) in_image += canvas_.imageFromWidget(corner);
  const QRectF bounds = in_image.boundingRect();
  const bool is_rectangle = outline == QPolygonF(outline.boundingRect());
  const DepthTolerance tolerance = document_.tolerance();
  const auto& positions = document_.scene()->points().positions_m;
  std::vector<std::uint8_t> is_in(positions.size(), 0);
  parallelFor(positions.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const PointVisibility visibility = probe->visibilityOf(positions[i], tolerance);
      const QPointF pixel = toPoint(visibility.pixel);
      is_in[i] = visibility.reason == Visibility::Visible && bounds.contains(pixel) &&
                 (is_rectangle || in_image.containsPoint(pixel, Qt::OddEvenFill));
    }
  });
  std::vector<std::uint32_t> points;
  for (std::uint32_t i = 0; i < is_in.size(); ++i) {
    if (is_in[i]) points.push_back(i);
  }
  return points;
}

void ImageToolView::repaint() { canvas_.update(); }

}  // namespace tagscape

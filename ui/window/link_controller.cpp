#include "ui/window/link_controller.h"

#include "ui/image_view/image_canvas.h"
#include "ui/image_view/image_panel.h"
#include "ui/render/colors.h"
#include "ui/render/visibility_text.h"
#include "ui/services/frame_controller.h"
#include "ui/view3d/marker_layer.h"

#include <QLocale>

#include <cmath>

namespace tagscape {
namespace {

QColor colorOf(Visibility reason) { return toQColor(reasonColor(reason)).lighter(110); }

}  // namespace

LinkController::LinkController(
    Document& document, FrameController& frames, MarkerLayer& scene_markers, ImagePanel& image_panel, QObject* parent)
    : QObject(parent),
      document_(document),
      frames_(frames),
      scene_markers_(scene_markers),
      image_panel_(image_panel),
      observing_frames_(document) {
  ViewLink& link = document.link();
  const ImageCanvas& canvas = image_panel.canvas();
  connect(&canvas, &ImageCanvas::hovered, this, &LinkController::explainMiss);
  // The status text must be cleared even if nothing was hovered before.
  connect(&canvas, &ImageCanvas::left, this, &LinkController::showMarkers);
  connect(&link, &ViewLink::hoveredChanged, this, &LinkController::showMarkers);
  connect(&link, &ViewLink::selectedChanged, this, &LinkController::showMarkers);
  connect(&link, &ViewLink::observingFramesChanged, this, &LinkController::showMarkers);
  connect(&frames, &FrameController::probeChanged, this, &LinkController::showMarkers);
  connect(&document, &Document::toleranceChanged, this, &LinkController::showMarkers);
  connect(&document, &Document::camsChanged, this, &LinkController::showMarkers);
  connect(&document, &Document::classChanged, this, &LinkController::showMarkers);
}

void LinkController::explainMiss(QPointF pixel) {
  // No text would look as if the link were broken.
  const auto& probe = frames_.probe();
  if (document_.link().hovered() || !probe) return;
  if (probe->surfaceAt(static_cast<float>(pixel.x()), static_cast<float>(pixel.y()))) return;  // The divider is there.
  const bool has_pose =
      document_.scene()->frames[static_cast<std::size_t>(document_.frameIndex())].world_from_camera.has_value();
  image_panel_.setPlaceText(has_pose ? tr("no depth here, so no 3D point") : tr("the frame has no pose"));
}

PointVisibility LinkController::visibilityOf(const LinkedPoint& point) const {
  return frames_.probe() ? frames_.probe()->visibilityOf(point.position_m, document_.tolerance()) : PointVisibility();
}

void LinkController::showMarkers() {
  const ViewLink& link = document_.link();
  std::optional<ImageMarker> in_image[2];
  std::vector<SceneMarker> in_scene;
  QString text;
  for (const bool is_selection : {true, false}) {
    const auto& point = is_selection ? link.selected() : link.hovered();
    if (!point) continue;
    const PointVisibility visibility = visibilityOf(*point);
    const bool is_seen = visibility.reason == Visibility::Visible;
    const QColor color = is_selection ? kSelectionColor : colorOf(visibility.reason);
    // At the cursor, a text would cover the place itself.
    const bool in_cursor_view = !is_selection;
    const QString words = frames_.probe() ? visibilityText(visibility) : QString();
    const bool has_pixel = std::isfinite(visibility.pixel.x()) && visibility.reason != Visibility::NoPose;
    const bool from_image = point->source == LinkedPoint::Source::Image;
    if (has_pixel && visibility.reason != Visibility::Behind && !(in_cursor_view && from_image)) {
      in_image[is_selection] = {{static_cast<double>(visibility.pixel.x()), static_cast<double>(visibility.pixel.y())},
                                color,
                                is_selection ? QString() : words,
                                is_seen};
    }
    if (!(in_cursor_view && !from_image))
      in_scene.push_back({point->position_m, color, is_selection ? QString() : words, is_seen, is_selection});
    text = placeText(*point, visibility);
  }
  image_panel_.canvas().setSelectionMarker(in_image[1]);
  image_panel_.canvas().setHoverMarker(in_image[0]);
  scene_markers_.setMarkers(std::move(in_scene));
  image_panel_.setPlaceText(text);
}

QString LinkController::placeText(const LinkedPoint& point, const PointVisibility& visibility) const {
  QStringList parts;
  if (frames_.probe()) parts += visibilityText(visibility);
  if (point.row) {
    parts += tr("point %1").arg(*point.row);
    if (const auto& cams = document_.cams()) {
      const std::uint8_t label = cams->point_labels[*point.row];
      if (label < kNumClasses) parts += QString::fromStdString(std::string(classCatalog()[label].name));
      const float value =
          cams->point_values[std::size_t{*point.row} * kNumClasses + static_cast<std::size_t>(document_.classIndex())];
      parts += tr("3D CAM %1").arg(QLocale().toString(static_cast<double>(value), 'f', 2));
    }
    const std::size_t num_observing_frames = document_.link().observing_frames().size();
    if (document_.numFrames() > 0) parts += tr("observing frames: %1").arg(num_observing_frames);
  }
  return parts.join(QStringLiteral(" · "));
}

}  // namespace tagscape

#include "ui/window/link_controller.h"

#include "core/geometry/render_depth.h"
#include "ui/image_view/image_canvas.h"
#include "ui/image_view/image_panel.h"
#include "ui/render/colors.h"
#include "ui/render/visibility_text.h"
#include "ui/services/frame_controller.h"
#include "ui/view3d/marker_layer.h"
#include "ui/view3d/scene_view.h"

#include <QLocale>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

constexpr double kSteadyHand_px = 3;      // A hand that clicks may move so far.
constexpr float kSmallestReach_m = .05F;  // How far from a surface its nearest point is looked for.

QColor colorOf(Visibility reason) { return toQColor(reasonColor(reason)).lighter(110); }

}  // namespace

LinkController::LinkController(
    Document& document, FrameController& frames, SceneView& scene_view, ImagePanel& image_panel, QObject* parent)
    : QObject(parent),
      document_(document),
      frames_(frames),
      scene_view_(scene_view),
      image_panel_(image_panel),
      markers_(new MarkerLayer(scene_view)),
      observing_frames_(document) {
  scene_view.installEventFilter(this);
  ViewLink& link = document.link();
  ImageCanvas& canvas = image_panel.canvas();
  connect(&document, &Document::sceneChanged, this, &LinkController::indexScene);
  connect(&canvas, &ImageCanvas::hovered, this, &LinkController::hoverImage);
  connect(&canvas, &ImageCanvas::left, this, [this, &link] {
    link.setHovered({});
    showMarkers();  // Nothing hovered before, nothing now: what was said of the place must go all the same.
  });
  connect(
      &canvas, &ImageCanvas::clicked, this, [this, &link](QPointF pixel) { link.setSelected(placeInImage(pixel)); });
  connect(&link, &ViewLink::hoveredChanged, this, &LinkController::showMarkers);
  connect(&link, &ViewLink::selectedChanged, this, &LinkController::showMarkers);
  connect(&link, &ViewLink::observingFramesChanged, this, &LinkController::showMarkers);
  connect(&frames, &FrameController::probeChanged, this, &LinkController::showMarkers);
  connect(&document, &Document::toleranceChanged, this, &LinkController::showMarkers);
  connect(&document, &Document::camsChanged, this, &LinkController::showMarkers);
  connect(&document, &Document::classChanged, this, &LinkController::showMarkers);
}

void LinkController::indexScene() {
  runner_.drop();
  lookup_.reset();
  lookup_scene_ = document_.scene();
  if (!lookup_scene_) return;
  using SharedLookup = std::shared_ptr<const PointLookup>;
  runner_.start<SharedLookup>(
      [scene = lookup_scene_](const Job&) -> Result<SharedLookup> {
        const float reach_m = std::max(kSmallestReach_m, 2 * meshSpacing_m(scene->mesh));
        return std::make_shared<const PointLookup>(scene->points().positions_m, reach_m);
      },
      [this](Result<SharedLookup> lookup) {
        if (lookup) lookup_ = *lookup;
      });
}

LinkedPoint LinkController::linked(LinkedPoint::Source source, const Eigen::Vector3f& position_m) const {
  return {source, position_m, lookup_ ? lookup_->nearest(position_m) : std::nullopt};
}

std::optional<LinkedPoint> LinkController::placeInImage(QPointF pixel) const {
  if (!frames_.probe()) return std::nullopt;
  const auto place = frames_.probe()->surfaceAt(static_cast<float>(pixel.x()), static_cast<float>(pixel.y()));
  if (!place) return std::nullopt;
  return linked(LinkedPoint::Source::Image, *place);
}

void LinkController::hoverImage(QPointF pixel) {
  const auto place = placeInImage(pixel);
  document_.link().setHovered(place);
  // Without a word it would look as if the link were broken.
  if (place || !frames_.probe()) return;
  const bool has_pose =
      document_.scene()->frames[static_cast<std::size_t>(document_.frameIndex())].world_from_camera.has_value();
  image_panel_.setPlaceText(has_pose ? tr("no depth here, so no place in 3D") : tr("the frame has no pose"));
}

std::optional<LinkedPoint> LinkController::placeInScene(QPointF position) {
  // The kept picture, where depth is read, is of the last rest.
  if (scene_view_.isMoving() || !document_.scene() || scene_view_.overlay().covers(position)) return std::nullopt;
  const auto place = scene_view_.surfaceAt(position);
  if (!place) return std::nullopt;
  return linked(LinkedPoint::Source::Scene, *place);
}

bool LinkController::eventFilter(QObject*, QEvent* event) {
  ViewLink& link = document_.link();
  if (event->type() == QEvent::MouseMove) {
    const auto* move = static_cast<QMouseEvent*>(event);
    link.setHovered(move->buttons() == Qt::NoButton ? placeInScene(move->position()) : std::nullopt);
  } else if (event->type() == QEvent::MouseButtonPress) {
    pressed_ = static_cast<QMouseEvent*>(event)->position();
    presses_overlay_ = scene_view_.overlay().covers(pressed_);
  } else if (event->type() == QEvent::MouseButtonRelease) {
    const auto* release = static_cast<QMouseEvent*>(event);
    const bool is_click = (release->position() - pressed_).manhattanLength() <= kSteadyHand_px;
    if (is_click && !presses_overlay_ && release->button() == Qt::LeftButton)
      link.setSelected(placeInScene(release->position()));
  } else if (event->type() == QEvent::Leave) {
    link.setHovered({});
  }
  return false;
}

PointVisibility LinkController::visibilityOf(const LinkedPoint& point) const {
  DepthTolerance tolerance;
  tolerance.absolute_m = document_.tolerance_m();
  return frames_.probe() ? frames_.probe()->visibilityOf(point.position_m, tolerance) : PointVisibility();
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
    const QColor color = is_selection ? QColor(255, 214, 64) : colorOf(visibility.reason);
    // Where the cursor is, a visibility would only cover what is looked at.
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
  markers_->setMarkers(std::move(in_scene));
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
    if (document_.numFrames() > 0) parts += tr("frames that see it: %1").arg(num_observing_frames);
  }
  return parts.join(QStringLiteral(" · "));
}

}  // namespace tagscape

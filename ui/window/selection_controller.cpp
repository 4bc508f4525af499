#include "ui/window/selection_controller.h"

#include "core/base/parallel.h"
#include "ui/image_view/image_canvas.h"
#include "ui/image_view/image_panel.h"
#include "ui/services/frame_controller.h"
#include "ui/view3d/marker_layer.h"
#include "ui/view3d/scene_view.h"

#include <QLocale>
#include <QMouseEvent>
#include <QRubberBand>

#include <algorithm>
#include <utility>

namespace tagscape {
namespace {

constexpr double kSteadyHand_px = 3;       // A hand that clicks may move so far.
constexpr std::size_t kMostDots = 60'000;  // More would make the drawing of them slow, and look the same.
constexpr std::size_t kGrain = 16'384;

QString counted(std::size_t number) { return QLocale().toString(static_cast<qulonglong>(number)); }

}  // namespace

SelectionController::SelectionController(Document& document,
                                         FrameController& frames,
                                         SceneView& scene_view,
                                         ImagePanel& image_panel,
                                         MarkerLayer& markers,
                                         QObject* parent)
    : QObject(parent),
      document_(document),
      frames_(frames),
      scene_view_(scene_view),
      image_panel_(image_panel),
      markers_(markers) {
  // Installed last, so asked first: a drag that selects does not turn the view.
  scene_view.installEventFilter(this);
  image_panel.canvas().installEventFilter(this);
  connect(&document.selection(), &Selection::changed, this, &SelectionController::highlight);
  connect(&frames, &FrameController::probeChanged, this, &SelectionController::highlight);
  connect(&document, &Document::toleranceChanged, this, &SelectionController::highlight);
}

bool SelectionController::eventFilter(QObject* watched, QEvent* event) {
  auto* view = static_cast<QWidget*>(watched);
  if (event->type() == QEvent::MouseButtonPress) return press(*view, *event);
  if (event->type() == QEvent::MouseMove && band_view_ == view) {
    const QPoint at = static_cast<QMouseEvent*>(event)->position().toPoint();
    band_->setGeometry(QRect(pressed_.toPoint(), at).normalized().intersected(view->rect()));
    return true;
  }
  if (event->type() != QEvent::MouseButtonRelease) return false;
  const auto* release = static_cast<QMouseEvent*>(event);
  if (release->button() != Qt::LeftButton) return false;
  if (band_view_ == view) {
    finishBand(release->modifiers().testFlag(Qt::ShiftModifier));
    return true;
  }
  const bool is_click = (release->position() - pressed_).manhattanLength() <= kSteadyHand_px;
  if (view == &scene_view_ && is_click && !scene_view_.overlay().covers(pressed_)) selectSegmentAt(release->position());
  return false;
}

bool SelectionController::press(QWidget& view, QEvent& event) {
  const auto& press = static_cast<QMouseEvent&>(event);
  pressed_ = press.position();
  const bool selects = press.button() == Qt::LeftButton && press.modifiers().testFlag(Qt::ControlModifier);
  const bool is_overlays = &view == &scene_view_ && scene_view_.overlay().covers(pressed_);
  if (!selects || is_overlays || !document_.scene()) return false;
  delete band_;
  band_view_ = &view;
  band_ = new QRubberBand(QRubberBand::Rectangle, &view);
  band_->setObjectName("selectionBand");
  band_->setGeometry(QRect(pressed_.toPoint(), QSize()));
  band_->show();
  return true;
}

void SelectionController::finishBand(bool adds) {
  const QRectF area = band_->geometry();
  delete std::exchange(band_, nullptr);
  const QWidget* view = std::exchange(band_view_, nullptr);
  if (view == &scene_view_) return selectInScene(area, adds);
  selectInImage(area, adds);
}

void SelectionController::selectInScene(const QRectF& area, bool adds) { take(scene_view_.pointsIn(area), adds); }

void SelectionController::selectInImage(const QRectF& area, bool adds) {
  const auto probe = frames_.probe();
  if (!probe || !document_.scene()) return;
  const ImageCanvas& canvas = image_panel_.canvas();
  const QRectF in_image(canvas.imageFromWidget(area.topLeft()), canvas.imageFromWidget(area.bottomRight()));
  DepthTolerance tolerance;
  tolerance.absolute_m = document_.tolerance_m();
  const auto& positions = document_.scene()->points().positions_m;
  std::vector<std::uint8_t> is_in(positions.size(), 0);
  parallelFor(positions.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const PointVisibility visibility = probe->visibilityOf(positions[i], tolerance);
      is_in[i] =
          visibility.reason == Visibility::Visible &&
          in_image.contains(static_cast<double>(visibility.pixel.x()), static_cast<double>(visibility.pixel.y()));
    }
  });
  std::vector<std::uint32_t> points;
  for (std::uint32_t i = 0; i < is_in.size(); ++i) {
    if (is_in[i]) points.push_back(i);
  }
  take(std::move(points), adds);
}

void SelectionController::selectSegmentAt(QPointF position) {
  if (document_.layer() != PointLayer::Segment || scene_view_.isMoving()) return;
  if (const auto point = scene_view_.pointAt(position)) take(scene_view_.layers().segmentOf(*point), false);
}

void SelectionController::take(std::vector<std::uint32_t> points, bool adds) {
  adds ? document_.selection().add(points) : document_.selection().set(std::move(points));
}

void SelectionController::highlight() {
  const auto& selected = document_.selection().points();
  if (selected.empty() || !document_.scene()) {
    markers_.setDots({});
    image_panel_.canvas().setDots({});
    Q_EMIT described({});
    return;
  }
  const auto& positions = document_.scene()->points().positions_m;
  const std::size_t step = 1 + (selected.size() - 1) / kMostDots;
  std::vector<Eigen::Vector3f> in_scene;
  for (std::size_t i = 0; i < selected.size(); i += step) in_scene.push_back(positions[selected[i]]);
  QList<QPointF> in_image;
  std::size_t num_seen = 0;
  DepthTolerance tolerance;
  tolerance.absolute_m = document_.tolerance_m();
  for (std::size_t i = 0; frames_.probe() && i < selected.size(); ++i) {
    const PointVisibility visibility = frames_.probe()->visibilityOf(positions[selected[i]], tolerance);
    if (visibility.reason != Visibility::Visible) continue;
    if (num_seen++ % step == 0)
      in_image.emplace_back(static_cast<double>(visibility.pixel.x()), static_cast<double>(visibility.pixel.y()));
  }
  markers_.setDots(std::move(in_scene));
  image_panel_.canvas().setDots(std::move(in_image));
  const QString number = tr("Selected points: %1").arg(counted(selected.size()));
  Q_EMIT described(frames_.probe() ? tr("%1, in this frame: %2").arg(number, counted(num_seen)) : number);
}

}  // namespace tagscape

#include "ui/window/selection_highlighter.h"

#include "ui/image_view/image_canvas.h"
#include "ui/services/frame_controller.h"
#include "ui/view3d/marker_layer.h"

#include <QLocale>

#include <utility>

namespace tagscape {
namespace {

constexpr std::size_t kMaxDots = 60'000;  // More would be slow to draw and look the same.

QString counted(std::size_t number) { return QLocale().toString(static_cast<qulonglong>(number)); }

}  // namespace

SelectionHighlighter::SelectionHighlighter(
    Document& document, FrameController& frames, MarkerLayer& scene_markers, ImageCanvas& canvas, QObject* parent)
    : QObject(parent), document_(document), frames_(frames), scene_markers_(scene_markers), canvas_(canvas) {
  connect(&document.selection(), &Selection::changed, this, &SelectionHighlighter::highlight);
  connect(&frames, &FrameController::probeChanged, this, &SelectionHighlighter::highlight);
  connect(&document, &Document::toleranceChanged, this, &SelectionHighlighter::highlight);
}

void SelectionHighlighter::highlight() {
  const auto& selected = document_.selection().points();
  if (selected.empty() || !document_.scene()) {
    scene_markers_.setDots({});
    canvas_.setDots({});
    Q_EMIT described({});
    return;
  }
  const auto& positions = document_.scene()->points().positions_m;
  const std::size_t step = 1 + (selected.size() - 1) / kMaxDots;
  std::vector<Eigen::Vector3f> in_scene;
  for (std::size_t i = 0; i < selected.size(); i += step) in_scene.push_back(positions[selected[i]]);
  QList<QPointF> in_image;
  std::size_t num_seen = 0;
  const DepthTolerance tolerance = document_.tolerance();
  for (std::size_t i = 0; frames_.probe() && i < selected.size(); ++i) {
    const PointVisibility visibility = frames_.probe()->visibilityOf(positions[selected[i]], tolerance);
    if (visibility.reason != Visibility::Visible) continue;
    if (num_seen++ % step == 0)
      in_image.emplace_back(static_cast<double>(visibility.pixel.x()), static_cast<double>(visibility.pixel.y()));
  }
  scene_markers_.setDots(std::move(in_scene));
  canvas_.setDots(std::move(in_image));
  const QString number = tr("Selected points: %1").arg(counted(selected.size()));
  Q_EMIT described(frames_.probe() ? tr("%1, in this frame: %2").arg(number, counted(num_seen)) : number);
}

}  // namespace tagscape

#include "ui/view3d/scene_view.h"

#include "ui/view3d/current_context.h"
#include "ui/view3d/marker_layer.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QOpenGLContext>
#include <QWheelEvent>

#include <algorithm>
#include <set>
#include <utility>

namespace tagscape {

SceneView::SceneView(Document& document, QWidget* parent)
    : QOpenGLWidget(parent),
      document_(document),
      layers_(document),
      camera_([this] { return viewSize(); }, [this](QPointF position) { return picker_.drawnAt(position); }),
      renderer_(*this, content()),
      picker_(*this, content(), renderer_, camera_),
      pictures_(*this, renderer_),
      overlay_(document, settings_, layers_, renderer_),
      markers_(new MarkerLayer(*this)) {
  setObjectName("sceneView");
  setAccessibleName(tr("3D view"));
  setAccessibleDescription(
      tr("Point cloud of the scene; drag to orbit, Shift+drag to pan, wheel to zoom, hold the right button and press "
         "W, A, S, D, Q or E to fly"));
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setMinimumSize(240, 180);
  hover_timer_.setSingleShot(true);
  hover_timer_.setInterval(0);
  connectParts();
  connectDocument();
}

SceneView::~SceneView() {
  disconnect(context_going_);  // The base class destroys the context after the members.
  releaseGl();
}

void SceneView::connectParts() {
  connect(&hover_timer_, &QTimer::timeout, this, &SceneView::hover);
  connect(this, &QOpenGLWidget::frameSwapped, this, &SceneView::frameReachedScreen);
  connect(&camera_, &CameraController::changed, this, &SceneView::cameraChanged);
  connect(&camera_, &CameraController::rested, this, &SceneView::redrawScene);
  connect(&renderer_, &ViewRenderer::packed, this, &SceneView::redrawScene);
  connect(&renderer_, &ViewRenderer::completed, this, &SceneView::pictureCompleted);
  connect(&renderer_, &ViewRenderer::failed, this, &SceneView::drawingFailed);
  connect(&settings_, &ViewSettings::changed, this, &SceneView::showLayers);
  connect(&layers_, &PointLayers::stateChanged, this, &SceneView::recolor);
  connect(&layers_, &PointLayers::progressed, this, [this] { repaintOverlay(1); });
  connect(
      &layers_, &PointLayers::columnPatched, this, [this](PointLayer layer, const std::vector<std::uint32_t>& points) {
        renderer_.patchColumn(layer, points);
        if (layer == document_.layer() || layer == settings_.otherLayer()) recolor();
      });
  connect(&layers_, &PointLayers::columnChanged, this, [this](PointLayer layer) {
    renderer_.resendColumn(layer);
    overlay_.findShownClasses();
    recolor();
  });
}

void SceneView::connectDocument() {
  connect(&document_, &Document::sceneChanged, this, &SceneView::openScene);
  connect(&document_, &Document::layerChanged, this, &SceneView::showLayers);
  connect(&document_.displayStyle(), &DisplayStyle::changed, this, &SceneView::recolor);
  connect(&document_, &Document::camsChanged, this, &SceneView::recolor);
  connect(&document_, &Document::frameChanged, this, &SceneView::redrawCameras);
  connect(&document_, &Document::surfaceChanged, this, &SceneView::redrawScene);
  connect(&document_, &Document::toleranceChanged, this, [this] { update(); });
  const auto draw_as_in_motion = [this] {
    camera_.keepMoving();
    cameraChanged();
  };
  connect(&document_, &Document::camThresholdChanged, this, draw_as_in_motion);
  connect(&document_, &Document::pointScaleChanged, this, draw_as_in_motion);
}

OrbitCamera::ViewSize SceneView::viewSize() const { return {std::max(1, width()), std::max(1, height())}; }

ViewState SceneView::state() const {
  const bool is_dark = palette().color(QPalette::Window).lightness() < 128;
  return {camera(), viewSize(), static_cast<float>(devicePixelRatioF()), is_dark, isMoving()};
}

std::size_t SceneView::numBytesOnGpu() const { return renderer_.scene() ? renderer_.scene()->points().numBytes() : 0; }

int SceneView::numPositionUploads() const {
  return renderer_.scene() ? renderer_.scene()->points().numPositionUploads() : 0;
}

// ---------------------------------------------------------------------------------------------------- what is shown

void SceneView::openScene() {
  overlay_.setHovered({});
  settings_.setClipBox_m({});
  settings_.setClipPlane({});
  announces_shown_ = document_.scene() != nullptr;
  renderer_.packPoints();
  resetCamera();
}

void SceneView::showLayers() {
  std::set<PointLayer> wanted{document_.layer()};
  if (settings_.otherLayer()) wanted.insert(*settings_.otherLayer());
  layers_.setWanted(wanted);
  overlay_.findShownClasses();
  recolor();
}

void SceneView::redrawScene() {
  renderer_.redrawScene();
  // Legend and counts may have changed, and ImGui knows their size only one frame later; a motion repaints anyway.
  if (!isMoving()) overlay_repaints_ = 2;
  update();
}

void SceneView::redrawCameras() {
  renderer_.redrawCameras();
  if (!isMoving()) overlay_repaints_ = 2;
  update();
}

/// New colours are first drawn as in motion, then completely.
void SceneView::recolor() {
  if (!showsMesh() && renderer_.hasSentPoints()) camera_.keepMoving();
  redrawScene();
}

void SceneView::cameraChanged() {
  if (isMoving()) setHovered({});
  Q_EMIT cameraMoved();
  redrawScene();
}

void SceneView::pictureCompleted() {
  overlay_repaints_ = std::max(overlay_repaints_, 1);
  if (std::exchange(hovers_again_, false)) hover_timer_.start();
}

void SceneView::repaintOverlay(int num_times) {
  overlay_repaints_ = num_times;
  update();
}

void SceneView::resetCamera() { camera_.reset(document_.scene().get()); }

Status SceneView::setViewText(const QString& text) {
  OrbitCamera changed = camera();
  TAGSCAPE_TRY(changed.setFromText(text.trimmed().toStdString()));
  camera_.flyTo(changed);
  return {};
}

void SceneView::setStandardView(StandardView view) {
  if (!document_.scene()) return;
  OrbitCamera changed = camera();
  changed.setStandardView(view, *document_.scene());
  camera_.flyTo(changed);
}

void SceneView::flyToFrame(int frame_index) {
  if (frame_index < 0 || frame_index >= document_.numFrames()) return;
  document_.setFrameIndex(frame_index);
  const Scene& scene = *document_.scene();
  const auto& pose = scene.frames[static_cast<std::size_t>(frame_index)].world_from_camera;
  if (!pose) return;
  OrbitCamera changed = camera();
  changed.lookThrough(*pose, scene.color_intrinsics, viewSize());
  camera_.flyTo(changed);
}

void SceneView::cutAtTarget() {
  const Eigen::Vector3f target = camera().targetInWorld();
  const Eigen::Vector3f forward = (target - camera().eyeInWorld()).normalized();
  settings_.setClipPlane(Eigen::Vector4f(forward.x(), forward.y(), forward.z(), -forward.dot(target)));
}

Result<QImage> SceneView::picture(QSize size_px,
                                  bool is_transparent,
                                  const std::function<bool(int done, int total)>& proceed) {
  return pictures_.make(state(), size_px, is_transparent, proceed);
}

// ---------------------------------------------------------------------------------------------------- drawing

void SceneView::initializeGL() {
  disconnect(context_going_);
  context_going_ = connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, &SceneView::releaseGl);
  renderer_.createGl();
}

void SceneView::releaseGl() {
  const CurrentContext current(*this);
  overlay_.view().releaseGl();
  renderer_.releaseGl();
}

void SceneView::paintGL() {
  if (pictures_.isBusy()) return renderer_.showKept();
  if (!renderer_.paint(state())) return;
  if (document_.scene()) {
    overlay_.draw(state());
    if (overlay_repaints_ > 0) repaintOverlay(overlay_repaints_ - 1);
  }
  renderer_.drainErrors("the 3D view");
}

void SceneView::completePicture() {
  if (!document_.scene()) return;
  camera_.rest();
  const CurrentContext current(*this);
  renderer_.complete(state());
  update();
}

void SceneView::frameReachedScreen() {
  if (!renderer_.frameReachedScreen(isMoving())) return;
  if (!announces_shown_ || !renderer_.hasSentPoints() || !document_.scene()) return;
  announces_shown_ = false;
  QTimer::singleShot(0, this, &SceneView::warmUp);
  Q_EMIT sceneShown();
}

void SceneView::warmUp() {
  const CurrentContext current(*this);
  renderer_.warmUp(state());
  update();
}

// ---------------------------------------------------------------------------------------------------- mouse and keys

void SceneView::hover() {
  if (camera_.isDragging()) return;
  hovers_again_ = isMoving() || !isComplete();
  if (isMoving()) return;
  const auto point = rect().contains(last_mouse_.toPoint()) ? picker_.pointAt(last_mouse_) : std::nullopt;
  if (point == overlay_.hovered()) return;
  setHovered(point);
  repaintOverlay(2);
}

void SceneView::setHovered(std::optional<std::size_t> point) {
  if (point == overlay_.hovered()) return;
  overlay_.setHovered(point);
  Q_EMIT pointHovered(point ? static_cast<qint64>(*point) : -1, last_mouse_);
}

void SceneView::mousePressEvent(QMouseEvent* event) {
  last_mouse_ = event->position();
  if (event->button() == Qt::LeftButton && overlay_.view().mousePress(event->position())) return repaintOverlay(2);
  if (tools_.press(*event)) return;
  if (event->button() == Qt::RightButton) setFocus(Qt::MouseFocusReason);  // For the keys of flying.
  camera_.press(*event);
}

void SceneView::mouseMoveEvent(QMouseEvent* event) {
  if (tools_.move(*event)) return;
  last_mouse_ = event->position();
  if (camera_.isDragging()) return camera_.drag(*event);
  if (overlay_.view().mouseMove(event->position())) return repaintOverlay(1);
  hover_timer_.start();
}

void SceneView::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton && overlay_.view().mouseRelease(event->position())) {
    (void)camera_.release(*event);
    return repaintOverlay(2);
  }
  const bool is_taken = tools_.release(*event);
  const bool is_click = camera_.release(*event);
  if (is_taken || !is_click) return;
  if (const auto frame = picker_.frameAt(event->position())) flyToFrame(*frame);
}

void SceneView::wheelEvent(QWheelEvent* event) {
  const float steps = static_cast<float>(event->angleDelta().y()) / 120;
  event->accept();
  if (overlay_.view().mouseWheel(event->position(), steps)) return update();
  if (tools_.wheel(*event)) return;
  camera_.wheel(event->position(), steps);
}

bool SceneView::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride && camera_.wants(static_cast<const QKeyEvent&>(*event))) {
    event->accept();
    return true;
  }
  return QOpenGLWidget::event(event);
}

void SceneView::keyPressEvent(QKeyEvent* event) {
  if (!camera_.keyPress(*event) && !tools_.key(*event)) QOpenGLWidget::keyPressEvent(event);
}

void SceneView::keyReleaseEvent(QKeyEvent* event) {
  if (!camera_.keyRelease(*event)) QOpenGLWidget::keyReleaseEvent(event);
}

void SceneView::leaveEvent(QEvent* event) {
  tools_.leave();
  overlay_.view().mouseLeave();
  setHovered({});
  repaintOverlay(2);
  QOpenGLWidget::leaveEvent(event);
}

void SceneView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) redrawScene();
  QOpenGLWidget::changeEvent(event);
}

}  // namespace tagscape

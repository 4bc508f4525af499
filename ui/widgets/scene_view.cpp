#include "ui/widgets/scene_view.h"

#include "core/base/log.h"
#include "core/geometry/render_depth.h"
#include "ui/render/colors.h"
#include "ui/widgets/frame_workspace.h"

#include <QMouseEvent>
#include <QOpenGLContext>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

constexpr int kRest_ms = 200;
constexpr double kMovingFrame_s = 0.030;  // What a frame may cost while the camera moves.
constexpr std::size_t kFewestPoints = 15'000;
constexpr float kZoomPerStep = 0.87F;

QString className(int class_index) {
  return QString::fromStdString(std::string(classCatalog()[static_cast<std::size_t>(class_index)].name));
}

Eigen::Vector4f toVector(const QColor& color) {
  return {static_cast<float>(color.redF()), static_cast<float>(color.greenF()), static_cast<float>(color.blueF()), 1.F};
}

}  // namespace

SceneView::SceneView(Document& document, QWidget* parent) : QOpenGLWidget(parent), document_(document) {
  setObjectName("sceneView");
  setAccessibleName(tr("3D view"));
  setAccessibleDescription(tr("Point cloud of the scene; drag to orbit, Shift and drag to pan, wheel to zoom"));
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setMinimumSize(240, 180);
  rest_timer_.setSingleShot(true);
  rest_timer_.setInterval(kRest_ms);
  connect(&rest_timer_, &QTimer::timeout, this, &SceneView::redrawScene);
  connect(this, &QOpenGLWidget::frameSwapped, this, &SceneView::frameReachedScreen);
  connectDocument();
}

SceneView::~SceneView() {
  disconnect(context_going_);  // The base class destroys the context after our members are gone.
  makeCurrent();
  releaseGl();
  doneCurrent();
}

void SceneView::connectDocument() {
  connect(&document_, &Document::sceneChanged, this, [this] {
    points_dirty_ = values_dirty_ = true;
    announce_shown_ = document_.scene() != nullptr;
    resetCamera();
  });
  const auto values_changed = [this] {
    values_dirty_ = true;
    redrawScene();
  };
  connect(&document_, &Document::camsChanged, this, values_changed);
  connect(&document_, &Document::layerChanged, this, values_changed);
  connect(&document_, &Document::classChanged, this, [this, values_changed] {
    if (document_.layer() == PointLayer::Cam) values_changed();
  });
  connect(&document_, &Document::frameChanged, this, &SceneView::redrawScene);
  connect(&document_, &Document::camThresholdChanged, this, &SceneView::moved);
  connect(&document_, &Document::pointScaleChanged, this, &SceneView::moved);
  connect(&document_, &Document::surfaceChanged, this, &SceneView::redrawScene);
  connect(&document_, &Document::toleranceChanged, this, [this] { update(); });
}

void SceneView::setCamera(const OrbitCamera& camera) {
  camera_ = camera;
  moved();
}

void SceneView::orbitBy(float dx_px, float dy_px) {
  camera_.orbit(dx_px, dy_px);
  moved();
}

void SceneView::resetCamera() {
  camera_ = OrbitCamera();
  if (document_.scene()) {
    camera_.frameScene(*document_.scene());
    spacing_m_ = meshSpacing_m(document_.scene()->mesh);
  }
  redrawScene();
}

std::size_t SceneView::numPoints() const { return document_.scene() ? document_.scene()->points().size() : 0; }

int SceneView::numPositionUploads() const { return renderers_ ? renderers_->points.numPositionUploads() : 0; }

bool SceneView::showsMesh() const {
  return document_.surface() == Surface::Mesh && document_.scene() && !document_.scene()->mesh.triangles.empty();
}

bool SceneView::isComplete() const {
  return renderers_ && !points_dirty_ && !values_dirty_ && !scene_dirty_ && num_shown_ == numPoints();
}

void SceneView::redrawScene() {
  scene_dirty_ = true;
  // Legend and counts may be others, and ImGui knows their size one frame later; a motion paints anyway.
  if (!isMoving()) overlay_repaints_ = 2;
  update();
}

void SceneView::moved() {
  rest_timer_.start();
  redrawScene();
}

void SceneView::initializeGL() {
  disconnect(context_going_);
  context_going_ = connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, [this] {
    makeCurrent();
    releaseGl();
    doneCurrent();
  });
  createRenderers();
}

void SceneView::createRenderers() {
  const auto refuse = [this](const std::string& message) {
    log::error(message);
    QMetaObject::invokeMethod(
        this, [this, message] { Q_EMIT drawingFailed(QString::fromStdString(message)); }, Qt::QueuedConnection);
  };
  gl::Functions* gl = gl::currentFunctions();
  if (!gl) return refuse("The 3D view needs OpenGL 3.3. Run `tagscape doctor` to see what this display offers.");
  auto points = PointCloudRenderer::create(*gl);
  if (!points) return refuse(points.error().message);
  auto frusta = FrustumRenderer::create(*gl);
  if (!frusta) return refuse(frusta.error().message);
  auto background = BackgroundRenderer::create(*gl);
  if (!background) return refuse(background.error().message);
  renderers_.emplace(Renderers{std::move(*points), std::move(*frusta), std::move(*background), {}});
  points_dirty_ = values_dirty_ = scene_dirty_ = true;
}

void SceneView::releaseGl() {
  overlay_.releaseGl();
  renderers_.reset();
}

void SceneView::paintGL() {
  gl::Functions* gl = gl::currentFunctions();
  if (!gl || !renderers_) return;
  paint_clock_.restart();
  const double ratio = devicePixelRatioF();
  const int width_px = std::max(1, qRound(width() * ratio)), height_px = std::max(1, qRound(height() * ratio));
  if (renderers_->target.resize(*gl, width_px, height_px)) scene_dirty_ = true;
  gl->glViewport(0, 0, width_px, height_px);
  if (isMoving()) {
    uploadWhatChanged(*gl);
    drawScene(*gl);  // Straight to the screen: a picture that is replaced at once need not be kept.
    drew_scene_ = true;
  } else {
    if (scene_dirty_) {
      uploadWhatChanged(*gl);
      renderers_->target.bind(*gl);
      drawScene(*gl);
      scene_dirty_ = false;
      drew_scene_ = true;
    }
    renderers_->target.copyColorTo(*gl, defaultFramebufferObject());
  }
  if (document_.scene()) drawOverlay();
  num_gl_errors_ += gl::drainErrors(*gl, "the 3D view");
}

void SceneView::uploadWhatChanged(gl::Functions& gl) {
  if (points_dirty_) {
    const bool has_scene = document_.scene() != nullptr;
    renderers_->points.setPoints(gl, has_scene ? document_.scene()->points() : PointCloud());
    const float depth_m = std::clamp(camera_.distance_m() * 0.025F, 0.04F, 0.3F);
    renderers_->frusta.setFrames(gl,
                                 has_scene ? document_.scene()->frames : std::vector<Frame>(),
                                 has_scene ? document_.scene()->color_intrinsics : Intrinsics(),
                                 depth_m);
    points_dirty_ = false;
    values_dirty_ = true;
  }
  if (showsMesh() && renderers_->points.numTriangles() == 0) {
    renderers_->points.setTriangles(gl, document_.scene()->mesh.triangles);
  }
  if (values_dirty_) {
    if (document_.scene() && hasLayer() && document_.layer() != PointLayer::Rgb)
      renderers_->points.setValues(gl, pointValues());
    shown_classes_.reset();
    for (const std::uint8_t label : shownLabels()) {
      if (label < kNumClasses) shown_classes_.set(label);
    }
    values_dirty_ = false;
  }
}

std::span<const std::uint8_t> SceneView::shownLabels() const {
  if (document_.layer() == PointLayer::Prediction && document_.cams()) return document_.cams()->point_labels;
  if (document_.layer() == PointLayer::Truth && document_.scene()) return document_.scene()->point_labels;
  return {};
}

bool SceneView::hasLayer() const {
  switch (document_.layer()) {
    case PointLayer::Rgb:
      return true;
    case PointLayer::Cam:
    case PointLayer::Prediction:
      return document_.cams() != nullptr;
    case PointLayer::Truth:
      return document_.scene() && !document_.scene()->point_labels.empty();
  }
  return false;
}

std::vector<float> SceneView::pointValues() const {
  std::vector<float> values(numPoints());
  if (document_.layer() == PointLayer::Cam) {
    const auto class_index = static_cast<std::size_t>(document_.classIndex());
    const auto& cam = document_.cams()->point_values;
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = cam[i * kNumClasses + class_index];
    return values;
  }
  const auto labels = shownLabels();
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = labels[i] < kNumClasses ? static_cast<float>(labels[i]) : -1.F;
  return values;
}

PointStyle SceneView::pointStyle() const {
  PointStyle style;
  if (hasLayer() && document_.layer() == PointLayer::Cam) style.coloring = PointColoring::Heat;
  if (!shownLabels().empty()) style.coloring = PointColoring::Class;
  style.threshold = document_.camThreshold();
  // 1.5 closes the gaps of a grid along its diagonals. Fewer points are drawn larger, so that surfaces stay closed.
  const float sparse =
      num_shown_ < numPoints()
          ? std::sqrt(static_cast<float>(numPoints()) / static_cast<float>(std::max<std::size_t>(1, num_shown_)))
          : 1.F;
  style.diameter_m = 1.5F * spacing_m_ * document_.pointScale() * std::min(sparse, 1.8F);
  style.is_round = !isMoving();
  style.max_size_px = (isMoving() ? 8.F : 24.F) * static_cast<float>(devicePixelRatioF());
  return style;
}

void SceneView::drawScene(gl::Functions& gl) {
  gl.glDepthMask(GL_TRUE);
  gl.glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
  const QColor bottom = isDark() ? QColor(27, 29, 33) : QColor(214, 219, 226);
  const QColor top = isDark() ? QColor(48, 52, 59) : QColor(244, 246, 248);
  renderers_->background.draw(gl, toVector(bottom), toVector(top));
  if (!document_.scene()) return;
  const bool draws_mesh = showsMesh() && !isMoving();
  num_shown_ = isMoving() ? std::min(moving_budget_, numPoints()) : numPoints();
  const Eigen::Matrix4f clip_from_world = camera_.clipFromWorld(viewSize());
  const float px_per_unit = camera_.focalLength_px(viewSize()) * static_cast<float>(devicePixelRatioF());
  if (draws_mesh) {
    // A scan's surface was seen from inside the rooms: without its backs one looks into them from anywhere.
    const bool is_scan = !document_.scene()->frames.empty();
    renderers_->points.drawMesh(gl, clip_from_world, camera_.eyeInWorld(), pointStyle(), is_scan);
  } else {
    renderers_->points.draw(gl, clip_from_world, px_per_unit, pointStyle(), num_shown_);
  }
  renderers_->frusta.draw(gl, clip_from_world, document_.frameIndex());
}

void SceneView::drawOverlay() {
  const OverlayContent before = overlayContent();
  const OverlayContent after = overlay_.draw(before, size(), devicePixelRatioF(), isDark());
  applyOverlay(before, after);
  if (overlay_repaints_ > 0) {
    --overlay_repaints_;
    update();
  }
}

OverlayContent SceneView::overlayContent() const {
  OverlayContent content;
  const QString name = className(document_.classIndex());
  switch (document_.layer()) {
    case PointLayer::Rgb:
      content.title = tr("Colour").toStdString();
      break;
    case PointLayer::Cam:
      content.title = tr("3D CAM · %1").arg(name).toStdString();
      content.swatch = classCatalog()[static_cast<std::size_t>(document_.classIndex())].rgb;
      content.shows_swatch = true;
      content.shows_heat = hasLayer();
      break;
    case PointLayer::Prediction:
      content.title = tr("Prediction").toStdString();
      break;
    case PointLayer::Truth:
      content.title = tr("Ground truth").toStdString();
      break;
  }
  if (!hasLayer()) {
    content.note = document_.layer() == PointLayer::Truth ? tr("This scene has no labels").toStdString()
                                                          : tr("Train, or open a run, to see it").toStdString();
  }
  for (std::size_t row = 0; row < kNumClasses; ++row) {
    if (shown_classes_.test(row))
      content.legend.push_back({std::string(classCatalog()[row].name), classCatalog()[row].rgb});
  }
  content.cam_threshold = document_.camThreshold();
  content.tolerance_m = document_.tolerance_m();
  content.point_scale = document_.pointScale();
  content.frames_per_s = smooth_frame_s_ > 0 ? 1 / smooth_frame_s_ : 0;
  content.num_shown = num_shown_;
  content.num_points = numPoints();
  if (showsMesh() && !isMoving()) content.num_triangles = document_.scene()->mesh.triangles.size();
  return content;
}

void SceneView::applyOverlay(const OverlayContent& before, const OverlayContent& after) {
  if (after.cam_threshold != before.cam_threshold) document_.setCamThreshold(after.cam_threshold);
  if (std::abs(after.tolerance_m - before.tolerance_m) > 1e-5F) document_.setTolerance_m(after.tolerance_m);
  if (after.point_scale != before.point_scale) document_.setPointScale(after.point_scale);
}

void SceneView::frameReachedScreen() {
  if (!drew_scene_) return;
  drew_scene_ = false;
  const double frame_s = paint_clock_.isValid() ? static_cast<double>(paint_clock_.nsecsElapsed()) * 1e-9 : 0;
  if (isMoving() && frame_s > 0) {
    const double change = std::clamp(kMovingFrame_s / frame_s, 0.6, 1.2);
    moving_budget_ = std::clamp(static_cast<std::size_t>(static_cast<double>(moving_budget_) * change),
                                kFewestPoints,
                                std::max(kFewestPoints, numPoints()));
    const double since_last_s = swap_clock_.isValid() ? static_cast<double>(swap_clock_.nsecsElapsed()) * 1e-9 : 1;
    const double shown_s = since_last_s < 0.2 ? since_last_s : frame_s;
    smooth_frame_s_ = smooth_frame_s_ > 0 ? 0.8 * smooth_frame_s_ + 0.2 * shown_s : shown_s;
  }
  swap_clock_.restart();
  if (announce_shown_ && !points_dirty_ && document_.scene()) {
    announce_shown_ = false;
    QTimer::singleShot(0, this, &SceneView::warmUp);
    Q_EMIT sceneShown();
  }
}

void SceneView::warmUp() {
  // Drivers compile a shader when it is first drawn with; better now than in the first moment of a motion.
  makeCurrent();
  if (gl::Functions* gl = gl::currentFunctions(); gl && renderers_ && !points_dirty_) {
    renderers_->target.bind(*gl);
    PointStyle style = pointStyle();
    style.is_round = false;
    constexpr std::size_t kFewPoints = 64;
    renderers_->points.draw(
        *gl, camera_.clipFromWorld(viewSize()), camera_.focalLength_px(viewSize()), style, kFewPoints);
  }
  doneCurrent();
  redrawScene();
}

Eigen::Vector3f SceneView::zoomAnchor(QPointF position) {
  constexpr double kSamePlace_px = 4;
  const bool is_same_place = (position - zoom_place_).manhattanLength() < kSamePlace_px;
  zoom_place_ = position;
  // The kept picture's depth is of the last rest; during a motion the point found then still counts.
  if (isMoving() && is_same_place) return zoom_anchor_;
  zoom_anchor_ =
      isMoving() ? camera_.unproject(static_cast<float>(position.x()), static_cast<float>(position.y()), 1, viewSize())
                 : pointUnder(position);
  return zoom_anchor_;
}

float SceneView::depthUnder(QPointF position) {
  float depth = 1;
  makeCurrent();
  if (gl::Functions* gl = gl::currentFunctions(); gl && renderers_) {
    const double ratio = devicePixelRatioF();
    depth = renderers_->target.depthAt(
        *gl, static_cast<int>(position.x() * ratio), static_cast<int>((height() - 1 - position.y()) * ratio));
  }
  doneCurrent();
  return depth;
}

Eigen::Vector3f SceneView::pointUnder(QPointF position) {
  return camera_.unproject(
      static_cast<float>(position.x()), static_cast<float>(position.y()), depthUnder(position), viewSize());
}

std::optional<Eigen::Vector3f> SceneView::surfaceAt(QPointF position) {
  const float depth = depthUnder(position);
  if (!(depth < 1)) return std::nullopt;
  return camera_.unproject(static_cast<float>(position.x()), static_cast<float>(position.y()), depth, viewSize());
}

void SceneView::mousePressEvent(QMouseEvent* event) {
  last_mouse_ = event->position();
  if (event->button() == Qt::LeftButton && overlay_.mousePress(event->position())) {
    overlay_repaints_ = 2;
    update();
    return;
  }
  const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
  if (event->button() == Qt::LeftButton) drag_ = shift ? Drag::Pan : Drag::Orbit;
  if (event->button() == Qt::MiddleButton) drag_ = Drag::Pan;
}

void SceneView::mouseMoveEvent(QMouseEvent* event) {
  const QPointF step = event->position() - last_mouse_;
  last_mouse_ = event->position();
  if (drag_ == Drag::None) {
    if (overlay_.mouseMove(event->position())) {
      overlay_repaints_ = 1;
      update();
    }
    return;
  }
  const auto dx = static_cast<float>(step.x()), dy = static_cast<float>(step.y());
  if (drag_ == Drag::Orbit) camera_.orbit(dx, dy);
  if (drag_ == Drag::Pan) camera_.pan(dx, dy, viewSize());
  moved();
}

void SceneView::mouseReleaseEvent(QMouseEvent* event) {
  drag_ = Drag::None;
  if (event->button() == Qt::LeftButton && overlay_.mouseRelease(event->position())) {
    overlay_repaints_ = 2;
    update();
  }
}

void SceneView::wheelEvent(QWheelEvent* event) {
  const float steps = static_cast<float>(event->angleDelta().y()) / 120;
  event->accept();
  if (overlay_.mouseWheel(event->position(), steps)) return update();
  if (steps == 0) return;
  camera_.zoomAbout(zoomAnchor(event->position()), std::pow(kZoomPerStep, steps));
  moved();
}

void SceneView::leaveEvent(QEvent* event) {
  overlay_.mouseLeave();
  update();
  QOpenGLWidget::leaveEvent(event);
}

void SceneView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) redrawScene();
  QOpenGLWidget::changeEvent(event);
}

bool SceneView::isDark() const { return palette().color(QPalette::Window).lightness() < 128; }

}  // namespace tagscape

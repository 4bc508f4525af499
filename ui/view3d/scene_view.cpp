#include "ui/view3d/scene_view.h"

#include "core/base/log.h"
#include "ui/services/layer_names.h"

#include <QOpenGLContext>

#include <cmath>

namespace tagscape {
namespace {

constexpr int kRest_ms = 200;
constexpr double kMovingFrame_s = 0.022;  // What a frame may cost while the camera moves,
constexpr double kSlice_s = 0.15;         // and a step of a complete picture: a click must not wait longer.
constexpr std::size_t kFewestPoints = 15'000;
constexpr std::size_t kFewestInSlice = 200'000;

Eigen::Vector4f toVector(const QColor& color) {
  return {static_cast<float>(color.redF()), static_cast<float>(color.greenF()), static_cast<float>(color.blueF()), 1.F};
}

}  // namespace

SceneView::SceneView(Document& document, QWidget* parent)
    : QOpenGLWidget(parent), document_(document), layers_(document) {
  setObjectName("sceneView");
  setAccessibleName(tr("3D view"));
  setAccessibleDescription(tr(
      "Point cloud of the scene; drag to orbit, Shift and drag to pan, wheel to zoom, hold the right button and W, A, "
      "S, D, Q, E to fly"));
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setMinimumSize(240, 180);
  rest_timer_.setSingleShot(true);
  rest_timer_.setInterval(kRest_ms);
  hover_timer_.setSingleShot(true);
  hover_timer_.setInterval(0);
  fly_timer_.setInterval(16);
  flight_timer_.setInterval(16);
  connect(&rest_timer_, &QTimer::timeout, this, &SceneView::redrawScene);
  connect(&hover_timer_, &QTimer::timeout, this, &SceneView::hover);
  connect(&fly_timer_, &QTimer::timeout, this, &SceneView::flyStep);
  connect(&flight_timer_, &QTimer::timeout, this, &SceneView::flightStep);
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
    hovered_point_.reset();
    settings_.setClipBox_m({});
    settings_.setClipPlane({});
    announce_shown_ = document_.scene() != nullptr;
    packPoints();
    resetCamera();
  });
  const auto layer_changed = [this] {
    std::set<PointLayer> wanted{document_.layer()};
    if (settings_.otherLayer()) wanted.insert(*settings_.otherLayer());
    layers_.setWanted(wanted);
    noteShownClasses();
    recolored();
  };
  connect(&document_, &Document::layerChanged, this, layer_changed);
  connect(&settings_, &ViewSettings::changed, this, layer_changed);
  connect(&document_.displayStyle(), &DisplayStyle::changed, this, &SceneView::recolored);
  connect(&layers_, &PointLayers::columnChanged, this, [this](PointLayer layer) {
    dirty_columns_.insert(&rowOf(layer));
    noteShownClasses();
    recolored();
  });
  connect(&layers_, &PointLayers::stateChanged, this, &SceneView::recolored);
  connect(&layers_, &PointLayers::progressed, this, [this] {
    overlay_repaints_ = 1;
    update();
  });
  connect(&document_, &Document::camsChanged, this, &SceneView::recolored);
  connect(&document_, &Document::frameChanged, this, &SceneView::redrawOver);
  connect(&document_, &Document::camThresholdChanged, this, &SceneView::moved);
  connect(&document_, &Document::pointScaleChanged, this, &SceneView::moved);
  connect(&document_, &Document::surfaceChanged, this, &SceneView::redrawScene);
  connect(&document_, &Document::toleranceChanged, this, [this] { update(); });
}

void SceneView::packPoints() {
  packed_.reset();
  points_dirty_ = true;
  dirty_columns_.clear();
  waiting_columns_.clear();
  if (!document_.scene()) {
    pack_runner_.drop();
    packed_ = std::make_shared<const PackedCloud>();
    return;
  }
  pack_runner_.start<PackedCloud>(
      [scene = document_.scene()](const Job&) -> Result<PackedCloud> {
        return packCloud(scene->mesh, scene->point_labels);
      },
      [this](Result<PackedCloud> packed) {
        if (!packed) return refuseToDraw(packed.error().message);
        packed_ = std::make_shared<const PackedCloud>(std::move(*packed));
        spacing_m_ = packed_->spacing_m;
        redrawScene();
      });
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
  flight_timer_.stop();
  camera_ = OrbitCamera();
  if (document_.scene()) camera_.frameScene(*document_.scene());
  Q_EMIT cameraMoved();
  redrawScene();
}

Status SceneView::setViewText(const QString& text) {
  OrbitCamera camera = camera_;
  TAGSCAPE_TRY(camera.setFromText(text.trimmed().toStdString()));
  startFlight(camera);
  return {};
}

std::size_t SceneView::numPoints() const { return document_.scene() ? document_.scene()->points().size() : 0; }

int SceneView::numPositionUploads() const { return renderer_ ? renderer_->points().numPositionUploads() : 0; }

bool SceneView::showsMesh() const {
  return document_.surface() == Surface::Mesh && document_.scene() && !document_.scene()->mesh.triangles.empty();
}

bool SceneView::isComplete() const {
  return renderer_ && !points_dirty_ && dirty_columns_.empty() && !scene_dirty_ && !over_dirty_ && !is_refining_ &&
         !isMoving() && !layers_.isBusy() && !pack_runner_.isBusy();
}

void SceneView::redrawScene() {
  scene_dirty_ = true;
  // Legend and counts may be others, and ImGui knows their size one frame later; a motion paints anyway.
  if (!isMoving()) overlay_repaints_ = 2;
  update();
}

void SceneView::redrawOver() {
  over_dirty_ = true;
  if (!isMoving()) overlay_repaints_ = 2;
  update();
}

void SceneView::moved() {
  rest_timer_.start();
  if (hovered_point_) {
    hovered_point_.reset();
    Q_EMIT pointHovered(-1, last_mouse_);
  }
  Q_EMIT cameraMoved();
  redrawScene();
}

/// Other colours show at once, as in a motion, and complete a moment later.
void SceneView::recolored() {
  if (!showsMesh() && !points_dirty_) rest_timer_.start();
  redrawScene();
}

void SceneView::initializeGL() {
  disconnect(context_going_);
  context_going_ = connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, [this] {
    makeCurrent();
    releaseGl();
    doneCurrent();
  });
  createRenderer();
}

void SceneView::refuseToDraw(const std::string& message) {
  log::error(message);
  QMetaObject::invokeMethod(
      this, [this, message] { Q_EMIT drawingFailed(QString::fromStdString(message)); }, Qt::QueuedConnection);
}

void SceneView::createRenderer() {
  gl::Functions* gl = gl::currentFunctions();
  if (!gl) return refuseToDraw("The 3D view needs OpenGL 3.3. Run `tagscape doctor` to see what this display offers.");
  auto renderer = SceneRenderer::create(*gl);
  if (!renderer) return refuseToDraw(renderer.error().message);
  renderer_.emplace(std::move(*renderer));
  points_dirty_ = scene_dirty_ = true;
  is_refining_ = false;
}

void SceneView::releaseGl() {
  overlay_.releaseGl();
  renderer_.reset();
}

HeatRange SceneView::rangeOf(PointLayer layer) const {
  if (document_.displayStyle().isRangeLocked() && !rowOf(layer).is_count) return document_.displayStyle().heatRange();
  return layers_.range(layer);
}

/// Fewer points are drawn larger, so that surfaces stay closed.
float SceneView::sparseScale(std::size_t num_drawn) const {
  if (num_drawn >= numPoints()) return 1;
  const float ratio = static_cast<float>(numPoints()) / static_cast<float>(std::max<std::size_t>(1, num_drawn));
  return std::min(std::sqrt(ratio), 1.8F);
}

PointStyle SceneView::pointStyle(float pixel_ratio) const {
  PointStyle style;
  if (layers_.has(document_.layer())) style.layer = &rowOf(document_.layer());
  const auto other = settings_.otherLayer();
  if (other && layers_.has(*other)) {
    style.other = &rowOf(*other);
    style.blend = settings_.blend();
    style.other_range = rangeOf(*other);
  }
  style.range = rangeOf(document_.layer());
  style.threshold = document_.camThreshold();
  style.heat_map = document_.displayStyle().heatMap();
  style.palette = document_.displayStyle().palette();
  style.hides_truth = document_.layer() == PointLayer::Truth || !layers_.has(PointLayer::Prediction);
  style.hidden = document_.displayStyle().hiddenClasses();
  style.clip_box_m = settings_.clipBox_m();
  style.clip_plane = settings_.clipPlane();
  // 1.5 closes the gaps of a grid along its diagonals.
  style.diameter_m = 1.5F * spacing_m_ * document_.pointScale();
  style.diameter_px = settings_.pointSize_px() * pixel_ratio;
  style.max_size_px = std::max(24.F, settings_.pointSize_px()) * pixel_ratio;
  return style;
}

RenderSettings SceneView::renderSettings(OrbitCamera::ViewSize view, float pixel_ratio) const {
  RenderSettings settings;
  settings.clip_from_world = camera_.clipFromWorld(view);
  settings.eye_m = camera_.eyeInWorld();
  settings.near_m = camera_.near_m();
  settings.far_m = camera_.far_m();
  settings.px_per_unit = camera_.focalLength_px(view) * pixel_ratio;
  settings.pixel_ratio = pixel_ratio;
  settings.style = pointStyle(pixel_ratio);
  settings.is_mesh = showsMesh();
  // A scan's surface was seen from inside the rooms: without its backs one looks into them from anywhere.
  settings.culls_back = document_.scene() && !document_.scene()->frames.empty();
  settings.is_eye_dome = settings_.isEyeDome();
  settings.shows_frames = settings_.showsFrames();
  settings.frame_index = document_.frameIndex();
  const QColor bottom = isDark() ? QColor(27, 29, 33) : QColor(214, 219, 226);
  const QColor top = isDark() ? QColor(48, 52, 59) : QColor(244, 246, 248);
  settings.background = RenderSettings::Background{toVector(bottom), toVector(top)};
  return settings;
}

void SceneView::paintGL() {
  gl::Functions* gl = gl::currentFunctions();
  if (!gl || !renderer_) return;
  if (is_making_picture_) return renderer_->show(*gl, defaultFramebufferObject());
  paint_clock_.restart();
  const double ratio = devicePixelRatioF();
  const int width_px = std::max(1, qRound(width() * ratio)), height_px = std::max(1, qRound(height() * ratio));
  const auto resized = renderer_->resize(*gl, width_px, height_px);
  if (!resized) {
    renderer_.reset();
    return refuseToDraw(resized.error().message);
  }
  if (*resized) scene_dirty_ = true;
  uploadWhatChanged(*gl);
  const Status painted = isMoving() ? paintMoving(*gl) : paintResting(*gl);
  if (!painted) {
    renderer_.reset();
    return refuseToDraw(painted.error().message);
  }
  if (document_.scene()) drawOverlay();
  num_gl_errors_ += gl::drainErrors(*gl, "the 3D view");
}

Status SceneView::paintMoving(gl::Functions& gl) {
  const std::size_t budget = draws_all_while_moving_ ? numPoints() : moving_budget_;
  RenderSettings settings = renderSettings(viewSize(), static_cast<float>(devicePixelRatioF()));
  settings.style.is_round = false;
  settings.style.diameter_m *= sparseScale(budget);
  settings.style.max_size_px = std::max(8.F, settings_.pointSize_px()) * settings.pixel_ratio;
  is_refining_ = false;
  // Straight to the screen: a picture that is replaced at once need not be kept.
  TAGSCAPE_TRY(renderer_->drawPart(gl, defaultFramebufferObject(), settings, budget));
  drew_scene_ = true;
  return {};
}

Status SceneView::paintResting(gl::Functions& gl) {
  const RenderSettings settings = renderSettings(viewSize(), static_cast<float>(devicePixelRatioF()));
  if (std::exchange(scene_dirty_, false)) {
    renderer_->begin(gl, settings);
    is_refining_ = true;
    if (renderer_->numInView() > slice_points_ && !settings.is_mesh) {
      // What is on screen now comes first, so that the complete picture can take its time.
      RenderSettings sparse = settings;
      sparse.style.diameter_m *= sparseScale(moving_budget_);
      TAGSCAPE_TRY(renderer_->refine(gl, sparse, moving_budget_));
      renderer_->showUnfinished(gl, settings);
      renderer_->begin(gl, settings);
    }
  }
  if (is_refining_) {
    QElapsedTimer clock;
    clock.start();
    TAGSCAPE_ASSIGN(const bool is_done, renderer_->refine(gl, settings, slice_points_));
    if (!is_done) {
      gl.glFinish();  // Or the pieces queue up behind each other.
      const double change =
          std::clamp(kSlice_s / std::max(1e-4, static_cast<double>(clock.nsecsElapsed()) * 1e-9), 0.5, 2.);
      slice_points_ = std::max(kFewestInSlice, static_cast<std::size_t>(static_cast<double>(slice_points_) * change));
      update();
    }
    is_refining_ = !is_done;
    over_dirty_ = over_dirty_ && !is_done;
    drew_scene_ = is_done;
    if (is_done) overlay_repaints_ = std::max(overlay_repaints_, 1);
    if (is_done && std::exchange(look_again_, false)) hover_timer_.start();
  } else if (std::exchange(over_dirty_, false)) {
    renderer_->finish(gl, settings);
  }
  renderer_->show(gl, defaultFramebufferObject());
  return {};
}

void SceneView::frameReachedScreen() {
  if (!std::exchange(drew_scene_, false)) return;
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
  // Drivers compile a shader when it is first drawn with; better now than in the first moment of a motion or with
  // another layer.
  makeCurrent();
  if (gl::Functions* gl = gl::currentFunctions(); gl && renderer_ && !points_dirty_) {
    RenderSettings settings = renderSettings(viewSize(), static_cast<float>(devicePixelRatioF()));
    settings.style.is_round = false;
    std::vector<const ColorLayer*> layers{settings.style.layer};
    for (const ColorLayer& row : colorLayers()) {
      const bool is_likely =
          row.menu == LayerMenu::View && (document_.cams() || !row.isMadeFrom(LayerNeed::Prediction));
      if (is_likely) layers.push_back(&row);
    }
    for (const ColorLayer* layer : layers) {
      settings.style.layer = layer;
      if (!renderer_->warmUp(*gl, defaultFramebufferObject(), settings)) break;
    }
  }
  doneCurrent();
  update();
}

bool SceneView::isDark() const { return palette().color(QPalette::Window).lightness() < 128; }

}  // namespace tagscape

#include "ui/view3d/view_renderer.h"

#include "core/base/log.h"
#include "ui/services/layer_names.h"

#include <QOpenGLWidget>

#include <algorithm>
#include <cmath>
#include <utility>

namespace tagscape {

ViewRenderer::ViewRenderer(QOpenGLWidget& widget, const ViewContent& content) : widget_(widget), content_(content) {}

void ViewRenderer::packPoints() {
  packed_.reset();
  are_points_stale_ = true;
  stale_columns_.clear();
  patches_.clear();
  waiting_columns_.clear();
  if (!content_.document.scene()) {
    pack_runner_.drop();
    packed_ = std::make_shared<const PackedCloud>();
    return;
  }
  pack_runner_.start<PackedCloud>(
      [scene = content_.document.scene()](const Job&) -> Result<PackedCloud> {
        return packCloud(scene->mesh, scene->point_labels);
      },
      [this](Result<PackedCloud> made) {
        if (!made) return refuse(made.error().message);
        packed_ = std::make_shared<const PackedCloud>(std::move(*made));
        spacing_m_ = packed_->spacing_m;
        Q_EMIT packed();
      });
}

std::size_t ViewRenderer::numPoints() const {
  const auto& scene = content_.document.scene();
  return scene ? scene->points().size() : 0;
}

bool ViewRenderer::isComplete() const {
  return hasPicture() && !are_points_stale_ && stale_columns_.empty() && !are_cameras_stale_ && !pack_runner_.isBusy();
}

RenderSettings ViewRenderer::settings(const ViewState& view) const {
  return renderSettings(content_, view, spacing_m_);
}

void ViewRenderer::refuse(const std::string& message) {
  log::error(message);
  QMetaObject::invokeMethod(
      this, [this, message] { Q_EMIT failed(QString::fromStdString(message)); }, Qt::QueuedConnection);
}

void ViewRenderer::createGl() {
  gl::Functions* gl = gl::currentFunctions();
  if (!gl) return refuse("The 3D view needs OpenGL 3.3. Run `tagscape doctor` to see what this display offers.");
  auto renderer = SceneRenderer::create(*gl);
  if (!renderer) return refuse(renderer.error().message);
  renderer_.emplace(std::move(*renderer));
  are_points_stale_ = is_scene_stale_ = true;
  is_refining_ = false;
}

void ViewRenderer::upload(gl::Functions& gl, const OrbitCamera& camera) {
  if (are_points_stale_ && packed_) {
    const Scene* scene = content_.document.scene().get();
    renderer_->points().setPoints(gl, packed_);
    const float depth_m = std::clamp(camera.distance_m() * 0.025F, 0.04F, 0.3F);
    renderer_->frusta().setFrames(
        gl, scene ? scene->frames : std::vector<Frame>(), scene ? scene->color_intrinsics : Intrinsics(), depth_m);
    are_points_stale_ = false;
    waiting_columns_.clear();
    for (const ColorLayer& row : colorLayers()) {
      if (row.hasColumn()) stale_columns_.insert(&row);
    }
  }
  if (are_points_stale_) return;
  if (showsMesh(content_.document) && renderer_->points().numTriangles() == 0)
    renderer_->points().setTriangles(gl, content_.document.scene()->mesh.triangles);
  uploadPatches(gl);
  uploadColumns(gl);
}

void ViewRenderer::resendColumn(PointLayer layer) { stale_columns_.insert(&rowOf(layer)); }

void ViewRenderer::patchColumn(PointLayer layer, const std::vector<std::uint32_t>& points) {
  auto& patch = patches_[&rowOf(layer)];
  patch.insert(patch.end(), points.begin(), points.end());
}

/// What is sent as a whole, now or when it is shown next, needs no patch.
void ViewRenderer::uploadPatches(gl::Functions& gl) {
  for (const auto& [row, points] : std::exchange(patches_, {})) {
    const bool is_sent = renderer_->points().hasColumn(*row) && !stale_columns_.contains(row) &&
                         !waiting_columns_.contains(row) && content_.layers.has(PointLayer{row->id});
    if (is_sent) renderer_->points().patchColumn(gl, *row, content_.layers.column({row->id}).bytes, points);
  }
}

std::set<const ColorLayer*> ViewRenderer::columnsOnScreen() const {
  std::set<const ColorLayer*> columns{&rowOf(PointLayer::Prediction)};  // The labels by which classes are hidden.
  const auto add = [&](PointLayer layer) {
    for (const ColorLayer* row : columnsReadBy(rowOf(layer))) columns.insert(row);
  };
  add(content_.document.layer());
  if (content_.settings.otherLayer()) add(*content_.settings.otherLayer());
  return columns;
}

/// Visible layers are uploaded first and evict others; the rest is uploaded in advance if it fits, so that another
/// layer shows at once.
void ViewRenderer::uploadColumns(gl::Functions& gl) {
  const auto on_screen = columnsOnScreen();
  for (const ColorLayer* row : on_screen) {
    if (waiting_columns_.erase(row) > 0) stale_columns_.insert(row);
  }
  const auto stale = std::exchange(stale_columns_, {});
  for (const ColorLayer* row : on_screen) {
    if (!stale.contains(row) || row->column.bytes_a_point == 0) continue;
    for (const ColorLayer* freed : renderer_->points().makeRoomFor(gl, *row, on_screen)) waiting_columns_.insert(freed);
    uploadColumn(gl, *row);
  }
  for (const ColorLayer* row : stale) {
    if (on_screen.contains(row) || row->column.bytes_a_point == 0) continue;
    const bool is_growing = row->isMadeFrom(LayerNeed::VisibilityIndex);  // It would have to be uploaded again.
    if (!is_growing && renderer_->points().hasRoomFor(*row)) {
      uploadColumn(gl, *row);
    } else {
      waiting_columns_.insert(row);
    }
  }
}

void ViewRenderer::uploadColumn(gl::Functions& gl, const ColorLayer& of) {
  if (!content_.layers.has(PointLayer{of.id})) return;
  const ColumnData& column = content_.layers.column({of.id});
  if (of.column.bytes_a_point == 1) {
    if (column.bytes.size() == numPoints() && !column.bytes.empty())
      renderer_->points().setColumn(gl, of, column.bytes);
    return;
  }
  if (column.values.size() == numPoints()) return renderer_->points().setColumn(gl, of, column.values);
  const std::vector<std::uint16_t> none(numPoints(), of.column.where_empty);
  renderer_->points().setColumn(gl, of, std::span<const std::uint16_t>(none));
}

/// Fewer points are drawn larger, to keep surfaces closed.
float ViewRenderer::sparseScale(std::size_t num_drawn) const {
  if (num_drawn >= numPoints()) return 1;
  const float ratio = static_cast<float>(numPoints()) / static_cast<float>(std::max<std::size_t>(1, num_drawn));
  return std::min(std::sqrt(ratio), 1.8F);
}

bool ViewRenderer::paint(const ViewState& view) {
  gl::Functions* gl = gl::currentFunctions();
  if (!gl || !renderer_) return false;
  budget_.frameBegins();
  const auto pixels = [&view](int logical) {
    return std::max(1, qRound(static_cast<double>(logical) * static_cast<double>(view.pixel_ratio)));
  };
  const auto is_lost = renderer_->resize(*gl, pixels(view.size.width_px), pixels(view.size.height_px));
  if (is_lost && *is_lost) is_scene_stale_ = true;
  Status painted = is_lost ? Status() : fail(is_lost.error());
  if (painted) {
    upload(*gl, view.camera);
    painted = view.is_moving ? paintMoving(*gl, view) : paintResting(*gl, view);
  }
  if (painted) return true;
  renderer_.reset();
  refuse(painted.error().message);
  return false;
}

Status ViewRenderer::paintMoving(gl::Functions& gl, const ViewState& view) {
  const std::size_t budget = draws_all_while_moving_ ? numPoints() : budget_.numMoving();
  RenderSettings drawn = settings(view);
  drawn.style.is_round = false;
  drawn.style.diameter_m *= sparseScale(budget);
  drawn.style.max_size_px = std::max(8.F, content_.settings.pointSize_px()) * drawn.pixel_ratio;
  is_refining_ = false;
  // Directly to the screen: a picture that is replaced at once is not kept.
  TAGSCAPE_TRY(renderer_->drawPart(gl, widget_.defaultFramebufferObject(), drawn, budget));
  drew_scene_ = true;
  return {};
}

Status ViewRenderer::paintResting(gl::Functions& gl, const ViewState& view) {
  const RenderSettings drawn = settings(view);
  if (std::exchange(is_scene_stale_, false)) TAGSCAPE_TRY(beginPicture(gl, drawn));
  if (is_refining_) {
    TAGSCAPE_TRY(refinePicture(gl, drawn));
  } else if (std::exchange(are_cameras_stale_, false)) {
    renderer_->finish(gl, drawn);
  }
  renderer_->show(gl, widget_.defaultFramebufferObject());
  return {};
}

Status ViewRenderer::beginPicture(gl::Functions& gl, const RenderSettings& settings) {
  renderer_->begin(gl, settings);
  is_refining_ = true;
  if (renderer_->numInView() <= budget_.numInStep() || settings.is_mesh) return {};
  // A preview first, since the complete picture takes longer.
  RenderSettings sparse = settings;
  sparse.style.diameter_m *= sparseScale(budget_.numMoving());
  TAGSCAPE_TRY(renderer_->refine(gl, sparse, budget_.numMoving()));
  renderer_->showUnfinished(gl, settings);
  renderer_->begin(gl, settings);
  return {};
}

Status ViewRenderer::refinePicture(gl::Functions& gl, const RenderSettings& settings) {
  QElapsedTimer clock;
  clock.start();
  TAGSCAPE_ASSIGN(const bool is_done, renderer_->refine(gl, settings, budget_.numInStep()));
  is_refining_ = !is_done;
  drew_scene_ = is_done;
  if (!is_done) {
    gl.glFinish();  // Otherwise the steps queue up.
    budget_.stepTook(static_cast<double>(clock.nsecsElapsed()) * 1e-9);
    widget_.update();
    return {};
  }
  are_cameras_stale_ = false;
  Q_EMIT completed();
  return {};
}

void ViewRenderer::complete(const ViewState& view) {
  gl::Functions* gl = gl::currentFunctions();
  if (!gl || !renderer_ || are_points_stale_ || view.is_moving) return;
  upload(*gl, view.camera);
  const RenderSettings drawn = settings(view);
  Status painted;
  if (std::exchange(is_scene_stale_, false)) painted = beginPicture(*gl, drawn);
  while (painted && is_refining_) painted = refinePicture(*gl, drawn);
  if (!painted) is_scene_stale_ = true;  // The next paint() meets it again, and says so.
}

void ViewRenderer::showKept() {
  if (gl::Functions* gl = gl::currentFunctions(); gl && renderer_)
    renderer_->show(*gl, widget_.defaultFramebufferObject());
}

bool ViewRenderer::frameReachedScreen(bool is_moving) {
  if (!std::exchange(drew_scene_, false)) return false;
  budget_.frameReachedScreen(is_moving, numPoints());
  return true;
}

void ViewRenderer::warmUp(const ViewState& view) {
  gl::Functions* gl = gl::currentFunctions();
  if (!gl || !renderer_ || are_points_stale_) return;
  RenderSettings drawn = settings(view);
  drawn.style.is_round = false;
  std::vector<const ColorLayer*> layers{drawn.style.layer};
  for (const ColorLayer& row : colorLayers()) {
    const bool is_likely =
        row.menu == LayerMenu::View && (content_.document.cams() || !row.isMadeFrom(LayerNeed::Prediction));
    if (is_likely) layers.push_back(&row);
  }
  for (const ColorLayer* layer : layers) {
    drawn.style.layer = layer;
    if (!renderer_->warmUp(*gl, widget_.defaultFramebufferObject(), drawn)) break;
  }
}

void ViewRenderer::drainErrors(std::string_view where) {
  if (gl::Functions* gl = gl::currentFunctions()) num_gl_errors_ += gl::drainErrors(*gl, where);
}

}  // namespace tagscape

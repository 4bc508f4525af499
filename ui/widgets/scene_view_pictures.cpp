// Pictures of SceneView in any size.

#include "ui/widgets/scene_view.h"

#include <limits>

namespace tagscape {
namespace {

struct CurrentContext {
  explicit CurrentContext(QOpenGLWidget& widget) : widget_(widget) { widget_.makeCurrent(); }
  ~CurrentContext() { widget_.doneCurrent(); }
  CurrentContext(const CurrentContext&) = delete;
  CurrentContext& operator=(const CurrentContext&) = delete;

 private:
  QOpenGLWidget& widget_;
};

}  // namespace

Result<QImage> SceneView::picture(QSize size_px, bool is_transparent) {
  const CurrentContext current(*this);
  gl::Functions* gl = gl::currentFunctions();
  if (!gl || !renderer_) return fail(ErrorCode::Unsupported, "The 3D view cannot draw, so there is no picture of it.");
  if (size_px.isEmpty()) return fail(ErrorCode::InvalidInput, "A picture needs a width and a height.");
  uploadWhatChanged(*gl);
  scene_dirty_ = true;  // What was kept is lost.
  is_refining_ = false;
  // As if the view were as large: points and lines keep their part of the picture, not their pixels.
  const float ratio = static_cast<float>(size_px.height()) / static_cast<float>(viewSize().height_px);
  const OrbitCamera::ViewSize view{std::max(1, qRound(static_cast<float>(size_px.width()) / ratio)),
                                   viewSize().height_px};
  SceneLook look = sceneLook(view, ratio);
  look.clip_from_world = camera_.clipFromWorld({size_px.width(), size_px.height()});
  if (is_transparent) look.background.reset();
  TAGSCAPE_TRY(renderer_->resize(*gl, size_px.width(), size_px.height()));
  renderer_->begin(*gl, look);
  TAGSCAPE_TRY(renderer_->refine(*gl, look, std::numeric_limits<std::size_t>::max()));
  QImage image = renderer_->kept().read(*gl);
  num_gl_errors_ += gl::drainErrors(*gl, "a picture of the 3D view");
  update();
  return image.convertToFormat(is_transparent ? QImage::Format_ARGB32 : QImage::Format_RGB32);
}

}  // namespace tagscape

// Pictures of SceneView in any size.

#include "ui/render/picture_tiles.h"
#include "ui/view3d/scene_view.h"

#include <QPointer>

#include <algorithm>

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

tl::unexpected<Error> cannotDraw() {
  return fail(ErrorCode::Unsupported, "The 3D view cannot draw, so there is no picture of it.");
}

/// Copies what is kept of a tile to its place.
void putTile(const QImage& tile, const PictureTile& place, QImage& picture) {
  const QImage drawn = tile.convertToFormat(picture.format());
  const QPoint skipped = place.kept.topLeft() - place.drawn.topLeft();
  for (int y = 0; y < place.kept.height(); ++y) {
    const auto* from = reinterpret_cast<const QRgb*>(drawn.constScanLine(skipped.y() + y)) + skipped.x();
    auto* to = reinterpret_cast<QRgb*>(picture.scanLine(place.kept.top() + y)) + place.kept.left();
    std::copy_n(from, place.kept.width(), to);
  }
}

}  // namespace

Result<QImage> SceneView::picture(QSize size_px,
                                  bool is_transparent,
                                  const std::function<bool(int done, int total)>& proceed) {
  TAGSCAPE_TRY(checkPictureSize(size_px));
  if (is_making_picture_) return fail(ErrorCode::Unsupported, "Another picture of the 3D view is being made.");
  {
    const CurrentContext current(*this);
    gl::Functions* gl = gl::currentFunctions();
    if (!gl || !renderer_) return cannotDraw();
    uploadWhatChanged(*gl);
  }
  QImage picture(size_px, is_transparent ? QImage::Format_ARGB32 : QImage::Format_RGB32);
  if (picture.isNull()) {
    return fail(ErrorCode::Unsupported, "There is not enough memory for a picture of this size. Choose a smaller one.");
  }
  RenderSettings settings = pictureSettings(size_px);
  if (is_transparent) settings.background.reset();
  const QPointer<SceneView> self(this);
  is_making_picture_ = true;
  const Status drawn = drawTiles(settings, proceed, picture);
  if (!self) return cannotDraw();
  is_making_picture_ = false;
  const CurrentContext current(*this);
  if (renderer_) renderer_->releasePicture();
  if (gl::Functions* gl = gl::currentFunctions()) num_gl_errors_ += gl::drainErrors(*gl, "a picture of the 3D view");
  update();
  if (!drawn) return fail(drawn.error());
  return picture;
}

/// As if the view were as large: points and lines keep their part of the picture, not their pixels.
RenderSettings SceneView::pictureSettings(QSize size_px) const {
  const float ratio = static_cast<float>(size_px.height()) / static_cast<float>(viewSize().height_px);
  const OrbitCamera::ViewSize view{std::max(1, qRound(static_cast<float>(size_px.width()) / ratio)),
                                   viewSize().height_px};
  RenderSettings settings = renderSettings(view, ratio);
  settings.clip_from_world = camera_.clipFromWorld({size_px.width(), size_px.height()});
  return settings;
}

Status SceneView::drawTiles(const RenderSettings& settings,
                            const std::function<bool(int, int)>& proceed,
                            QImage& picture) {
  std::vector<PictureTile> tiles;
  {
    const CurrentContext current(*this);
    gl::Functions* gl = gl::currentFunctions();
    if (!gl) return cannotDraw();
    const int largest_px = std::min(gl::largestSide_px(*gl), largest_tile_px_);
    TAGSCAPE_ASSIGN(tiles, tilesOf(picture.size(), largest_px, SceneRenderer::reach_px(*gl, settings)));
  }
  const QPointer<SceneView> self(this);
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const bool asks = proceed && tiles.size() > 1;
    if (asks && !proceed(static_cast<int>(i), static_cast<int>(tiles.size())))
      return fail(ErrorCode::Cancelled, "The picture was stopped before it was complete");
    if (!self) return cannotDraw();
    const QRect& drawn = tiles[i].drawn;
    TAGSCAPE_ASSIGN(const QImage tile, drawTile(settingsOfTile(settings, picture.size(), drawn), drawn.size()));
    putTile(tile, tiles[i], picture);
  }
  return {};
}

Result<QImage> SceneView::drawTile(const RenderSettings& settings, QSize size_px) {
  const CurrentContext current(*this);
  gl::Functions* gl = gl::currentFunctions();
  if (!gl || !renderer_) return cannotDraw();  // The window may have lost its context meanwhile.
  return renderer_->picture(*gl, settings, size_px);
}

}  // namespace tagscape

#include "ui/view3d/scene_pictures.h"

#include "ui/render/picture_tiles.h"
#include "ui/view3d/current_context.h"

#include <QPointer>

#include <algorithm>

namespace tagscape {
namespace {

tl::unexpected<Error> cannotDraw() {
  return fail(ErrorCode::Unsupported, "The 3D view cannot draw, so there is no picture of it.");
}

/// Copies the kept part of a tile into the picture.
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

Result<QImage> ScenePictures::make(const ViewState& view, QSize size_px, bool is_transparent, const Proceed& proceed) {
  TAGSCAPE_TRY(checkPictureSize(size_px));
  if (is_busy_) return fail(ErrorCode::Unsupported, "Another picture of the 3D view is being made.");
  {
    const CurrentContext current(widget_);
    gl::Functions* gl = gl::currentFunctions();
    if (!gl || !renderer_.scene()) return cannotDraw();
    renderer_.upload(*gl, view.camera);
  }
  QImage picture(size_px, is_transparent ? QImage::Format_ARGB32 : QImage::Format_RGB32);
  if (picture.isNull())
    return fail(ErrorCode::Unsupported, "There is not enough memory for a picture of this size. Choose a smaller one.");
  RenderSettings drawn = settings(view, size_px);
  if (is_transparent) drawn.background.reset();
  const QPointer<QOpenGLWidget> widget(&widget_);
  is_busy_ = true;
  const Status made = drawTiles(drawn, proceed, picture);
  if (!widget) return cannotDraw();  // This object was destroyed with it.
  is_busy_ = false;
  const CurrentContext current(widget_);
  if (renderer_.scene()) renderer_.scene()->releasePicture();
  renderer_.drainErrors("a picture of the 3D view");
  widget_.update();
  if (!made) return fail(made.error());
  return picture;
}

/// As for a view of this size: points and lines keep their size relative to the picture.
RenderSettings ScenePictures::settings(const ViewState& view, QSize size_px) const {
  ViewState scaled = view;
  scaled.pixel_ratio = static_cast<float>(size_px.height()) / static_cast<float>(view.size.height_px);
  scaled.size.width_px = std::max(1, qRound(static_cast<float>(size_px.width()) / scaled.pixel_ratio));
  RenderSettings settings = renderer_.settings(scaled);
  settings.clip_from_world = view.camera.clipFromWorld({size_px.width(), size_px.height()});
  return settings;
}

Status ScenePictures::drawTiles(const RenderSettings& settings, const Proceed& proceed, QImage& picture) {
  std::vector<PictureTile> tiles;
  {
    const CurrentContext current(widget_);
    gl::Functions* gl = gl::currentFunctions();
    if (!gl) return cannotDraw();
    const int largest_px = std::min(gl::largestSide_px(*gl), largest_tile_px_);
    TAGSCAPE_ASSIGN(tiles, tilesOf(picture.size(), largest_px, SceneRenderer::reach_px(*gl, settings)));
  }
  const QPointer<QOpenGLWidget> widget(&widget_);
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const bool asks = proceed && tiles.size() > 1;
    if (asks && !proceed(static_cast<int>(i), static_cast<int>(tiles.size())))
      return fail(ErrorCode::Cancelled, "The picture was stopped before it was complete");
    if (!widget) return cannotDraw();
    const QRect& drawn = tiles[i].drawn;
    TAGSCAPE_ASSIGN(const QImage tile, drawTile(settingsOfTile(settings, picture.size(), drawn), drawn.size()));
    putTile(tile, tiles[i], picture);
  }
  return {};
}

Result<QImage> ScenePictures::drawTile(const RenderSettings& settings, QSize size_px) {
  const CurrentContext current(widget_);
  gl::Functions* gl = gl::currentFunctions();
  if (!gl || !renderer_.scene()) return cannotDraw();  // The window may have lost its context in the meantime.
  return renderer_.scene()->picture(*gl, settings, size_px);
}

}  // namespace tagscape

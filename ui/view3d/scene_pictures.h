#pragma once

#include "ui/view3d/view_renderer.h"

#include <QImage>
#include <QSize>

#include <functional>

namespace tagscape {

/// Renders pictures of the 3D view at any size, in tiles if they are large.
class ScenePictures {
 public:
  /// Called before each of several tiles with the number done and the total; false stops.
  using Proceed = std::function<bool(int done, int total)>;

  /// Both must outlive this object.
  ScenePictures(QOpenGLWidget& widget, ViewRenderer& renderer) : widget_(widget), renderer_(renderer) {}

  /// As SceneView::picture().
  [[nodiscard]] Result<QImage> make(const ViewState& view, QSize size_px, bool is_transparent, const Proceed& proceed);
  /// Whether a picture is being rendered; changes in the meantime are drawn afterwards.
  [[nodiscard]] bool isBusy() const { return is_busy_; }
  void setLargestTile_px(int largest_px) { largest_tile_px_ = largest_px; }

 private:
  [[nodiscard]] RenderSettings settings(const ViewState& view, QSize size_px) const;
  [[nodiscard]] Status drawTiles(const RenderSettings& settings, const Proceed& proceed, QImage& picture);
  [[nodiscard]] Result<QImage> drawTile(const RenderSettings& settings, QSize size_px);

  QOpenGLWidget& widget_;
  ViewRenderer& renderer_;
  int largest_tile_px_ = 4096;
  bool is_busy_ = false;
};

}  // namespace tagscape

#pragma once

#include "ui/gl/objects.h"

#include <QImage>
#include <QRect>

#include <cstdint>
#include <vector>

namespace tagscape::gl {

/// The maximum side of a SceneTarget with this driver.
[[nodiscard]] int largestSide_px(Functions& gl);

/// The framebuffers of a picture of the scene, in device pixels: drawn colours, the id of what was drawn at each pixel,
/// depth, and the finished picture after post-processing.
class SceneTarget {
 public:
  /// Reallocates if the size differs; the content is then undefined.
  /// @return whether it was reallocated.
  /// Errors: Unsupported if the driver refuses this size.
  [[nodiscard]] Result<bool> resize(Functions& gl, int width_px, int height_px);
  [[nodiscard]] int width_px() const { return width_px_; }
  [[nodiscard]] int height_px() const { return height_px_; }

  /// Binds for drawing: colours to output 0, ids to output 1, depth.
  void bindDrawing(Functions& gl) const;
  /// Clears colour and depth to the current clear values, ids to 0.
  void clear(Functions& gl) const;
  /// Binds the finished picture without depth, for a pass that reads color() and depth().
  void bindFinishing(Functions& gl) const;
  /// Copies the drawn colours to the finished picture.
  void finishPlainly(Functions& gl) const;
  /// Binds the finished picture with the drawn depth, for overlays.
  void bindFinished(Functions& gl) const;

  [[nodiscard]] GLuint color() const { return color_.id(); }
  [[nodiscard]] GLuint depth() const { return depth_.id(); }

  /// Copies the finished picture to `framebuffer`, which must be at least as large and stays bound.
  void copyTo(Functions& gl, GLuint framebuffer) const;
  /// The id at a device pixel from the top left; 0 for none and outside. Like depthAt, waits for the GPU to finish.
  [[nodiscard]] std::uint32_t idAt(Functions& gl, int x_px, int y_px) const;
  /// The distinct ids in a rectangle of device pixels, ascending, without 0. Clipped to the picture.
  [[nodiscard]] std::vector<std::uint32_t> idsIn(Functions& gl, const QRect& pixels) const;
  /// The ids of the whole picture, [height, width], rows from the top.
  [[nodiscard]] std::vector<std::uint32_t> ids(Functions& gl) const;
  /// The value of the depth buffer: 0 near … 1 far; 1 outside.
  [[nodiscard]] float depthAt(Functions& gl, int x_px, int y_px) const;
  /// The finished picture with its alpha channel.
  [[nodiscard]] QImage read(Functions& gl) const;

 private:
  [[nodiscard]] bool covers(int x_px, int y_px) const {
    return drawing_ && x_px >= 0 && y_px >= 0 && x_px < width_px_ && y_px < height_px_;
  }

  Texture color_, ids_, depth_, finished_;
  Framebuffer drawing_, finishing_, over_;
  int width_px_ = 0;
  int height_px_ = 0;
};

}  // namespace tagscape::gl

#pragma once

#include "ui/gl/objects.h"

#include <QImage>
#include <QRect>

#include <cstdint>
#include <vector>

namespace tagscape::gl {

/// The longest side of a SceneTarget that the driver makes.
[[nodiscard]] int largestSide_px(Functions& gl);

/// Where a picture of the scene is made and kept, of a size in device pixels: the colours as drawn, what was drawn at
/// every pixel (an id), the depth, and the finished picture that is shown.
class SceneTarget {
 public:
  /// Makes or remakes the storage if the size is another one; the content is then undefined.
  /// @return whether it was remade.
  /// Errors: Unsupported if the driver refuses this size.
  [[nodiscard]] Result<bool> resize(Functions& gl, int width_px, int height_px);
  [[nodiscard]] int width_px() const { return width_px_; }
  [[nodiscard]] int height_px() const { return height_px_; }

  /// Colours to output 0, ids to output 1, depth.
  void bindDrawing(Functions& gl) const;
  /// Empties all of it: colour and depth as given by the caller's clear values, ids to 0.
  void clear(Functions& gl) const;
  /// The finished picture without depth: for a pass that reads colour() and depth().
  void bindFinishing(Functions& gl) const;
  /// Copies the colours as drawn into the finished picture.
  void finishPlainly(Functions& gl) const;
  /// The finished picture with the depth of what was drawn, for what is laid over it.
  void bindFinished(Functions& gl) const;

  [[nodiscard]] GLuint color() const { return color_.id(); }
  [[nodiscard]] GLuint depth() const { return depth_.id(); }

  /// Copies the finished picture into `framebuffer`, which must be at least as large, and leaves that one bound.
  void copyTo(Functions& gl, GLuint framebuffer) const;
  /// The id at a device pixel counted from the top left, 0 for none and outside. Waits until everything drawn so far is
  /// finished, as depthAt does.
  [[nodiscard]] std::uint32_t idAt(Functions& gl, int x_px, int y_px) const;
  /// All ids in a rectangle of device pixels, each once, ascending, without 0; cut to the picture.
  [[nodiscard]] std::vector<std::uint32_t> idsIn(Functions& gl, const QRect& pixels) const;
  /// The depth buffer's value there: 0 near … 1 far; 1 outside.
  [[nodiscard]] float depthAt(Functions& gl, int x_px, int y_px) const;
  /// The finished picture; its opacity too.
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

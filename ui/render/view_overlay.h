#pragma once

#include "core/scene/point_cloud.h"
#include "ui/render/point_style.h"

#include <QPointF>
#include <QRectF>
#include <QSize>

#include <memory>
#include <string>
#include <vector>

namespace tagscape {

/// The content of the 3D view's overlay, with the values that the user can change; exchanged once per frame.
struct OverlayContent {
  std::string title;  ///< The layer: "Colour", "3D CAM · chair".
  Rgb8 swatch{};
  bool shows_swatch = false;
  bool shows_heat = false;       ///< Colour bar,
  bool shows_threshold = false;  ///< with the CAM threshold.
  HeatMap heat_map = HeatMap::Viridis;
  HeatRange range;        ///< Of the colour bar.
  bool is_count = false;  ///< The values are counts, whose range cannot be locked.
  bool is_range_locked = false;
  bool shows_blend = false;  ///< Slider between two layers.
  float blend = 0;
  std::string note;  ///< What is missing; empty if nothing is.
  struct LegendRow {
    std::string text;
    Rgb8 color{};
  };
  std::vector<LegendRow> legend;  ///< Classes in the picture.
  float cam_threshold = 0;        ///< 0 … 1.
  float tolerance_m = 0.05F;      ///< Occlusion tolerance.
  float point_scale = 1;          ///< Factor of the natural point size.
  double frames_per_s = 0;        ///< 0 if unknown.
  std::size_t num_shown = 0;
  std::size_t num_points = 0;
  std::size_t num_in_view = 0;  ///< Points inside the view frustum.
  bool is_refining = false;
  std::vector<std::string> hovered;  ///< Lines about the point under the cursor.
  std::size_t num_triangles = 0;     ///< Of the mesh, where it is shown.
};

/// Draws the overlay with Dear ImGui into the bound framebuffer and consumes the mouse events over it. Each object has
/// its own ImGui context. To be used on the GUI thread; functions marked GL need the view's context current.
class ViewOverlay {
 public:
  ViewOverlay();
  ~ViewOverlay();
  ViewOverlay(const ViewOverlay&) = delete;
  ViewOverlay& operator=(const ViewOverlay&) = delete;

  /// GL. Draws and returns what the user changed. ImGui restores the GL state that it touches.
  [[nodiscard]] OverlayContent draw(const OverlayContent& content, QSize size_px, double pixel_ratio, bool dark);
  /// GL. Frees all GPU resources; the next draw() recreates them.
  void releaseGl();

  /// Mouse events in logical pixels. Each returns whether the overlay consumes it; the view should then redraw.
  bool mouseMove(QPointF position);
  bool mousePress(QPointF position);
  bool mouseRelease(QPointF position);
  bool mouseWheel(QPointF position, float steps);
  void mouseLeave();
  /// Whether the overlay would consume a press at this position.
  [[nodiscard]] bool covers(QPointF position) const;

  /// Where a control was last drawn ("threshold", "tolerance", "point size", "lock", "blend"), for tests; null if it
  /// was not.
  [[nodiscard]] QRectF controlRect(const std::string& name) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tagscape

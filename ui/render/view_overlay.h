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

/// What the overlay of the 3D view tells and lets change. Given to it and got back once a frame.
struct OverlayContent {
  std::string title;  ///< The layer: "Colour", "3D CAM · chair".
  Rgb8 swatch{};
  bool shows_swatch = false;
  bool shows_heat = false;       ///< Colour bar,
  bool shows_threshold = false;  ///< with the CAM threshold.
  HeatMap heat_map = HeatMap::Viridis;
  HeatRange range;        ///< What the colour bar covers.
  bool is_count = false;  ///< Whole numbers, whose range cannot be locked.
  bool is_range_locked = false;
  bool shows_blend = false;  ///< Slider between two layers.
  float blend = 0;
  std::string note;  ///< What is missing, in words; empty if nothing is.
  struct LegendRow {
    std::string text;
    Rgb8 color{};
  };
  std::vector<LegendRow> legend;  ///< Classes in the picture.
  float cam_threshold = 0;        ///< 0 … 1.
  float tolerance_m = 0.05F;      ///< Occlusion tolerance.
  float point_scale = 1;          ///< Times the natural size of a point.
  double frames_per_s = 0;        ///< 0 until it is known.
  std::size_t num_shown = 0;
  std::size_t num_points = 0;
  std::size_t num_in_view = 0;  ///< The others lie outside the view.
  bool is_refining = false;
  std::vector<std::string> hovered;  ///< What is under the cursor, a line each.
  std::size_t num_triangles = 0;     ///< Of the mesh, where it is what is shown.
};

/// Draws the overlay with Dear ImGui into the bound framebuffer, and eats the mouse events over its windows. Each
/// object has its own ImGui context; all calls on the GUI thread, those marked GL with the view's context current.
class ViewOverlay {
 public:
  ViewOverlay();
  ~ViewOverlay();
  ViewOverlay(const ViewOverlay&) = delete;
  ViewOverlay& operator=(const ViewOverlay&) = delete;

  /// GL. Draws and returns what the user changed. ImGui restores the GL state that it touches.
  [[nodiscard]] OverlayContent draw(const OverlayContent& content, QSize size_px, double pixel_ratio, bool dark);
  /// GL. Gives up everything on the GPU; the next draw makes it anew.
  void releaseGl();

  /// Mouse events in logical pixels. Each returns whether the overlay takes it; if so, draw again soon.
  bool mouseMove(QPointF position);
  bool mousePress(QPointF position);
  bool mouseRelease(QPointF position);
  bool mouseWheel(QPointF position, float steps);
  void mouseLeave();
  /// Whether a press there is the overlay's.
  [[nodiscard]] bool covers(QPointF position) const;

  /// Where a control was drawn last ("threshold", "tolerance", "point size", "lock", "blend"), for tests; null if it
  /// was not.
  [[nodiscard]] QRectF controlRect(const std::string& name) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tagscape

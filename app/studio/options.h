#pragma once

#include "core/base/result.h"
#include "ui/models/document.h"
#include "ui/render/orbit_camera.h"
#include "ui/render/point_style.h"

#include <QSize>
#include <QStringList>

#include <optional>
#include <string>

namespace tagscape {

class SceneView;

/// What the command line asks of the studio.
struct StudioOptions {
  QString path;                         ///< Scene or data set to open; empty for the start page.
  QString run;                          ///< Training run to watch.
  QString screenshot;                   ///< File to save a picture to, then leave.
  std::optional<int> turntable_frames;  ///< Save so many pictures of a full turn to `out`, then leave.
  QString out;                          ///< Folder.
  std::optional<double> bench_orbit_s;  ///< Orbit for so long, print frames/s, then leave.
  bool bench_all_points = false;        ///< Draws all points while it orbits.
  bool bench_layers = false;            ///< Print how long other layers and thresholds take to show, then leave.
  bool prints_timing = false;
  std::optional<PointLayer> layer;
  std::optional<PointLayer> other_layer;
  std::optional<float> blend;
  std::optional<float> threshold;
  std::optional<HeatMap> heat_map;
  std::optional<ClassPalette> palette;
  std::optional<float> point_size_px;
  bool is_eye_dome = false;
  bool hides_frames = false;
  std::optional<FrameOverlay> overlay;
  std::optional<int> frame_number;
  std::optional<int> class_index;
  bool shows_mesh = false;
  QString view;  ///< A standard view, "fit", "frame" or a view as text; empty for the one that a scene opens with.
  bool is_transparent = false;
  QSize size;    ///< Of the picture or of the window; invalid for the remembered one.
  QString text;  ///< For --help and --version: print this and leave.

  /// Whether the studio leaves by itself.
  [[nodiscard]] bool isAutomatic() const {
    return !screenshot.isEmpty() || turntable_frames || bench_orbit_s || bench_layers || prints_timing;
  }
  /// Whether pictures are of the 3D view alone, not of the window.
  [[nodiscard]] bool isOfView() const { return !view.isEmpty() || is_transparent || turntable_frames; }
};

/// Shows the open scene as the command line asks. Errors: InvalidInput for a frame that the scene has not.
[[nodiscard]] Status applyDisplayOptions(const StudioOptions& options, Document& document);

/// The same for the 3D view: how it draws, and from where.
void applyViewSettings(const StudioOptions& options, SceneView& view);
/// Errors: InvalidInput for a view that is none, or through a frame that the scene has not.
[[nodiscard]] Status applyView(const StudioOptions& options, Document& document, SceneView& view);

/// Needs no application object and no display. Errors: InvalidInput for what is not understood.
[[nodiscard]] Result<StudioOptions> parseStudioOptions(const QStringList& arguments);

}  // namespace tagscape

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

/// The command line options of the studio.
struct StudioOptions {
  QString path;                         ///< Scene or data set to open; empty for the start page.
  QString run;                          ///< Training run to watch.
  QString screenshot;                   ///< Saves a picture to this file, then exits.
  std::optional<int> turntable_frames;  ///< Saves so many pictures of a full turn to `out`, then exits.
  QString out;                          ///< Folder.
  std::optional<double> bench_orbit_s;  ///< Orbits for this time, prints frames/s, then exits.
  bool bench_all_points = false;        ///< Draws all points while orbiting.
  bool bench_layers = false;            ///< Prints the times to show other layers and thresholds, then exits.
  bool bench_labels = false;            ///< Prints the times to show strokes and undoing, then exits.
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
  QString view;  ///< A standard view, "fit", "frame" or a view as text; empty for the initial one.
  bool is_transparent = false;
  QSize size;    ///< Of the picture or of the window; invalid for the remembered one.
  QString text;  ///< Of --help and --version: printed before exiting.

  /// Whether the studio exits by itself.
  [[nodiscard]] bool isAutomatic() const {
    return !screenshot.isEmpty() || turntable_frames || bench_orbit_s || bench_layers || bench_labels || prints_timing;
  }
  /// Whether pictures show only the 3D view, not the window.
  [[nodiscard]] bool isOfView() const { return !view.isEmpty() || is_transparent || turntable_frames; }
};

/// Applies the options to the open scene. Errors: InvalidInput for a frame that the scene does not have.
[[nodiscard]] Status applyDisplayOptions(const StudioOptions& options, Document& document);

/// The same for the 3D view: how it draws, and from where.
void applyViewSettings(const StudioOptions& options, SceneView& view);
/// Errors: InvalidInput for a view that is none, or through a frame that the scene has not.
[[nodiscard]] Status applyView(const StudioOptions& options, Document& document, SceneView& view);

/// Needs no application object and no display. Errors: InvalidInput for unknown or malformed options.
[[nodiscard]] Result<StudioOptions> parseStudioOptions(const QStringList& arguments);

}  // namespace tagscape

#pragma once

#include "core/base/result.h"
#include "ui/models/document.h"

#include <QSize>
#include <QStringList>

#include <optional>
#include <string>

namespace tagscape {

/// What the command line asks of the studio.
struct StudioOptions {
  QString path;                         ///< Scene or data set to open; empty for the start page.
  QString run;                          ///< Training run to watch.
  QString screenshot;                   ///< File to save a picture of the window to, then leave.
  std::optional<double> bench_orbit_s;  ///< Orbit for so long, print frames/s, then leave.
  bool prints_timing = false;
  std::optional<PointLayer> layer;
  std::optional<FrameOverlay> overlay;
  std::optional<int> frame_number;
  std::optional<int> class_index;
  bool shows_mesh = false;
  QSize window_size;  ///< Invalid to keep the remembered one.
  QString text;       ///< For --help and --version: print this and leave.

  /// Whether the studio leaves by itself.
  [[nodiscard]] bool isAutomatic() const { return !screenshot.isEmpty() || bench_orbit_s || prints_timing; }
};

/// Shows the open scene as the command line asks. Errors: InvalidInput for a frame that the scene has not.
[[nodiscard]] Status applyDisplayOptions(const StudioOptions& options, Document& document);

/// Needs no application object and no display. Errors: InvalidInput for what is not understood.
[[nodiscard]] Result<StudioOptions> parseStudioOptions(const QStringList& arguments);

}  // namespace tagscape

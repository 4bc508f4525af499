#pragma once

#include "core/base/result.h"

#include <QImage>
#include <QSize>
#include <QString>

#include <functional>

namespace tagscape {

class SceneView;

/// Writes a picture in the format of its extension (PNG, JPEG), atomically: an existing file is replaced only by a
/// complete one. Errors: NotWritable naming the file, also for another extension.
[[nodiscard]] Status savePicture(const QImage& picture, const QString& file);

struct Turntable {
  int num_frames = 120;
  QSize size_px{1280, 800};
  bool is_transparent = false;
};

/// Saves the pictures of a full turn from the current view as frame_0000.png, frame_0001.png, …, and restores the view.
/// Creates the folder if needed.
/// @param proceed  called before each picture with the number done; false stops.
/// Errors: those of SceneView::picture and savePicture; Cancelled.
[[nodiscard]] Status saveTurntable(SceneView& view,
                                   const Turntable& turntable,
                                   const QString& folder,
                                   const std::function<bool(int)>& proceed = {});

}  // namespace tagscape

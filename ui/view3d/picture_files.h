#pragma once

#include "core/base/result.h"

#include <QImage>
#include <QSize>
#include <QString>

#include <functional>

namespace tagscape {

class SceneView;

/// Writes a picture as its name's ending says (PNG, JPEG), whole or not at all: a file of that name stays as it was
/// until the new one is complete. Errors: NotWritable naming the file, for a name of another ending too.
[[nodiscard]] Status savePicture(const QImage& picture, const QString& file);

struct Turntable {
  int num_frames = 120;
  QSize size_px{1280, 800};
  bool is_transparent = false;
};

/// Saves the pictures of one full turn from the present view as frame_0000.png, frame_0001.png, …, and turns back.
/// The folder is made if need be.
/// @param proceed  called before each picture with how many are done; false stops.
/// Errors: those of SceneView::picture and savePicture; Cancelled.
[[nodiscard]] Status saveTurntable(SceneView& view,
                                   const Turntable& turntable,
                                   const QString& folder,
                                   const std::function<bool(int)>& proceed = {});

}  // namespace tagscape

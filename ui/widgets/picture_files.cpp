#include "ui/widgets/picture_files.h"

#include "ui/widgets/scene_view.h"

#include <QDir>

#include <numbers>

namespace tagscape {

Status savePicture(const QImage& picture, const QString& file) {
  if (picture.save(file)) return {};
  return failFile(ErrorCode::NotWritable,
                  file.toStdString(),
                  "the picture cannot be written",
                  "Check that the folder exists and is writable, and that the name ends in .png");
}

Status saveTurntable(SceneView& view,
                     const Turntable& turntable,
                     const QString& folder,
                     const std::function<bool(int)>& proceed) {
  if (!QDir().mkpath(folder)) {
    return failFile(
        ErrorCode::NotWritable, folder.toStdString(), "the folder cannot be made", "Choose a place that is writable");
  }
  const OrbitCamera before = view.camera();
  Status saved;
  for (int i = 0; saved && i < turntable.num_frames; ++i) {
    if (proceed && !proceed(i)) {
      saved = fail(ErrorCode::Cancelled, "Saving the pictures was stopped before all were there");
      break;
    }
    OrbitCamera camera = before;
    const float turn = static_cast<float>(i) / static_cast<float>(turntable.num_frames);
    camera.setAzimuth_rad(before.azimuth_rad() + turn * 2 * std::numbers::pi_v<float>);
    view.setCamera(camera);
    const auto picture = view.picture(turntable.size_px, turntable.is_transparent);
    saved = picture ? savePicture(*picture, QDir(folder).filePath(QString::asprintf("frame_%04d.png", i)))
                    : fail(picture.error());
  }
  view.setCamera(before);
  return saved;
}

}  // namespace tagscape

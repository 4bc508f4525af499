#include "ui/view3d/picture_files.h"

#include "core/base/files.h"
#include "ui/view3d/scene_view.h"

#include <QBuffer>
#include <QDir>
#include <QFileInfo>
#include <QImageWriter>

#include <filesystem>
#include <numbers>
#include <span>

namespace tagscape {

Status savePicture(const QImage& picture, const QString& file) {
  const QByteArray format = QFileInfo(file).suffix().toLower().toLatin1();
  const std::filesystem::path path = file.toStdString();
  if (!QImageWriter::supportedImageFormats().contains(format)) {
    return failFile(ErrorCode::NotWritable,
                    path,
                    "not the name of a picture",
                    "Let the name end in .png, or .jpg for a small file");
  }
  // To memory first: neither QImage::save nor QSaveFile detects that the last bytes did not fit on a full disk.
  QBuffer bytes;
  bytes.open(QIODevice::WriteOnly);
  QImageWriter writer(&bytes, format);
  if (!writer.write(picture)) {
    return failFile(
        ErrorCode::NotWritable, path, writer.errorString().toStdString(), "Choose a smaller size or another format");
  }
  return writeFileAtomically(path, std::as_bytes(std::span(bytes.data().constData(), bytes.data().size())));
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

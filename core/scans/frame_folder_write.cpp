#include "core/scans/frame_folder_write.h"

#include "core/base/files.h"
#include "core/io/image_codec.h"

#include <fmt/format.h>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

Eigen::Matrix4d matrixOf(const Intrinsics& camera) {
  Eigen::Matrix4d matrix = Eigen::Matrix4d::Identity();
  matrix.topLeftCorner<3, 3>() << camera.fx, 0, camera.cx, 0, camera.fy, camera.cy, 0, 0, 1;
  return matrix;
}

}  // namespace

std::string matrixText(const Eigen::Matrix4d& matrix) {
  std::string text;
  for (int row = 0; row < 4; ++row) {
    text +=
        fmt::format("{:.9f} {:.9f} {:.9f} {:.9f}\n", matrix(row, 0), matrix(row, 1), matrix(row, 2), matrix(row, 3));
  }
  return text;
}

Status writeExportedCameras(const fs::path& folder, const Intrinsics& color, const Intrinsics& depth) {
  const fs::path place = folder / "intrinsic";
  const std::string identity = matrixText(Eigen::Matrix4d::Identity());
  TAGSCAPE_TRY(writeFileAtomically(place / "intrinsic_color.txt", matrixText(matrixOf(color))));
  TAGSCAPE_TRY(writeFileAtomically(place / "intrinsic_depth.txt", matrixText(matrixOf(depth))));
  TAGSCAPE_TRY(writeFileAtomically(place / "extrinsic_color.txt", identity));
  return writeFileAtomically(place / "extrinsic_depth.txt", identity);
}

Status writeExportedFrame(const fs::path& folder,
                          int number,
                          const RgbImage& color,
                          const RawDepthImage& depth_mm,
                          const Pose& world_from_camera,
                          int jpeg_quality) {
  TAGSCAPE_ASSIGN(const auto jpeg, encodeJpeg(color, jpeg_quality));
  TAGSCAPE_TRY(writeFileAtomically(folder / "color" / fmt::format("{}.jpg", number), jpeg));
  TAGSCAPE_ASSIGN(const auto depth, encodePng16(depth_mm));
  TAGSCAPE_TRY(writeFileAtomically(folder / "depth" / fmt::format("{}.png", number), depth));
  return writeFileAtomically(folder / "pose" / fmt::format("{}.txt", number), matrixText(world_from_camera.matrix()));
}

}  // namespace tagscape

#include "core/base/files.h"
#include "core/io/json_text.h"
#include "core/layouts/file_patterns.h"
#include "core/layouts/json_fields.h"
#include "core/layouts/layout_sources.h"

#include <fmt/format.h>

namespace tagscape::layouts {
namespace fs = std::filesystem;
namespace {

/// t_00 … t_23: the rows of a camera-to-world matrix.
std::optional<Eigen::Matrix4d> matrixIn(const json& document) {
  Eigen::Matrix4d matrix = Eigen::Matrix4d::Identity();
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 4; ++column) {
      const auto entry = numberIn(document, fmt::format("t_{}{}", row, column).c_str());
      if (!entry) return std::nullopt;
      matrix(row, column) = *entry;
    }
  }
  return matrix;
}

void readCamera(const fs::path& path, FrameRecord& frame) {
  const auto document =
      readTextFile(path, 1 << 20).and_then([&](const std::string& text) { return parseJson(text, path); });
  if (!document) {
    frame.problem = document.error().message;
    return;
  }
  frame.matrix = matrixIn(*document);
  if (!frame.matrix) frame.problem = fmt::format("{}: it has no t_00 to t_23. Export it again", path.string());
  const auto fx = numberIn(*document, "fx"), fy = numberIn(*document, "fy");
  const auto cx = numberIn(*document, "cx"), cy = numberIn(*document, "cy");
  if (!fx || !fy || !cx || !cy) return;
  frame.color_camera = CameraModel{*fx, *fy, *cx, *cy, sideIn(*document, "width"), sideIn(*document, "height")};
  frame.depth_camera = frame.color_camera;
}

}  // namespace

Result<FrameSet> listPolycam(const fs::path& root) {
  // Cameras that were optimised, with images without distortion, come before the raw ones.
  std::error_code code;
  const bool corrected =
      fs::is_directory(root / "corrected_cameras", code) && fs::is_directory(root / "corrected_images", code);
  const fs::path images = root / (corrected ? "corrected_images" : "images");
  const fs::path cameras = root / (corrected ? "corrected_cameras" : "cameras");
  FrameSet set;
  set.color_camera_file = cameras;
  set.depth_camera_file = cameras;
  for (const auto& camera : findByPattern(cameras, "*.json")) {
    FrameRecord frame{.number = static_cast<int>(set.frames.size()), .pose = camera};
    const std::string stem = camera.stem().string();
    if (const auto image = firstByPattern(images, fmt::format("{0}.jpg|{0}.png", stem))) frame.color = *image;
    if (const auto depth = firstByPattern(root, "depth/" + stem + ".png")) frame.depth = *depth;
    readCamera(camera, frame);
    set.frames.push_back(std::move(frame));
  }
  set.axes = CameraAxes::OpenGl;
  return set;
}

}  // namespace tagscape::layouts

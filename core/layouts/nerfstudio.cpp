#include "core/base/files.h"
#include "core/io/json_text.h"
#include "core/layouts/file_patterns.h"
#include "core/layouts/json_fields.h"
#include "core/layouts/layout_sources.h"

#include <fmt/format.h>

#include <cmath>

namespace tagscape::layouts {
namespace fs = std::filesystem;
namespace {

/// fl_x, fl_y, cx, cy, w, h of the document or of a frame; instant-ngp may have an angle of view alone.
std::optional<CameraModel> cameraIn(const json& object, const json& document) {
  const auto number = [&](const char* key) {
    const auto own = numberIn(object, key);
    return own ? own : numberIn(document, key);
  };
  CameraModel camera;
  camera.width = sideIn(object, "w") > 0 ? sideIn(object, "w") : sideIn(document, "w");
  camera.height = sideIn(object, "h") > 0 ? sideIn(object, "h") : sideIn(document, "h");
  const auto angle = number("camera_angle_x");
  const auto fx = number("fl_x");
  if (fx)
    camera.fx = *fx;
  else if (angle && camera.width > 0)
    camera.fx = camera.width / (2 * std::tan(*angle / 2));
  else
    return std::nullopt;
  camera.fy = number("fl_y").value_or(camera.fx);
  camera.cx = number("cx").value_or((camera.width - 1) / 2.0);
  camera.cy = number("cy").value_or((camera.height - 1) / 2.0);
  return camera;
}

/// The file that a frame names, which Blender's sets write without its extension.
fs::path fileNamed(const fs::path& root, const std::string& name) {
  if (name.empty()) return {};
  std::error_code code;
  for (const char* extension : {"", ".png", ".jpg", ".jpeg"}) {
    fs::path path = root / (name + extension);
    if (fs::is_regular_file(path, code)) return path.lexically_normal();
  }
  return {};
}

void noteDistortion(const json& document, const fs::path& file, std::vector<SceneWarning>& warnings) {
  std::vector<std::string> found;
  for (const char* key : {"k1", "k2", "k3", "k4", "p1", "p2"}) {
    constexpr double kNegligible = 1e-6;
    if (std::abs(numberIn(document, key).value_or(0)) > kNegligible) found.emplace_back(key);
  }
  if (found.empty()) return;
  warnings.push_back(
      {file,
       fmt::format("{}: the distortion of its lens ({}) is not corrected: edges of images are displaced. "
                   "Undistort the images first",
                   file.string(),
                   fmt::join(found, ", "))});
}

}  // namespace

Result<FrameSet> listNerfstudio(const fs::path& root) {
  const fs::path file = root / "transforms.json";
  TAGSCAPE_ASSIGN(const auto text, readTextFile(file));
  TAGSCAPE_ASSIGN(const json document, parseJson(text, file));
  const json* frames = fieldIn(document, "frames");
  if (frames == nullptr || !frames->is_array())
    return failFile(ErrorCode::InvalidInput, file, "it has no list \"frames\"", "Export it again");
  FrameSet set;
  set.color_camera_file = set.depth_camera_file = file;
  std::size_t num_missing = 0;
  for (const json& entry : *frames) {
    FrameRecord frame{.number = static_cast<int>(set.frames.size()), .pose = file};
    frame.color = fileNamed(root, textIn(entry, "file_path"));
    frame.depth = fileNamed(root, textIn(entry, "depth_file_path"));
    num_missing += frame.color.empty() ? 1 : 0;
    frame.color_camera = frame.depth_camera = cameraIn(entry, document);
    const auto numbers = numbersOf(fieldIn(entry, "transform_matrix"));
    const auto matrix = matrix4FromNumbers(numbers.value_or(std::vector<double>{}), file);
    if (matrix)
      frame.matrix = *matrix;
    else
      frame.problem =
          fmt::format("{}: frame {} has no transform_matrix of 4x4. Export it again", file.string(), frame.number);
    set.frames.push_back(std::move(frame));
  }
  if (num_missing > 0)
    set.warnings.push_back({file, fmt::format("{}: {} of its images are not there", file.string(), num_missing)});
  noteDistortion(document, file, set.warnings);
  set.axes = CameraAxes::OpenGl;
  return set;
}

}  // namespace tagscape::layouts

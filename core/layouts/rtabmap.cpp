#include "core/base/files.h"
#include "core/clouds/text_lines.h"
#include "core/layouts/file_patterns.h"
#include "core/layouts/layout_sources.h"
#include "core/layouts/trajectory.h"

#include <Eigen/Geometry>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace tagscape::layouts {
namespace fs = std::filesystem;
namespace {

/// The numbers after `key` in OpenCV's YAML: of one line, or of the list "data: [ … ]" that follows.
std::vector<double> numbersAfter(std::string_view text, std::string_view key, bool is_matrix, const fs::path& name) {
  auto at = text.find(key);
  if (at == std::string_view::npos) return {};
  at += key.size();
  if (!is_matrix) {
    const auto line = text.substr(at, text.find('\n', at) - at);
    return parseNumbers(line, name).value_or(std::vector<double>{});
  }
  const auto open = text.find('[', at);
  const auto close = text.find(']', at);
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  return parseNumbers(text.substr(open + 1, close - open - 1), name).value_or(std::vector<double>{});
}

struct Calibration {
  CameraModel camera;
  Eigen::Matrix4d base_from_camera = Eigen::Matrix4d::Identity();
};

std::optional<Calibration> readCalibration(const fs::path& file) {
  const auto text = readTextFile(file, 1 << 20);
  if (!text) return std::nullopt;
  const auto k = numbersAfter(*text, "camera_matrix:", true, file);
  if (k.size() != 9) return std::nullopt;
  Calibration found{{k[0], k[4], k[2], k[5]}, Eigen::Matrix4d::Identity()};
  const auto side = [&](const char* key) {
    const auto n = numbersAfter(*text, key, false, file);
    constexpr double kMax = 1e6;
    return n.size() == 1 && n[0] >= 1 && n[0] <= kMax ? static_cast<int>(n[0]) : 0;
  };
  found.camera.width = side("image_width:");
  found.camera.height = side("image_height:");
  const auto local = numbersAfter(*text, "local_transform:", true, file);
  if (const auto matrix = matrix4FromNumbers(local, file)) found.base_from_camera = *matrix;
  return found;
}

/// Poses by the number in the name of an image. Formats of rtabmap-export: 11 has the number last, 1 and 10 have the
/// time, 0 has a matrix alone; where there are no numbers, poses follow the order of the images.
Result<std::map<int, Eigen::Matrix4d>> readPoses(const fs::path& file, const std::vector<fs::path>& images) {
  TAGSCAPE_ASSIGN(const auto rows, readRows(file));
  std::map<int, Eigen::Matrix4d> poses;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& row = rows[i];
    constexpr std::size_t kTimed = 8, kNumbered = 9, kMatrix = 12;
    constexpr double kMaxFrames = 1e9;
    if (row.size() != kTimed && row.size() != kNumbered && row.size() != kMatrix)
      return failFile(ErrorCode::InvalidInput,
                      file,
                      fmt::format("pose {} has {} numbers", i, row.size()),
                      "Export it with --poses_format 11");
    Eigen::Matrix4d matrix;
    if (row.size() == kMatrix) {
      TAGSCAPE_ASSIGN(matrix, matrix4FromNumbers(row, file));
    } else {
      matrix = matrixOf(Eigen::Quaterniond(row[7], row[4], row[5], row[6]), {row[1], row[2], row[3]});
    }
    if (row.size() == kNumbered && row[8] >= 0 && row[8] < kMaxFrames) {
      poses[static_cast<int>(row[8])] = matrix;
    } else if (i < images.size() && frameNumber(images[i])) {
      poses[*frameNumber(images[i])] = matrix;
    }
  }
  return poses;
}

}  // namespace

Result<FrameSet> listRtabmap(const fs::path& root) {
  auto images = findByPattern(root, "*_rgb/*.jpg");
  if (images.empty()) images = findByPattern(root, "*_rgb/*.png");
  const auto of_cameras = firstByPattern(root, "*_camera_poses.txt");
  const auto of_robot = firstByPattern(root, "*_poses.txt");
  const fs::path file = of_cameras ? *of_cameras : of_robot.value_or(root / "rtabmap_camera_poses.txt");
  TAGSCAPE_ASSIGN(const auto poses, readPoses(file, images));
  FrameSet set;
  set.color_camera_file = set.depth_camera_file = root / "rtabmap_calib";
  std::size_t num_without_pose = 0;
  for (const auto& image : images) {
    const auto number = frameNumber(image);
    if (!number) continue;
    FrameRecord frame{.number = *number, .color = image, .pose = file};
    const std::string stem = image.stem().string();
    if (const auto depth = firstByPattern(root, "*_depth/" + stem + ".png")) frame.depth = *depth;
    const auto calibration_file = firstByPattern(root, "*_calib/" + stem + ".yaml");
    const auto calibration = calibration_file ? readCalibration(*calibration_file) : std::nullopt;
    if (calibration) frame.color_camera = frame.depth_camera = calibration->camera;
    if (const auto pose = poses.find(*number); pose != poses.end()) {
      frame.matrix = pose->second;
      // The robot's frame is not the camera's; the calibration has what lies between.
      if (!of_cameras && calibration) frame.matrix = pose->second * calibration->base_from_camera;
    }
    num_without_pose += frame.matrix ? 0 : 1;
    set.frames.push_back(std::move(frame));
  }
  if (num_without_pose > 0)
    set.warnings.push_back(
        {file, fmt::format("{}: it has no pose of {} of {} images", file.string(), num_without_pose, images.size())});
  return set;
}

}  // namespace tagscape::layouts

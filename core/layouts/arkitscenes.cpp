#include "core/base/files.h"
#include "core/clouds/text_lines.h"
#include "core/layouts/file_patterns.h"
#include "core/layouts/layout_sources.h"
#include "core/layouts/trajectory.h"

#include <Eigen/Geometry>
#include <fmt/format.h>

#include <algorithm>

namespace tagscape::layouts {
namespace fs = std::filesystem;
namespace {

/// The time at the end of "40000000_6845.100.png".
std::optional<double> timeOf(const fs::path& path) {
  const std::string stem = path.stem().string();
  const auto underscore = stem.rfind('_');
  return text::numberOf(std::string_view(stem).substr(underscore == std::string::npos ? 0 : underscore + 1));
}

/// "time ax ay az x y z" a line: axis times angle and translation, world to camera. As camera to world, which is what
/// poses between two times need.
Result<Trajectory> readTrajectory(const fs::path& file) {
  TAGSCAPE_ASSIGN(const auto rows, readRows(file));
  Trajectory trajectory;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    constexpr std::size_t kColumns = 7;
    const auto& row = rows[i];
    if (row.size() < kColumns)
      return failFile(ErrorCode::InvalidInput,
                      file,
                      fmt::format("pose {} has {} numbers instead of 7", i, row.size()),
                      "Download it again");
    const Eigen::Vector3d axis(row[1], row[2], row[3]);
    const double angle = axis.norm();
    Eigen::Quaterniond rotation = Eigen::Quaterniond::Identity();
    if (angle > 0) rotation = Eigen::AngleAxisd(angle, axis / angle);
    const auto camera_from_world = matrixOf(rotation, {row[4], row[5], row[6]});
    trajectory.poses.push_back(
        {row[0], worldFromCamera(camera_from_world, PoseDirection::WorldToCamera, CameraAxes::OpenCv)});
  }
  std::stable_sort(trajectory.poses.begin(), trajectory.poses.end(), [](const auto& a, const auto& b) {
    return a.time_s < b.time_s;
  });
  return trajectory;
}

}  // namespace

Result<FrameSet> listArkitScenes(const fs::path& root) {
  const fs::path file = root / "lowres_wide.traj";
  TAGSCAPE_ASSIGN(const Trajectory trajectory, readTrajectory(file));
  FrameSet set;
  set.color_camera_file = set.depth_camera_file = root / "lowres_wide_intrinsics";
  std::size_t num_without_pose = 0;
  for (const auto& image : findByPattern(root, "lowres_wide/*.png")) {
    const auto time = timeOf(image);
    if (!time) continue;
    FrameRecord frame{.number = static_cast<int>(set.frames.size()), .color = image, .pose = file};
    const std::string stem = image.stem().string();
    if (const auto depth = firstByPattern(root, "lowres_depth/" + stem + ".png")) frame.depth = *depth;
    if (const auto camera = firstByPattern(root, "lowres_wide_intrinsics/" + stem + ".pincam")) {
      const auto model =
          readTextFile(*camera, 1 << 16).and_then([&](const std::string& text) { return parseCamera(text, *camera); });
      if (model)
        frame.color_camera = frame.depth_camera = *model;
      else
        set.warnings.push_back({*camera, model.error().message});
    }
    constexpr double kMaxApart_s = 0.3;  // poses come ten times a second
    frame.matrix = trajectory.at(*time, kMaxApart_s);
    num_without_pose += frame.matrix ? 0 : 1;
    set.frames.push_back(std::move(frame));
  }
  if (num_without_pose > 0) {
    set.warnings.push_back(
        {file,
         fmt::format(
             "{}: {} of {} images are at times without a pose", file.string(), num_without_pose, set.frames.size())});
  }
  return set;
}

}  // namespace tagscape::layouts

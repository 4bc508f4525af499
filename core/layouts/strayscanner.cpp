#include "core/base/files.h"
#include "core/layouts/file_patterns.h"
#include "core/layouts/layout_sources.h"
#include "core/layouts/trajectory.h"

#include <Eigen/Geometry>
#include <fmt/format.h>

#include <cmath>

namespace tagscape::layouts {
namespace fs = std::filesystem;

Result<FrameSet> listStrayScanner(const fs::path& root) {
  FrameSet set;
  const fs::path camera_file = root / "camera_matrix.csv";
  const fs::path odometry = root / "odometry.csv";
  TAGSCAPE_ASSIGN(const auto camera_text, readTextFile(camera_file, 1 << 20));
  TAGSCAPE_ASSIGN(CameraModel camera, parseCamera(camera_text, camera_file));
  // It is of the video, whose size no file tells: the principal point lies within a few per cent of its middle.
  constexpr double kVideoWidth = 1920, kVideoHeight = 1440, kNearMiddle = 0.1;
  if (std::abs(2 * camera.cx / kVideoWidth - 1) < kNearMiddle &&
      std::abs(2 * camera.cy / kVideoHeight - 1) < kNearMiddle) {
    camera.width = static_cast<int>(kVideoWidth);
    camera.height = static_cast<int>(kVideoHeight);
  }
  set.color_camera = set.depth_camera = camera;
  set.color_camera_file = set.depth_camera_file = camera_file;

  TAGSCAPE_ASSIGN(const auto rows, readRows(odometry, ", \t"));
  bool has_images = false;
  for (const auto& row : rows) {
    constexpr std::size_t kColumns = 9;
    constexpr double kMaxFrames = 1e8;
    if (row.size() < kColumns || !(row[1] >= 0 && row[1] < kMaxFrames))
      return failFile(
          ErrorCode::InvalidInput, odometry, "a line is no time, frame, x y z and quaternion", "Export it again");
    FrameRecord frame{.number = static_cast<int>(row[1]), .pose = odometry};
    frame.matrix = matrixOf(Eigen::Quaterniond(row[8], row[5], row[6], row[7]), {row[2], row[3], row[4]});
    const std::string name = fmt::format("{:06}", frame.number);
    if (const auto depth = firstByPattern(root, "depth/" + name + ".png")) frame.depth = *depth;
    if (const auto image = firstByPattern(root, fmt::format("rgb/{0}.jpg|rgb/{0}.png|color/{0}.jpg", name)))
      frame.color = *image;
    has_images = has_images || !frame.color.empty();
    if (!frame.depth.empty() || !frame.color.empty()) set.frames.push_back(std::move(frame));
  }
  if (!has_images) {
    set.warnings.push_back(
        {root / "rgb.mp4",
         fmt::format("{}: a video is not read, so frames have no colour. Extract its images to rgb/ with "
                     "ffmpeg -i rgb.mp4 -start_number 0 rgb/%06d.jpg",
                     (root / "rgb.mp4").string())});
  }
  return set;
}

}  // namespace tagscape::layouts

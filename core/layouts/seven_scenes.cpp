#include "core/base/files.h"
#include "core/layouts/file_patterns.h"
#include "core/layouts/layout_sources.h"
#include "core/scans/scannet_labels.h"

#include <fmt/format.h>

#include <map>

namespace tagscape::layouts {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kMaxTextBytes = 1 << 20;

void collect(const fs::path& root,
             std::string_view pattern,
             fs::path FrameRecord::*slot,
             std::map<int, FrameRecord>& frames) {
  for (const auto& path : findByPattern(root, pattern)) {
    const auto number = frameNumber(path);
    if (!number) continue;
    frames[*number].number = *number;
    if ((frames[*number].*slot).empty()) frames[*number].*slot = path;
  }
}

FrameSet listNamed(const fs::path& root) {
  std::map<int, FrameRecord> frames;
  for (const char* pattern : {"frame-*.color.png", "frame-*.color.jpg"})
    collect(root, pattern, &FrameRecord::color, frames);
  for (const char* pattern : {"frame-*.depth.png", "frame-*.depth.pgm"})
    collect(root, pattern, &FrameRecord::depth, frames);
  collect(root, "frame-*.pose.txt", &FrameRecord::pose, frames);
  FrameSet set;
  set.color_folder = set.depth_folder = set.pose_folder = root;
  for (auto& [number, frame] : frames) {
    if (!frame.pose.empty()) {
      const auto matrix =
          readTextFile(frame.pose, kMaxTextBytes).and_then([&, &path = frame.pose](const std::string& text) {
            return parseMatrix4(text, path);
          });
      if (matrix)
        frame.matrix = *matrix;
      else
        frame.problem = matrix.error().message;
    }
    set.frames.push_back(std::move(frame));
  }
  return set;
}

Result<std::optional<CameraModel>> cameraIn(const std::map<std::string, std::string>& info,
                                            const char* key,
                                            const char* width,
                                            const char* height,
                                            const fs::path& name) {
  const auto found = info.find(key);
  if (found == info.end()) return std::nullopt;
  TAGSCAPE_ASSIGN(CameraModel camera, parseCamera(found->second, name));
  for (const auto& [title, slot] : {std::pair{width, &CameraModel::width}, {height, &CameraModel::height}}) {
    const auto size = info.find(title);
    const auto number =
        size == info.end() ? Result<std::vector<double>>(std::vector<double>{}) : parseNumbers(size->second, name);
    constexpr double kMax = 1e6;
    if (number && number->size() == 1 && number->front() >= 1 && number->front() <= kMax)
      camera.*slot = static_cast<int>(number->front());
  }
  return camera;
}

}  // namespace

Result<FrameSet> listSevenScenes(const fs::path& root) {
  FrameSet set = listNamed(root);
  set.color_camera = CameraModel{585, 585, 320, 240, 640, 480};
  set.color_camera_file = root;
  set.warnings.push_back(
      {root,
       fmt::format("{}: no file tells its camera, so that of 7-Scenes is used (585, 585, 320, 240 at 640 x "
                   "480); give it with --intrinsics if it is another",
                   root.string())});
  return set;
}

Result<FrameSet> list3RScan(const fs::path& root) {
  const fs::path file = root / "_info.txt";
  TAGSCAPE_ASSIGN(const auto text, readTextFile(file, kMaxTextBytes));
  const auto info = parseSceneText(text);
  FrameSet set = listNamed(root);
  set.color_camera_file = set.depth_camera_file = file;
  TAGSCAPE_ASSIGN(set.color_camera,
                  cameraIn(info, "m_calibrationColorIntrinsic", "m_colorWidth", "m_colorHeight", file));
  TAGSCAPE_ASSIGN(set.depth_camera,
                  cameraIn(info, "m_calibrationDepthIntrinsic", "m_depthWidth", "m_depthHeight", file));
  if (const auto shift = info.find("m_depthShift"); shift != info.end()) {
    const auto units = parseNumbers(shift->second, file);
    if (units && units->size() == 1 && units->front() > 0) set.depth_units_per_m = units->front();
  }
  return set;
}

}  // namespace tagscape::layouts

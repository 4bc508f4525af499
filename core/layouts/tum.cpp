#include "core/base/files.h"
#include "core/clouds/text_lines.h"
#include "core/layouts/layout_sources.h"
#include "core/layouts/trajectory.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tagscape::layouts {
namespace fs = std::filesystem;
namespace {

struct TimedFile {
  double time_s = 0;
  fs::path path;
};

/// "time file" a line.
Result<std::vector<TimedFile>> readList(const fs::path& root, const char* list) {
  TAGSCAPE_ASSIGN(const auto content, readTextFile(root / list));
  std::string_view text = text::withoutBom(content);
  std::vector<TimedFile> files;
  std::vector<std::string_view> words;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto line = text::trimmed(text::takeLine(text));
    if (line.empty() || line.starts_with('#')) continue;
    text::split(line, " \t", words);
    const auto time = text::numberOf(words[0]);
    if (!time || words.size() < 2)
      return failFile(ErrorCode::InvalidInput,
                      root / list,
                      fmt::format("line {} is no time and file", number),
                      "Download it again");
    files.push_back({*time, root / words[1]});
  }
  std::stable_sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.time_s < b.time_s; });
  return files;
}

/// The file nearest to a time, within 20 ms as TUM's own tools associate them.
fs::path nearest(const std::vector<TimedFile>& files, double time_s) {
  constexpr double kMaxApart_s = 0.02;
  const auto after = std::lower_bound(
      files.begin(), files.end(), time_s, [](const TimedFile& file, double time) { return file.time_s < time; });
  const TimedFile* best = nullptr;
  for (auto it = after == files.begin() ? after : after - 1; it != files.end() && it <= after; ++it) {
    if (best == nullptr || std::abs(it->time_s - time_s) < std::abs(best->time_s - time_s)) best = &*it;
  }
  return best != nullptr && std::abs(best->time_s - time_s) <= kMaxApart_s ? best->path : fs::path();
}

/// Of the three cameras of the data set, by the name of the sequence; else the values that ROS has for a Kinect.
CameraModel cameraOf(const std::string& name) {
  const auto has = [&](std::string_view part) { return name.find(part) != std::string::npos; };
  if (has("freiburg1")) return {517.3, 516.5, 318.6, 255.3, 640, 480};
  if (has("freiburg2")) return {520.9, 521.0, 325.1, 249.7, 640, 480};
  if (has("freiburg3")) return {535.4, 539.2, 320.1, 247.6, 640, 480};
  return {525, 525, 319.5, 239.5, 640, 480};
}

}  // namespace

Result<FrameSet> listTum(const fs::path& root) {
  TAGSCAPE_ASSIGN(const auto color, readList(root, "rgb.txt"));
  TAGSCAPE_ASSIGN(const auto depth, readList(root, "depth.txt"));
  const fs::path truth = root / "groundtruth.txt";
  TAGSCAPE_ASSIGN(const auto text, readTextFile(truth));
  TAGSCAPE_ASSIGN(const Trajectory trajectory, parseTumTrajectory(text, truth));
  constexpr double kMaxApart_s = 0.1;
  FrameSet set;
  std::size_t num_alone = 0;
  for (const auto& image : color) {
    FrameRecord frame{.number = static_cast<int>(set.frames.size()), .color = image.path, .pose = truth};
    frame.depth = nearest(depth, image.time_s);
    frame.matrix = trajectory.at(image.time_s, kMaxApart_s);
    num_alone += frame.depth.empty() || !frame.matrix ? 1 : 0;
    set.frames.push_back(std::move(frame));
  }
  if (num_alone > 0) {
    set.warnings.push_back({truth,
                            fmt::format("{}: {} of {} images have no depth within 20 ms or no pose within 50 ms",
                                        root.string(),
                                        num_alone,
                                        color.size())});
  }
  set.color_camera = cameraOf(fs::weakly_canonical(root).filename().string());
  set.color_camera_file = root;
  set.warnings.push_back(
      {root,
       fmt::format("{}: no file tells its camera, so fx {:g}, fy {:g}, cx {:g}, cy {:g} at 640 x 480 is "
                   "used; give it with --intrinsics if it is another",
                   root.string(),
                   set.color_camera->fx,
                   set.color_camera->fy,
                   set.color_camera->cx,
                   set.color_camera->cy)});
  set.depth_units_per_m = 5000;
  return set;
}

}  // namespace tagscape::layouts

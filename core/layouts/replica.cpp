#include "core/base/files.h"
#include "core/io/json_text.h"
#include "core/layouts/file_patterns.h"
#include "core/layouts/json_fields.h"
#include "core/layouts/layout_sources.h"
#include "core/layouts/trajectory.h"

#include <fmt/format.h>

#include <map>

namespace tagscape::layouts {
namespace fs = std::filesystem;

Result<FrameSet> listReplica(const fs::path& root) {
  const auto parameters = firstByPattern(root, "cam_params.json|../cam_params.json");
  if (!parameters) {
    return failFile(ErrorCode::NotFound,
                    root / "cam_params.json",
                    "missing, here and in the folder above",
                    "Put the file with the camera there");
  }
  TAGSCAPE_ASSIGN(const auto text, readTextFile(*parameters, 1 << 20));
  TAGSCAPE_ASSIGN(const json document, parseJson(text, *parameters));
  const json* camera = fieldIn(document, "camera");
  if (camera == nullptr) camera = &document;
  const auto fx = numberIn(*camera, "fx"), fy = numberIn(*camera, "fy");
  const auto cx = numberIn(*camera, "cx"), cy = numberIn(*camera, "cy");
  if (!fx || !fy || !cx || !cy)
    return failFile(ErrorCode::InvalidInput, *parameters, "it has no fx, fy, cx and cy", "Export it again");
  FrameSet set;
  set.color_camera = CameraModel{*fx, *fy, *cx, *cy, sideIn(*camera, "w"), sideIn(*camera, "h")};
  set.depth_camera = set.color_camera;
  set.color_camera_file = set.depth_camera_file = *parameters;
  const double scale = numberIn(*camera, "scale").value_or(6553.5);
  set.depth_units_per_m = scale > 0 ? scale : 6553.5;

  const fs::path trajectory = root / "traj.txt";
  TAGSCAPE_ASSIGN(const auto rows, readRows(trajectory));
  std::map<int, FrameRecord> frames;
  for (const auto& [pattern, slot] : {std::pair{"results/frame*.jpg", &FrameRecord::color},
                                      {"results/frame*.png", &FrameRecord::color},
                                      {"results/depth*.png", &FrameRecord::depth}}) {
    for (const auto& path : findByPattern(root, pattern)) {
      if (const auto number = frameNumber(path)) frames[*number].*slot = path;
    }
  }
  for (auto& [number, frame] : frames) {
    frame.number = number;
    frame.pose = trajectory;
    const auto row = static_cast<std::size_t>(number);
    const auto matrix = row < rows.size()
                            ? matrix4FromNumbers(rows[row], trajectory)
                            : Result<Eigen::Matrix4d>(failFile(ErrorCode::InvalidInput,
                                                               trajectory,
                                                               fmt::format("it has no line for frame {}", number),
                                                               "Export it again"));
    if (matrix)
      frame.matrix = *matrix;
    else
      frame.problem = matrix.error().message;
    set.frames.push_back(std::move(frame));
  }
  return set;
}

}  // namespace tagscape::layouts

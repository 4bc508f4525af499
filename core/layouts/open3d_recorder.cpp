#include "core/base/files.h"
#include "core/io/json_text.h"
#include "core/layouts/file_patterns.h"
#include "core/layouts/json_fields.h"
#include "core/layouts/layout_sources.h"
#include "core/layouts/trajectory.h"

#include <fmt/format.h>

namespace tagscape::layouts {
namespace fs = std::filesystem;
namespace {

Result<CameraModel> readCamera(const fs::path& file) {
  TAGSCAPE_ASSIGN(const auto text, readTextFile(file, 1 << 20));
  TAGSCAPE_ASSIGN(const json document, parseJson(text, file));
  const auto k = numbersOf(fieldIn(document, "intrinsic_matrix"));  // column by column
  constexpr std::size_t kMatrix = 9;
  if (!k || k->size() != kMatrix)
    return failFile(ErrorCode::InvalidInput, file, "it has no \"intrinsic_matrix\" of nine numbers", "Record it again");
  return CameraModel{(*k)[0], (*k)[4], (*k)[6], (*k)[7], sideIn(document, "width"), sideIn(document, "height")};
}

}  // namespace

Result<FrameSet> listOpen3dRecorder(const fs::path& root) {
  FrameSet set;
  const auto camera = firstByPattern(root, "camera_intrinsic.json|intrinsic.json");
  if (camera) {
    TAGSCAPE_ASSIGN(set.color_camera, readCamera(*camera));
    set.depth_camera = set.color_camera;
  }
  set.color_camera_file = set.depth_camera_file = camera.value_or(root / "camera_intrinsic.json");
  const auto log = firstByPattern(root, "scene/trajectory.log|trajectory.log|scene/*.log");
  if (!log)
    return failFile(ErrorCode::NotFound, root / "scene/trajectory.log", "missing", "Run Open3D's reconstruction first");
  TAGSCAPE_ASSIGN(const auto text, readTextFile(*log));
  TAGSCAPE_ASSIGN(const auto poses, parseLogTrajectory(text, *log));
  auto images = findByPattern(root, "color/*.jpg");
  if (images.empty()) images = findByPattern(root, "color/*.png");
  const auto depths = findByPattern(root, "depth/*.png");
  for (std::size_t i = 0; i < std::max(images.size(), depths.size()); ++i) {
    FrameRecord frame{.number = static_cast<int>(i), .pose = *log};
    if (i < images.size()) frame.color = images[i];
    if (i < depths.size()) frame.depth = depths[i];
    set.frames.push_back(std::move(frame));
  }
  for (const auto& [place, matrix] : poses) {
    if (place < set.frames.size()) set.frames[place].matrix = matrix;
  }
  if (images.size() != depths.size())
    set.warnings.push_back({root,
                            fmt::format("{}: {} colour images but {} depth maps, which are paired in their order",
                                        root.string(),
                                        images.size(),
                                        depths.size())});
  if (poses.size() < set.frames.size())
    set.warnings.push_back(
        {*log, fmt::format("{}: it has {} poses for {} frames", log->string(), poses.size(), set.frames.size())});
  return set;
}

}  // namespace tagscape::layouts

#include "core/base/files.h"
#include "core/io/json_text.h"
#include "core/layouts/file_patterns.h"
#include "core/layouts/json_fields.h"
#include "core/layouts/layout_sources.h"

#include <fmt/format.h>

namespace tagscape::layouts {
namespace fs = std::filesystem;

Result<FrameSet> listScanNetPp(const fs::path& root) {
  FrameSet set;
  const auto file = firstByPattern(root, "iphone/pose_intrinsic_imu.json");
  if (!file) return set;
  TAGSCAPE_ASSIGN(const auto text, readTextFile(*file));
  TAGSCAPE_ASSIGN(const json document, parseJson(text, *file));
  if (!document.is_object())
    return failFile(ErrorCode::InvalidInput, *file, "it is no object of frames", "Download it again");
  set.color_camera_file = set.depth_camera_file = *file;
  for (const auto& [name, entry] : document.items()) {
    const auto image = firstByPattern(root, fmt::format("iphone/rgb/{0}.jpg|iphone/rgb/{0}.png", name));
    const auto number = image ? frameNumber(*image) : std::nullopt;
    if (!number) continue;
    FrameRecord frame{.number = *number, .color = *image, .pose = *file};
    auto numbers = numbersOf(fieldIn(entry, "aligned_pose"));
    if (!numbers) numbers = numbersOf(fieldIn(entry, "pose"));
    const auto matrix = matrix4FromNumbers(numbers.value_or(std::vector<double>{}), *file);
    if (matrix)
      frame.matrix = *matrix;
    else
      frame.problem = fmt::format("{}: {} has no pose of 4x4. Download it again", file->string(), name);
    const auto k = numbersOf(fieldIn(entry, "intrinsic"));
    constexpr std::size_t kMatrix = 9;
    if (k && k->size() == kMatrix) frame.color_camera = CameraModel{(*k)[0], (*k)[4], (*k)[2], (*k)[5]};
    set.frames.push_back(std::move(frame));
  }
  if (const auto depth = firstByPattern(root, "iphone/depth.bin"); depth && !set.frames.empty()) {
    set.warnings.push_back(
        {*depth,
         fmt::format(
             "{}: it is not read, so frames have no depth. Extract it to depth maps with the data set's toolkit",
             depth->string())});
  }
  return set;
}

}  // namespace tagscape::layouts

#include "core/base/files.h"
#include "core/io/json_text.h"
#include "core/layouts/file_patterns.h"
#include "core/layouts/json_fields.h"
#include "core/layouts/layout_sources.h"

#include <Eigen/Geometry>
#include <fmt/format.h>

namespace tagscape::layouts {
namespace fs = std::filesystem;
namespace {

/// qx qy qz qw x y z.
std::optional<Eigen::Matrix4d> matrixOfPose(const json& pose) {
  const auto n = numbersOf(&pose);
  constexpr std::size_t kNumbers = 7;
  if (!n || n->size() != kNumbers) return std::nullopt;
  return matrixOf(Eigen::Quaterniond((*n)[3], (*n)[0], (*n)[1], (*n)[2]), {(*n)[4], (*n)[5], (*n)[6]});
}

}  // namespace

Result<FrameSet> listRecord3d(const fs::path& root) {
  const fs::path file = root / "metadata.json";
  TAGSCAPE_ASSIGN(const auto text, readTextFile(file));
  TAGSCAPE_ASSIGN(const json document, parseJson(text, file));
  const auto k = numbersOf(fieldIn(document, "K"));  // column by column
  constexpr std::size_t kMatrix = 9;
  if (!k || k->size() != kMatrix)
    return failFile(ErrorCode::InvalidInput, file, "it has no camera matrix \"K\" of 3x3", "Export it again");
  FrameSet set;
  set.color_camera = CameraModel{(*k)[0], (*k)[4], (*k)[6], (*k)[7], sideIn(document, "w"), sideIn(document, "h")};
  set.depth_camera = set.color_camera;
  set.color_camera_file = set.depth_camera_file = file;
  const json* poses = fieldIn(document, "poses");
  const json* cameras = fieldIn(document, "perFrameIntrinsicCoeffs");
  auto images = findByPattern(root, "rgb/*.jpg");
  if (images.empty()) images = findByPattern(root, "rgb/*.png");
  for (const auto& image : images) {
    const auto number = frameNumber(image);
    if (!number) continue;
    FrameRecord frame{.number = *number, .color = image, .pose = file};
    const std::string stem = image.stem().string();
    if (const auto depth = firstByPattern(root, fmt::format("depth/{0}.exr|depth/{0}.png", stem))) frame.depth = *depth;
    const auto place = static_cast<std::size_t>(*number);
    if (poses != nullptr && poses->is_array() && place < poses->size()) frame.matrix = matrixOfPose((*poses)[place]);
    if (!frame.matrix)
      frame.problem = fmt::format("{}: it has no pose of frame {}. Export it again", file.string(), *number);
    if (cameras != nullptr && cameras->is_array() && place < cameras->size()) {
      const auto own = numbersOf(&(*cameras)[place]);
      if (own && own->size() >= 4)
        frame.color_camera =
            CameraModel{(*own)[0], (*own)[1], (*own)[2], (*own)[3], sideIn(document, "w"), sideIn(document, "h")};
      frame.depth_camera = frame.color_camera;
    }
    set.frames.push_back(std::move(frame));
  }
  set.axes = CameraAxes::OpenGl;
  return set;
}

}  // namespace tagscape::layouts

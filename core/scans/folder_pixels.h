#pragma once

#include "core/io/image_codec.h"
#include "core/scans/label_images.h"
#include "core/scene/scene.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace tagscape {

/// The files of one frame; an empty path where there is none.
struct FrameFiles {
  int number = 0;
  std::filesystem::path color;
  std::filesystem::path depth;
  /// The frame's own camera, where it differs from the scene's: its pixels are moved to where the scene's camera has
  /// them.
  std::optional<Intrinsics> color_camera, depth_camera;
};

/// What the pixels of all frames have in common.
struct FolderCameras {
  Intrinsics color, depth;
  double depth_units_per_m = 1000;
};

/// Reads pixels of a folder of frames on demand: colour from JPEG or PNG, depth as decodeDepth reads it. An image of
/// another size than the camera's is an error when it is asked for. Safe from any thread. @param labels  may be null.
[[nodiscard]] std::shared_ptr<const FrameSource> makeFolderPixels(std::vector<FrameFiles> files,
                                                                  const FolderCameras& cameras,
                                                                  std::shared_ptr<const LabelImages> labels);

}  // namespace tagscape

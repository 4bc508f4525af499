#pragma once

#include "core/io/image_codec.h"
#include "core/scans/label_images.h"
#include "core/scene/scene.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace tagscape {

/// The files of one frame; an empty path where there is none.
struct FrameFiles {
  int number = 0;
  std::filesystem::path color;
  std::filesystem::path depth;
  std::filesystem::path pose;
};

/// Reads pixels of a folder of frames on demand: colour from JPEG or PNG, depth from 16-bit PNG in millimetres. An
/// image of another size than given is an error when it is asked for. Safe from any thread. @param labels  may be null.
[[nodiscard]] std::shared_ptr<const FrameSource> makeFolderPixels(std::vector<FrameFiles> files,
                                                                  ImageSize color,
                                                                  ImageSize depth,
                                                                  std::shared_ptr<const LabelImages> labels);

}  // namespace tagscape

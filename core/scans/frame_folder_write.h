#pragma once

#include "core/base/result.h"
#include "core/scene/camera.h"
#include "core/scene/image.h"

#include <filesystem>
#include <string>

namespace tagscape {

/// A 4x4 matrix as ScanNet's SensReader writes it: rows, nine decimals.
[[nodiscard]] std::string matrixText(const Eigen::Matrix4d& matrix);

/// intrinsic/ of a folder of exported frames: both cameras (which share the pose, so that the extrinsics are the
/// identity). Errors: NotWritable.
[[nodiscard]] Status writeExportedCameras(const std::filesystem::path& folder,
                                          const Intrinsics& color,
                                          const Intrinsics& depth);

/// color/K.jpg, depth/K.png and pose/K.txt of one frame, as ScanNet's SensReader exports it.
/// @param depth_mm  0 = no depth.   @param jpeg_quality  1 … 100.
/// Errors: NotWritable; Internal if an image cannot be encoded.
[[nodiscard]] Status writeExportedFrame(const std::filesystem::path& folder,
                                        int number,
                                        const RgbImage& color,
                                        const RawDepthImage& depth_mm,
                                        const Pose& world_from_camera,
                                        int jpeg_quality);

}  // namespace tagscape

#pragma once

#include "core/scans/label_images.h"

#include <optional>
#include <string>
#include <vector>

namespace tagscape {

enum class PoseDirection { CameraToWorld, WorldToCamera };

/// OpenCv: x right, y down, z forward; OpenGl: x right, y up, looking along -z (ARKit, Blender, NeRF).
enum class CameraAxes { OpenCv, OpenGl };

/// A pinhole camera as a file gives it: of images of width x height pixels, 0 where the file does not say.
struct CameraModel {
  double fx = 0, fy = 0, cx = 0, cy = 0;
  int width = 0, height = 0;
};

/// Conventions that no file of a scan states, as given by the user; unset ones are those of the scan's layout.
struct Conventions {
  std::optional<double> depth_units_per_m{};  ///< 1000 for millimetres, 5000 for TUM, 6553.5 for Replica.
  std::optional<PoseDirection> poses{};
  std::optional<CameraAxes> axes{};
  std::optional<CameraModel> color_camera{};
  std::optional<CameraModel> depth_camera{};
  LabelIds label_ids = LabelIds::Auto;  ///< Of label images and label columns whose place does not say it.

  /// Everything that changes a fused mesh, as text: empty where nothing is set.
  [[nodiscard]] std::string text() const;

  /// The options of a command that say the same: {"--depth-scale", "5000", ...}.
  [[nodiscard]] std::vector<std::string> options() const;
};

/// The camera in an option: "FX,FY,CX,CY", the same with ",WIDTH,HEIGHT" of the images that it is of, or a file with
/// four numbers or a 3x3 or 4x4 matrix. Errors: InvalidInput, NotFound.
[[nodiscard]] Result<CameraModel> readCameraOption(const std::string& text);

}  // namespace tagscape

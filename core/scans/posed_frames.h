#pragma once

#include "core/base/result.h"
#include "core/scans/camera_text.h"
#include "core/scans/conventions.h"
#include "core/scans/label_images.h"
#include "core/scene/scene.h"

#include <Eigen/Core>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tagscape {

/// A frame as its layout lists it; an empty path where there is none.
struct FrameRecord {
  int number = 0;
  std::filesystem::path color{};
  std::filesystem::path depth{};
  std::filesystem::path pose{};               ///< Where the pose stands, for messages.
  std::optional<Eigen::Matrix4d> matrix{};    ///< The pose in the layout's convention.
  std::string problem{};                      ///< Why there is no pose, where something is wrong; a whole message.
  std::optional<CameraModel> color_camera{};  ///< Of this frame alone; pixels are resampled to the scene's camera.
  std::optional<CameraModel> depth_camera{};
};

/// The frames of a scan with the conventions of its layout.
struct FrameSet {
  std::filesystem::path path;  ///< What the user named.
  std::vector<FrameRecord> frames;
  std::optional<CameraModel> color_camera, depth_camera;
  std::filesystem::path color_camera_file, depth_camera_file;  ///< For messages.
  double depth_units_per_m = 1000;
  PoseDirection poses = PoseDirection::CameraToWorld;
  CameraAxes axes = CameraAxes::OpenCv;
  std::shared_ptr<const LabelImages> labels;  ///< May be null.
  std::vector<SceneWarning> warnings;
  /// Name the expected file of a frame where it is missing, with what is lost; empty: parts that a layout lacks as a
  /// whole are told once.
  std::filesystem::path color_folder, depth_folder, pose_folder;
};

/// Makes a scene of frames: image sizes from the first readable image of each kind; cameras fitted to these (see
/// fitCamera), the one that is missing from the other where the images have the same shape; poses as camera to world in
/// OpenCV axes. What the user gives comes before what the layout has.
/// What is wrong with single frames, or had to be guessed, becomes a warning; depth that is no depth (8-bit, colour,
/// all 0 in a sample of three) takes depth from all frames, with a warning. Errors: InvalidInput if there is no frame
/// or no readable image, or cameras are missing or do not fit.
[[nodiscard]] Result<Scene> makeFrameScene(FrameSet frames, const Conventions& given);

}  // namespace tagscape

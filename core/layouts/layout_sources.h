#pragma once

#include "core/base/result.h"
#include "core/scans/posed_frames.h"

#include <filesystem>

/// How each layout lists its frames; one function per layout, named in the table (layout_table.cpp). Each takes the
/// root that the table found and gives frames as the layout has them: makeFrameScene brings them to one convention.
/// Errors of all: NotFound, InvalidInput naming the file and place; what is wrong with one frame is that frame's
/// problem.
namespace tagscape::layouts {

using Source = Result<FrameSet>(const std::filesystem::path& root);

Source listTum;          ///< rgb.txt, depth.txt, groundtruth.txt: nearest times, poses between those of the trajectory.
Source listSevenScenes;  ///< frame-K.color.png, .depth.png, .pose.txt in one folder.
Source list3RScan;       ///< The same with _info.txt, which has the cameras.
Source listReplica;      ///< results/frameK.jpg, results/depthK.png, traj.txt, cam_params.json here or above.
Source listPolycam;      ///< images/T.jpg, depth/T.png, cameras/T.json.
Source listNerfstudio;   ///< transforms.json.
Source listRecord3d;     ///< metadata.json, rgb/K.jpg, depth/K.exr.
Source listArkitScenes;  ///< lowres_wide/, lowres_depth/, lowres_wide_intrinsics/, lowres_wide.traj.
Source listStrayScanner;    ///< odometry.csv, camera_matrix.csv, depth/K.png; rgb/K.jpg once extracted from the video.
Source listOpen3dRecorder;  ///< color/, depth/, camera_intrinsic.json, trajectory.log.
Source listRtabmap;         ///< NAME_rgb/, NAME_depth/, NAME_calib/, NAME_camera_poses.txt.
Source listScanNetPp;       ///< iphone/rgb/, iphone/pose_intrinsic_imu.json.

}  // namespace tagscape::layouts

#pragma once

#include "core/base/result.h"
#include "core/scans/camera_text.h"
#include "core/scans/conventions.h"
#include "core/scans/label_images.h"
#include "core/scene/scene.h"

#include <filesystem>
#include <memory>

namespace tagscape {

/// How the files of a folder of frames are named.
enum class FrameNaming {
  Exported,     ///< By ScanNet's SensReader: color/0.jpg, depth/0.png, pose/0.txt, intrinsic/intrinsic_color.txt …
  Frames25k,    ///< scannet_frames_25k: color/000000.jpg, depth/000000.png, pose/000000.txt, intrinsics_color.txt …
  PosedImages,  ///< posed_images of mmdetection3d: 00000.jpg, 00000.png, 00000.txt, intrinsic.txt, depth_intrinsic.txt
};

/// The naming that the folder follows; nothing if it is no folder of frames.
[[nodiscard]] std::optional<FrameNaming> frameNamingOf(const std::filesystem::path& path);

/// Whether `path` looks like frames exported by ScanNet's SensReader: a folder with color/ or depth/, and pose/.
[[nodiscard]] bool isFrameFolder(const std::filesystem::path& path);

/// How label images are understood.
struct LabelOptions {
  LabelIds ids = LabelIds::Auto;
  std::shared_ptr<const LabelMap> map;  ///< For raw ids; may be null.
};

/// Reads a folder of frames in one of the namings:
///   colour (color/ or rgb/, .jpg or .png), depth (depth/, 16 bit, 0 = none), pose (pose/K.txt, 4x4 or 3x4, m),
///   intrinsics of both (below the folder or beside it), label images (label/K.png or label-filt/K.png; optional),
///   tags.json (optional). Files belong together by the number in their names, however it is padded.
/// Depth is in millimetres and poses are camera to world in OpenCV axes unless `given` says otherwise. Pixels stay on
/// disk until they are asked for; the image sizes are those of the first readable frame. The intrinsics of one kind are
/// taken for the other where its file is missing (see makeFrameScene).
///
/// What is wrong with single frames (no depth map, a pose that is not finite or no rigid motion, an image that cannot
/// be read) or with tags.json becomes a warning, and the frame or the tags are left out of what needs them.
/// Errors: NotFound; InvalidInput if it is no such folder, has no frame, or its intrinsics are missing or do not fit
/// its images.
[[nodiscard]] Result<Scene> readFrameFolder(const std::filesystem::path& path,
                                            const LabelOptions& labels = {},
                                            const Conventions& given = {});

/// Reads tags.json of `folder`, if there is one, into the scene and its frames; what is wrong with it is a warning.
void attachTags(const std::filesystem::path& folder, Scene& scene);

/// Sets path and name of a scene that a person named by `path`.
void nameScene(const std::filesystem::path& path, Scene& scene);

}  // namespace tagscape

#pragma once

#include "core/base/result.h"
#include "core/scene/camera.h"
#include "core/scene/image.h"
#include "core/scene/point_cloud.h"
#include "core/scene/tags.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tagscape {

/// One posed RGB-D image of a scan, without its pixels.
struct Frame {
  int number = 0;                         ///< As in the file name; frames are sorted by it.
  std::optional<Pose> world_from_camera;  ///< Absent if tracking was lost or the file is bad.
  bool has_color = false;
  bool has_depth = false;
  std::optional<TagSet> tags;
};

/// Gives the pixels of frames, one at a time, from wherever they lie. Safe to call from several threads at once.
class FrameSource {
 public:
  virtual ~FrameSource() = default;
  /// The colour image of the frame at `index` of Scene::frames. Errors: NotFound, InvalidInput, Io.
  [[nodiscard]] virtual Result<RgbImage> color(std::size_t index) const = 0;
  /// Depth in metres along the viewing axis; 0 where the sensor saw nothing. Errors as color().
  [[nodiscard]] virtual Result<DepthImage> depth(std::size_t index) const = 0;
};

/// What is wrong with a part of a scan while the rest stays usable.
struct SceneWarning {
  std::filesystem::path file;
  std::string message;  ///< With the place and the remedy in it.
};

/// An RGB-D scan as plain values. Immutable once loaded; shared as SharedScene.
struct Scene {
  std::string name;
  std::filesystem::path path;   ///< What the person named.
  Mesh mesh;                    ///< Empty until it was read or fused.
  Intrinsics color_intrinsics;  ///< Colour and depth share the pose.
  Intrinsics depth_intrinsics;
  std::vector<Frame> frames;  ///< By number, ascending.
  std::shared_ptr<const FrameSource> pixels;
  std::optional<TagSet> tags;  ///< Of the whole scene.
  std::vector<SceneWarning> warnings;

  [[nodiscard]] const PointCloud& points() const { return mesh.vertices; }
};

using SharedScene = std::shared_ptr<const Scene>;

}  // namespace tagscape

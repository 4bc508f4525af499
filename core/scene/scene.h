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
  bool has_labels = false;  ///< Whether FrameSource::labels has the truth of every pixel.
};

/// Gives the pixels of frames, one at a time, from wherever they lie. Safe to call from several threads at once.
class FrameSource {
 public:
  virtual ~FrameSource() = default;
  /// The colour image of the frame at `index` of Scene::frames. Errors: NotFound, InvalidInput, Io.
  [[nodiscard]] virtual Result<RgbImage> color(std::size_t index) const = 0;
  /// Depth in metres along the viewing axis; 0 where the sensor saw nothing. Errors as color().
  [[nodiscard]] virtual Result<DepthImage> depth(std::size_t index) const = 0;
  /// The true class of every pixel of the colour image (class index, kNoClass where unannotated or not one of the 20).
  /// Errors as color(); NotFound for scans without labels.
  [[nodiscard]] virtual Result<Image<std::uint8_t>> labels(std::size_t index) const;
};

/// Where the tags of a scene come from.
enum class TagSource {
  None,     ///< There are none.
  Given,    ///< Annotated, from tags.json.
  Derived,  ///< From the labels of points and pixels.
};

/// What is wrong with a part of a scan while the rest stays usable.
struct SceneWarning {
  std::filesystem::path file;
  std::string message;  ///< With the place and the remedy in it.
};

/// How the files of frames were read: what a layout or the user said of them.
struct FrameReading {
  double depth_units_per_m = 1000;  ///< Of whole numbers in depth maps.
  bool is_world_to_camera = false;  ///< Poses in files map the world to the camera.
  bool is_opengl = false;           ///< Cameras in files look along -z, y up.
};

/// An RGB-D scan as plain values. Immutable once loaded; shared as SharedScene.
struct Scene {
  std::string name;
  std::filesystem::path path;   ///< As the user named it.
  Mesh mesh;                    ///< Empty until it was read or fused.
  Intrinsics color_intrinsics;  ///< Colour and depth share the pose.
  Intrinsics depth_intrinsics;
  FrameReading reading;
  std::vector<Frame> frames;  ///< By number, ascending.
  std::shared_ptr<const FrameSource> pixels;
  std::optional<TagSet> tags;  ///< Of the whole scene.
  TagSource tag_source = TagSource::None;
  /// True class of every point of the mesh (class index, kNoClass where unannotated or not one of the 20); empty where
  /// the scan has no labels of points.
  std::vector<std::uint8_t> point_labels;
  /// The axis alignment that was applied on loading: maps the coordinates of the scan's files to the scene's world.
  Pose world_from_file = Pose::Identity();
  /// Added to coordinates in the frame of the scan's files, it gives those that stand there: large ones (UTM) are kept
  /// relative to it, as floats would round them. x_in_file = world_from_file^-1 * x_in_world + offset_m.
  Eigen::Vector3d offset_m = Eigen::Vector3d::Zero();
  /// Labels of points with ids of other tools, as they are in the file; those that are known became point_labels.
  std::vector<LabelColumn> label_columns;
  std::vector<SceneWarning> warnings;

  [[nodiscard]] const PointCloud& points() const { return mesh.vertices; }
};

using SharedScene = std::shared_ptr<const Scene>;

}  // namespace tagscape

#pragma once

#include "core/base/job.h"
#include "core/geometry/visibility.h"
#include "core/pipeline/scene_superpoints.h"
#include "core/scan_labels/class_values.h"
#include "core/scan_labels/tag_model.h"
#include "core/scene/cell_grid.h"
#include "core/scene/scene.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace tagscape {

struct ScanLabelOptions {
  /// Each is solved alone; posteriors are averaged.
  std::vector<SuperpointOptions> scales = superpointScales();
  float room_prior = 1;  ///< Weight of where in a room classes lie (room_prior.h); 0: neither that nor their sizes.
  float smoothing = 4;   ///< Weight of neighbouring superpoints.
  TagModelOptions tag_model;
  DepthTolerance tolerance;
};

/// The labels of a scan from the tags of its frames.
struct ScanLabels {
  ClassValues vertices;     ///< [N, kNumClasses] probabilities; every vertex has a class, seen or not.
  ClassValues frame_areas;  ///< [frames of the scene, kNumClasses] fraction of each frame that each class covers.
};

/// Labels a scan from tags: superpoints at several scales, for each of them the logits of frames and a prior by its
/// place in the room, and a model of how people tag pictures. The geometry is prepared once; labelling again with other
/// logits takes a second or two.
class ScanLabeller {
 public:
  /// Logits of the frame at this index in Scene::frames, [kNumClasses, height, width]; empty values: it has none. They
  /// need not outlive the next call.
  using FrameLogitsSource = std::function<Result<CellMaps>(std::size_t frame_index)>;
  /// What a frame sees of the scan.
  struct FrameSight {
    std::size_t index = 0;  ///< Place in Scene::frames.
    const VisibilityResult& visibility;
    float hole_fraction = 0;  ///< Of the frame's depth, that is missing.
  };
  using FrameVisitor = std::function<Status(const FrameSight& sight)>;

  /// Errors: InvalidInput for a scene without points, tags, or frames with a pose and depth or a surface; Cancelled.
  [[nodiscard]] static Result<ScanLabeller> create(SharedScene scene, ScanLabelOptions options, const Job& job);
  ScanLabeller(ScanLabeller&&) noexcept;
  ScanLabeller& operator=(ScanLabeller&&) noexcept;
  ~ScanLabeller();

  [[nodiscard]] const Scene& scene() const;
  /// The classes that any frame or the scene is tagged with.
  [[nodiscard]] const TagSet& classes() const;
  /// By frame of the scene. None: that frame was not tagged.
  [[nodiscard]] std::vector<std::optional<TagSet>> frameTags() const;

  /// Where no frame has tags, the scene as a whole counts as one frame with the scene's tags.
  /// @param reliability  of the frames' tags, by index in Scene::frames; null: all tags count alike. With it, logits of
  ///                     classes without a tag count as far as that was probably forgotten.
  /// Errors: those of `logits`; Cancelled. Frames whose depth cannot be read are left out, with a warning in the log.
  [[nodiscard]] Result<ScanLabels> label(const FrameLogitsSource& logits,
                                         const TagReliability* reliability,
                                         const Job& job) const;

  /// Calls `visit` for every frame with a pose and depth. Errors: those of `visit`; Cancelled.
  [[nodiscard]] Status visitFrames(const FrameVisitor& visit, const Job& job) const;

 private:
  struct Impl;
  explicit ScanLabeller(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tagscape

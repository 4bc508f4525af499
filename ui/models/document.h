#pragma once

#include "core/geometry/reference_depth.h"
#include "core/geometry/visibility.h"
#include "core/scene/cams.h"
#include "core/scene/scene.h"
#include "ui/models/display_style.h"
#include "ui/models/point_layer.h"
#include "ui/models/selection.h"
#include "ui/models/shown_labels.h"
#include "ui/models/view_link.h"

#include <QObject>

#include <map>
#include <memory>

namespace tagscape {

/// How the scan is drawn in the 3D view.
enum class Surface { Points, Mesh };

/// The overlay of a frame's image. PseudoLabel: the class with the largest 2D CAM where that reaches the threshold.
/// Labels: those of the project.
enum class FrameOverlay { None, Cam2d, ProjectedCam, Occlusion, Truth, Prediction, PseudoLabel, Labels };
inline constexpr int kNumOverlays = 8;

/// The image below a frame's overlays.
enum class FrameBase { Color, Depth };

/// The open scene and the user's choices of what to display. Panels read it and change it through its setters; each
/// setter that changes something emits one signal. GUI thread.
class Document : public QObject {
  Q_OBJECT

 public:
  explicit Document(QObject* parent = nullptr);

  [[nodiscard]] const SharedScene& scene() const { return scene_; }
  [[nodiscard]] const std::shared_ptr<const SceneCams>& cams() const { return cams_; }
  [[nodiscard]] int frameIndex() const { return frame_index_; }  ///< In Scene::frames; -1 without frames.
  [[nodiscard]] const Frame* frame() const;
  [[nodiscard]] int numFrames() const { return scene_ ? static_cast<int>(scene_->frames.size()) : 0; }
  [[nodiscard]] int classIndex() const { return class_index_; }
  [[nodiscard]] PointLayer layer() const { return layer_; }
  [[nodiscard]] FrameOverlay overlay() const { return overlay_; }
  /// The second overlay, beyond the divider; None shows the bare image there.
  [[nodiscard]] FrameOverlay comparedOverlay() const { return compared_overlay_; }
  [[nodiscard]] bool isSwiped() const { return is_swiped_; }  ///< Whether there is a divider.
  [[nodiscard]] FrameBase frameBase() const { return frame_base_; }
  [[nodiscard]] float overlayOpacity() const { return overlay_opacity_; }
  [[nodiscard]] float camThreshold() const { return cam_threshold_; }
  [[nodiscard]] float tolerance_m() const { return tolerance_m_; }
  /// The tolerance of the depth test.
  [[nodiscard]] DepthTolerance tolerance() const {
    DepthTolerance tolerance;
    tolerance.absolute_m = tolerance_m_;
    return tolerance;
  }
  [[nodiscard]] DepthSource depthSource() const { return depth_source_; }
  [[nodiscard]] Surface surface() const { return surface_; }
  [[nodiscard]] float pointScale() const { return point_scale_; }

  [[nodiscard]] DisplayStyle& displayStyle() { return display_style_; }
  [[nodiscard]] const DisplayStyle& displayStyle() const { return display_style_; }
  [[nodiscard]] ViewLink& link() { return link_; }
  [[nodiscard]] const ViewLink& link() const { return link_; }

  [[nodiscard]] Selection& selection() { return selection_; }
  [[nodiscard]] const Selection& selection() const { return selection_; }

  /// The labels that are edited; a new scene has none until they are set.
  [[nodiscard]] ShownLabels& labels() { return labels_; }
  [[nodiscard]] const ShownLabels& labels() const { return labels_; }

  /// Opens another scene: discards CAMs, the selection and changed tags, and selects the first frame with an image and
  /// the first tagged class.
  void setScene(SharedScene scene);
  /// Warnings about the open scene, from opening it and later.
  [[nodiscard]] const std::vector<SceneWarning>& warnings() const { return warnings_; }
  /// Ignored without a scene, or if there is already a warning about the same file.
  void addWarning(SceneWarning warning);
  /// Errors: InvalidInput without a scene, or if the number of points differs.
  [[nodiscard]] Status setCams(std::shared_ptr<const SceneCams> cams);
  void clearCams();

  // What if the tags were others? Changed tags mask cams() at once; nothing is written. See document_tags.cpp.
  /// The current tags of the scene: as changed by the user, otherwise its own, otherwise the union of its frames' tags;
  /// none without a scene.
  [[nodiscard]] TagSet sceneTags() const;
  /// The current tags of a frame: as changed by the user, otherwise its own, otherwise the scene's.
  [[nodiscard]] TagSet frameTags(int frame_index) const;
  [[nodiscard]] bool hasChangedTags() const { return changed_scene_tags_ || !changed_frame_tags_.empty(); }
  /// Tagged classes that the prediction lacks because it was made with the scan's own tags: in 3D, and in the current
  /// frame if it was predicted. They need a new prediction.
  [[nodiscard]] TagSet lackedByPoints() const;
  [[nodiscard]] TagSet lackedByFrame() const;
  /// Classes with an added tag whose predicted CAM is 0 everywhere: in 3D, or, if only the current frame's tags were
  /// changed, in 2D.
  [[nodiscard]] TagSet addedInVain() const;
  /// The CAMs as predicted, before masking by tags; may be null. CAMs with logits are masked by the current tags,
  /// others only after tags are changed.
  [[nodiscard]] const std::shared_ptr<const SceneCams>& networkCams() const { return network_cams_; }
  void toggleSceneTag(int class_index);
  void toggleFrameTag(int class_index);  ///< Of the current frame.
  void resetTags();
  /// Puts these tags in force: none where they are those of the scan itself.
  void setTags(const std::optional<TagSet>& scene_tags, std::map<int, TagSet> frame_tags);
  /// Tags in force that are not the scan's own: of the scene, and of frames by number.
  [[nodiscard]] const std::optional<TagSet>& changedSceneTags() const { return changed_scene_tags_; }
  [[nodiscard]] const std::map<int, TagSet>& changedFrameTags() const { return changed_frame_tags_; }

  void setFrameIndex(int index);  ///< Clamped to the number of frames.
  void setClassIndex(int class_index);
  void setLayer(PointLayer layer);
  void setOverlay(FrameOverlay overlay);
  void setComparedOverlay(FrameOverlay overlay);
  void setSwiped(bool swiped);
  void setFrameBase(FrameBase base);
  void setOverlayOpacity(float opacity);    ///< 0 … 1.
  void setCamThreshold(float threshold);    ///< 0 … 1.
  void setTolerance_m(float tolerance_m);   ///< Occlusion tolerance, 0.001 … 1 m.
  void setDepthSource(DepthSource source);  ///< Of the occlusion test.
  void setSurface(Surface surface);
  void setPointScale(float scale);  ///< Factor of the natural size, 0.1 … 10.

 Q_SIGNALS:
  void sceneChanged();
  void warningsChanged();  ///< A warning was added; those of a new scene come with sceneChanged().
  void camsChanged();
  void frameChanged(int frame_index);
  void classChanged(int class_index);
  void layerChanged(tagscape::PointLayer layer);
  void overlayChanged(tagscape::FrameOverlay overlay);
  void overlayOpacityChanged(float opacity);
  void comparisonChanged();  ///< The second overlay, the divider or the image below both.
  void tagsChanged();
  void camThresholdChanged(float threshold);
  void toleranceChanged(float tolerance_m);
  void depthSourceChanged(tagscape::DepthSource source);
  void surfaceChanged(tagscape::Surface surface);
  void pointScaleChanged(float scale);

 private:
  void maskCams();
  [[nodiscard]] TagSet ownSceneTags() const;
  [[nodiscard]] TagSet ownFrameTags(int frame_index) const;

  SharedScene scene_;
  std::vector<SceneWarning> warnings_;
  std::shared_ptr<const SceneCams> cams_;
  std::shared_ptr<const SceneCams> network_cams_;
  std::optional<TagSet> changed_scene_tags_;
  std::map<int, TagSet> changed_frame_tags_;  ///< By frame number.
  DisplayStyle display_style_;
  ViewLink link_;
  Selection selection_;
  ShownLabels labels_;
  int frame_index_ = -1;
  int class_index_ = 0;
  PointLayer layer_;
  FrameOverlay overlay_ = FrameOverlay::None;
  FrameOverlay compared_overlay_ = FrameOverlay::None;
  bool is_swiped_ = false;
  FrameBase frame_base_ = FrameBase::Color;
  float overlay_opacity_ = 0.65F;
  float cam_threshold_ = 0.2F;
  float tolerance_m_ = 0.05F;
  DepthSource depth_source_ = DepthSource::Auto;
  Surface surface_ = Surface::Points;
  float point_scale_ = 1;
};

}  // namespace tagscape

#pragma once

#include "ui/jobs/job_runner.h"
#include "ui/models/document.h"
#include "ui/render/color_layers.h"
#include "ui/render/point_columns.h"

#include <QObject>
#include <QTimer>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace tagscape {

/// Computes the data that the colour layers of the 3D view need (LayerNeed) on worker threads: CAMs packed for the GPU,
/// 2D CAMs lifted to the points, visibilities of the current frame, superpoints. Expensive data is computed only for
/// wanted layers. The layers, their needs and columns are defined in ui/render/color_layers.h. Follows the document and
/// adds warnings to it about files of the scan. GUI thread.
class PointLayers : public QObject {
  Q_OBJECT

 public:
  explicit PointLayers(Document& document, QObject* parent = nullptr);

  void setWanted(const std::set<PointLayer>& layers);

  /// Whether the superpoints layer shows the scan's own (ScanNet's segments file) where there are some, instead of
  /// those used in training.
  [[nodiscard]] bool usesScanSuperpoints() const { return uses_scan_superpoints_; }
  void setUsesScanSuperpoints(bool uses);

  /// Whether all data of the layer is available.
  [[nodiscard]] bool has(PointLayer layer) const;
  /// Whether data of a wanted layer is being computed.
  [[nodiscard]] bool isBusy() const;
  /// Why the layer is not available; empty if it is.
  [[nodiscard]] QString note(PointLayer layer) const;
  /// The origin of the superpoints for display; empty while there are none.
  [[nodiscard]] QString superpointSource() const;
  /// Rows of all points of this point's superpoint, itself among them; empty while there are none.
  [[nodiscard]] std::vector<std::uint32_t> pointsOfSuperpointAt(std::size_t point) const;
  /// The layer's column; empty if it has none or is not available. For layers of a class, that of the document's class,
  /// empty if all values are 0. Valid until columnChanged() or stateChanged().
  [[nodiscard]] const ColumnData& column(PointLayer layer) const;
  /// The natural range of the layer's colour bar; 0 … 1 for layers of such values.
  [[nodiscard]] HeatRange range(PointLayer layer) const;

 Q_SIGNALS:
  /// column() of this layer has changed.
  void columnChanged(tagscape::PointLayer layer);
  /// column() of this layer, which is of bytes, has other values for these points and is the same else.
  void columnPatched(tagscape::PointLayer layer, const std::vector<std::uint32_t>& points);
  /// A computation has started, ended or failed.
  void stateChanged();
  /// Only the progress in note() has changed.
  void progressed();

 private:
  struct Depth;
  struct FrameVisibility;
  struct Superpoints;

  void forgetScene();
  void packCamsAgain();
  void updateLiftedCams();
  void updateVisibility();
  void divide();
  void makeWanted();
  [[nodiscard]] bool wants(LayerNeed need) const;
  [[nodiscard]] bool has(LayerNeed need) const;
  [[nodiscard]] QString note(LayerNeed need) const;
  [[nodiscard]] bool isIndexGrowing() const;
  [[nodiscard]] LayerInputs inputs() const;
  [[nodiscard]] std::shared_ptr<Depth> depth();
  void setProblem(LayerNeed need, const Error& error);
  /// Discards the columns and ranges of layers with this need.
  void drop(LayerNeed need);
  /// The same, and emits columnChanged() for them.
  void renew(LayerNeed need);
  void renewLayersOfClass();
  void followLabels();
  void patchLabels(const std::vector<std::uint32_t>& points);
  void describeLabel(std::size_t point);

  Document& document_;
  std::set<PointLayer> wanted_;
  std::map<LayerNeed, QString> problems_;
  mutable std::map<PointLayer, ColumnData> made_columns_;
  mutable std::map<PointLayer, HeatRange> made_ranges_;
  std::shared_ptr<const CamColumns> cams_;
  std::shared_ptr<const ClassColumns> lifted_;
  std::shared_ptr<const Superpoints> superpoints_;
  std::vector<std::uint8_t> reasons_;
  std::vector<std::uint8_t> coverage_, instance_rows_;  ///< Of the labels that are edited.
  bool uses_scan_superpoints_ = false;
  bool lift_is_old_ = true;
  bool visibility_is_stale_ = true;
  std::shared_ptr<Depth> depth_;
  std::shared_ptr<FrameVisibility> frame_visibility_;
  std::size_t num_known_frames_ = 0;  ///< Of the visibility index when columns were last computed from it.
  int lift_percent_ = 0;
  int superpoint_percent_ = 0;
  QTimer lift_soon_;  ///< Delays lifting until a dragged slider rests.
  JobRunner cam_runner_;
  JobRunner lift_runner_;
  JobRunner reason_runner_;
  JobRunner superpoint_runner_;
};

}  // namespace tagscape

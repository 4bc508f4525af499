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

/// Has what the colour layers of the 3D view need (LayerNeed), and makes it on worker threads: CAMs packed for the GPU,
/// 2D CAMs lifted to the points, visibilities of the current frame, superpoints. What costs is made only while a layer
/// that needs it is wanted. Knows no layer by itself: which need what, and how a column follows from it, say the rows
/// of ui/render/color_layers.h. Follows the document, and adds to its warnings what is wrong with a file of the scan.
/// Owned by the GUI thread.
class PointLayers : public QObject {
  Q_OBJECT

 public:
  explicit PointLayers(Document& document, QObject* parent = nullptr);

  void setWanted(const std::set<PointLayer>& layers);

  /// Whether the superpoints layer shows the scan's own (ScanNet's segments file) where there are some, instead of
  /// those that are learnt from.
  [[nodiscard]] bool usesScanSuperpoints() const { return uses_scan_superpoints_; }
  void setUsesScanSuperpoints(bool uses);

  /// Whether all that the layer shows is there.
  [[nodiscard]] bool has(PointLayer layer) const;
  /// Whether something that a wanted layer needs is being made.
  [[nodiscard]] bool isBusy() const;
  /// Why the layer is not there, in words; empty if it is.
  [[nodiscard]] QString note(PointLayer layer) const;
  /// Where the superpoints come from, in words; empty while there are none.
  [[nodiscard]] QString superpointSource() const;
  /// Rows of all points of this point's superpoint, itself among them; empty while there are none.
  [[nodiscard]] std::vector<std::uint32_t> pointsOfSuperpointAt(std::size_t point) const;
  /// The layer's own column; empty where it has none, or it is unknown. Those of a class are of the document's, and
  /// empty for one that no point has a value of. Valid until columnChanged() or stateChanged().
  [[nodiscard]] const ColumnData& column(PointLayer layer) const;
  /// What the layer's colour bar covers by itself; 0 … 1 for layers of such values.
  [[nodiscard]] HeatRange range(PointLayer layer) const;

 Q_SIGNALS:
  /// column() of this layer is another now.
  void columnChanged(tagscape::PointLayer layer);
  /// Something began, ended or could not be made.
  void stateChanged();
  /// note() of a layer that is being made counts on; nothing else is another.
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
  /// Forgets the columns and ranges of layers that are made from it.
  void drop(LayerNeed need);
  /// The same, and tells of their columns.
  void renew(LayerNeed need);
  void renewLayersOfClass();

  Document& document_;
  std::set<PointLayer> wanted_;
  std::map<LayerNeed, QString> problems_;
  mutable std::map<PointLayer, ColumnData> made_columns_;
  mutable std::map<PointLayer, HeatRange> made_ranges_;
  std::shared_ptr<const CamColumns> cams_;
  std::shared_ptr<const ClassColumns> lifted_;
  std::shared_ptr<const Superpoints> superpoints_;
  std::vector<std::uint8_t> reasons_;
  bool uses_scan_superpoints_ = false;
  bool lift_is_old_ = true;
  bool visibility_is_stale_ = true;
  std::shared_ptr<Depth> depth_;
  std::shared_ptr<FrameVisibility> frame_visibility_;
  std::size_t num_known_frames_ = 0;  ///< Of the visibility index, when columns were made from it last.
  int lift_percent_ = 0;
  int superpoint_percent_ = 0;
  QTimer lift_soon_;  ///< A slider that is being drawn asks once, when it rests.
  JobRunner cam_runner_;
  JobRunner lift_runner_;
  JobRunner reason_runner_;
  JobRunner superpoint_runner_;
};

}  // namespace tagscape

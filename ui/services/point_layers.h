#pragma once

#include "ui/jobs/job_runner.h"
#include "ui/models/document.h"
#include "ui/render/point_cloud_renderer.h"
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

[[nodiscard]] PointColoring coloringOf(PointLayer layer);
/// "rgb", "cam", "prediction", …: as the command line takes them.
[[nodiscard]] const char* nameOf(PointLayer layer);
[[nodiscard]] std::optional<PointLayer> pointLayerNamed(const QString& name);

/// Has the numbers of every point that the layers of the 3D view show, and makes them on worker threads: CAMs packed
/// for the GPU, 2D CAMs lifted to the points, visibilities of the current frame, segments. What costs is made only
/// while a layer that needs it is wanted. Follows the document, and adds to its warnings what is wrong with a file of
/// the scan. Owned by the GUI thread.
class PointLayers : public QObject {
  Q_OBJECT

 public:
  explicit PointLayers(Document& document, QObject* parent = nullptr);

  void setWanted(const std::set<PointLayer>& layers);

  /// Whether all that the layer shows is there.
  [[nodiscard]] bool has(PointLayer layer) const;
  /// Whether something that a wanted layer needs is being made.
  [[nodiscard]] bool isBusy() const;
  /// Why the layer is not there, in words; empty if it is.
  [[nodiscard]] QString note(PointLayer layer) const;
  /// Where the segments come from, in words; empty while there are none.
  [[nodiscard]] QString segmentSource() const;
  /// Rows of the points in the same segment as this one, itself among them; empty while there are none.
  [[nodiscard]] std::vector<std::uint32_t> segmentOf(std::size_t point) const;
  /// Values of the layer from the least to the largest; 0 … 1 for the CAMs, which are normalised so.
  [[nodiscard]] HeatRange extent(PointLayer layer) const;

  /// In the order of the cloud, or empty where unknown. Cam and Lifted are of the document's class, and empty for one
  /// that no point has a value of.
  [[nodiscard]] std::span<const std::uint8_t> bytes(PointColumn column) const;
  [[nodiscard]] std::span<const std::uint16_t> values(PointColumn column) const;

 Q_SIGNALS:
  /// bytes() or values() of this column are others now.
  void columnChanged(tagscape::PointColumn column);
  /// Something began, ended or could not be made.
  void stateChanged();
  /// note() of a layer that is being made counts on; nothing else is another.
  void progressed();

 private:
  struct Depth;
  struct FrameVisibility;
  struct Segments;

  void forgetScene();
  void packCamsAgain();
  void updateLiftedCams();
  void updateVisibility();
  void divide();
  void makeWanted();
  [[nodiscard]] bool wants(std::initializer_list<PointLayer> layers) const;
  [[nodiscard]] std::shared_ptr<Depth> depth();
  void setProblem(PointLayer layer, const Error& error);
  [[nodiscard]] QString missing(PointLayer layer) const;

  Document& document_;
  std::set<PointLayer> wanted_;
  std::map<PointLayer, QString> problems_;
  std::shared_ptr<const CamColumns> cams_;
  std::shared_ptr<const ClassColumns> lifted_;
  std::shared_ptr<const Segments> segments_;
  std::vector<std::uint8_t> reasons_;
  bool lift_is_old_ = true;
  bool visibility_is_stale_ = true;
  std::shared_ptr<Depth> depth_;
  std::shared_ptr<FrameVisibility> frame_visibility_;
  int lift_percent_ = 0;
  int segment_percent_ = 0;
  QTimer lift_soon_;  ///< A slider that is being drawn asks once, when it rests.
  JobRunner cam_runner_;
  JobRunner lift_runner_;
  JobRunner reason_runner_;
  JobRunner segment_runner_;
};

}  // namespace tagscape

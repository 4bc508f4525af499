#pragma once

#include "core/geometry/point_lookup.h"
#include "ui/jobs/job_runner.h"
#include "ui/models/document.h"

#include <QObject>

#include <memory>
#include <optional>

namespace tagscape {

/// Finds the point of the open scene that is nearest to a place. The index it needs is made in the background when a
/// scene is opened. Owned by the GUI thread.
class PlaceFinder : public QObject {
  Q_OBJECT

 public:
  /// @param document  must outlive this.
  explicit PlaceFinder(Document& document, QObject* parent = nullptr);

  /// Whether the open scene's index is there.
  [[nodiscard]] bool isReady() const { return lookup_ != nullptr; }
  /// The row of the point that is nearest to a place, m, world frame. Nothing if none is as near as two of the cloud's
  /// spacings (at least 5 cm), and while the index is being made. Takes microseconds.
  [[nodiscard]] std::optional<std::uint32_t> nearestPoint(const Eigen::Vector3f& position_m) const;

 private:
  void indexScene();

  Document& document_;
  SharedScene scene_;
  std::shared_ptr<const PointLookup> lookup_;   // Of scene_.
  JobRunner runner_{JobRunner::Priority::Low};  // Points at rest are found after they are seen.
};

}  // namespace tagscape

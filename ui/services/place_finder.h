#pragma once

#include "core/geometry/point_lookup.h"
#include "ui/jobs/job_runner.h"
#include "ui/models/document.h"

#include <QObject>

#include <memory>
#include <optional>

namespace tagscape {

/// Finds the point of the open scene nearest to a position. Its index is built in the background when a scene is
/// opened. GUI thread.
class PlaceFinder : public QObject {
  Q_OBJECT

 public:
  /// @param document  must outlive the finder.
  explicit PlaceFinder(Document& document, QObject* parent = nullptr);

  /// Whether the index of the open scene is ready.
  [[nodiscard]] bool isReady() const { return lookup_ != nullptr; }
  /// The row of the point nearest to a position, m, world frame; nothing if none is within twice the spacing of the
  /// cloud (at least 5 cm), or while the index is being built. Cost: microseconds.
  [[nodiscard]] std::optional<std::uint32_t> nearestPoint(const Eigen::Vector3f& position_m) const;

 private:
  void indexScene();

  Document& document_;
  SharedScene scene_;
  std::shared_ptr<const PointLookup> lookup_;   // Of scene_.
  JobRunner runner_{JobRunner::Priority::Low};  // Points at rest are found after they are seen.
};

}  // namespace tagscape

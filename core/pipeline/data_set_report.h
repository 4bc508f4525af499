#pragma once

#include "core/base/job.h"
#include "core/geometry/visibility.h"
#include "core/scene/class_catalog.h"

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace tagscape {

struct DataSetReportOptions {
  double min_pixel_fraction = .015;  ///< A class is a tag of an image when it covers at least this fraction of it.
  DepthTolerance tolerance;          ///< Of the depth filter.
};

/// How often a class appears: shares of 0 … 1.
struct ClassFrequency {
  double scenes = 0;  ///< Of the scenes whose tags are known.
  double images = 0;  ///< Of the frames with labels.
  double points = 0;  ///< Of all points with a label, kNoClass included.
  double pixels = 0;  ///< Of all labelled pixels, kNoClass included.
};

/// What the scenes of a data set hold, and whether the parts of each belong together.
struct DataSetReport {
  std::size_t num_scenes = 0;
  std::size_t num_frames = 0;
  std::size_t num_points = 0;
  std::array<ClassFrequency, kNumClasses> classes{};
  double points_seen = 0;               ///< Share of the points that at least one frame sees.
  double points_in_view_per_frame = 0;  ///< Mean number of points that project into a frame's image.
  double points_visible_per_frame = 0;  ///< Mean number of those that the depth filter lets pass.
  /// Of the points that project into a frame, with a class there and at the pixel: the share with the same one.
  double agreement_with_filter = 0;     ///< Points that the frame sees by its depth.
  double agreement_without_filter = 0;  ///< All that project into it, hidden or not.
  std::vector<std::string> warnings;    ///< Of the readers.
};

/// Measures a data set through the same readers and the same projection that training uses, so that a fault in any of
/// them, or in the files, shows in the agreement.
/// Errors: those of scanDataSet; InvalidInput if no scene can be read; Cancelled.
/// Cost: reads every depth map and label image; projects every point into every frame. One scene in memory at a time.
[[nodiscard]] Result<DataSetReport> reportDataSet(const std::filesystem::path& path,
                                                  const DataSetReportOptions& options,
                                                  const Job& job);

}  // namespace tagscape

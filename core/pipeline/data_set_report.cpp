#include "core/pipeline/data_set_report.h"

#include "core/base/parallel.h"
#include "core/layouts/scan_layout.h"
#include "core/pipeline/frame_tags.h"
#include "core/scans/data_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <mutex>

namespace tagscape {
namespace {

constexpr const char* kStage = "measuring the data set";

struct Agreement {
  std::size_t num_compared = 0;
  std::size_t num_equal = 0;

  void compare(std::uint8_t point, std::uint8_t pixel) {
    if (point == kNoClass || pixel == kNoClass) return;
    ++num_compared;
    num_equal += point == pixel ? 1 : 0;
  }
  void add(const Agreement& other) {
    num_compared += other.num_compared;
    num_equal += other.num_equal;
  }
  [[nodiscard]] double fraction() const {
    return num_compared == 0 ? 0 : static_cast<double>(num_equal) / static_cast<double>(num_compared);
  }
};

using Counts = std::array<std::size_t, kNumClasses>;

/// What one frame adds.
struct FrameCounts {
  bool has_labels = false;
  TagSet tags;
  std::size_t num_pixels = 0;
  Counts pixels{};
  std::size_t num_in_view = 0;
  std::vector<std::uint32_t> visible;  ///< Rows of the points that the frame sees.
  Agreement with_filter, without_filter;
};

struct Totals {
  std::size_t num_scenes = 0, num_tagged_scenes = 0;
  std::size_t num_frames = 0, num_labelled_frames = 0;
  std::size_t num_points = 0, num_labelled_points = 0, num_seen = 0;
  std::size_t num_pixels = 0, num_in_view = 0, num_visible = 0;
  Counts scenes{}, images{}, points{}, pixels{};
  Agreement with_filter, without_filter;
  std::vector<std::string> warnings;
};

void countPixels(const Image<std::uint8_t>& labels, double min_share, FrameCounts& counts) {
  counts.has_labels = true;
  counts.tags = tagsOfLabels(labels, min_share);
  counts.num_pixels = labels.pixels.size();
  for (const auto label : labels.pixels) {
    if (label < kNumClasses) ++counts.pixels[label];
  }
}

/// @param labels  of the frame's pixels; empty if it has none.
void comparePoints(const Scene& scene,
                   const VisibilityResult& visibility,
                   const Image<std::uint8_t>& labels,
                   FrameCounts& counts) {
  const bool has_both = !labels.empty() && !scene.point_labels.empty();
  for (std::size_t i = 0; i < visibility.reason.size(); ++i) {
    const Visibility reason = visibility.reason[i];
    if (reason == Visibility::Outside || reason == Visibility::Behind || reason == Visibility::NoPose) continue;
    ++counts.num_in_view;
    const bool is_visible = reason == Visibility::Visible;
    if (is_visible) counts.visible.push_back(static_cast<std::uint32_t>(i));
    if (!has_both) continue;
    const auto x = std::clamp(static_cast<int>(std::lround(visibility.pixel[i].x())), 0, labels.width - 1);
    const auto y = std::clamp(static_cast<int>(std::lround(visibility.pixel[i].y())), 0, labels.height - 1);
    counts.without_filter.compare(scene.point_labels[i], labels.at(x, y));
    if (is_visible) counts.with_filter.compare(scene.point_labels[i], labels.at(x, y));
  }
}

Result<FrameCounts> countFrame(const Scene& scene, std::size_t index, const DataSetReportOptions& options) {
  FrameCounts counts;
  const Frame& frame = scene.frames[index];
  Image<std::uint8_t> labels;
  if (frame.has_labels) {
    TAGSCAPE_ASSIGN(labels, scene.pixels->labels(index));
    countPixels(labels, options.min_pixel_fraction, counts);
  }
  if (!frame.has_depth || !frame.world_from_camera) return counts;
  TAGSCAPE_ASSIGN(const DepthImage depth, scene.pixels->depth(index));
  const FrameView view{frame.world_from_camera, scene.color_intrinsics, scene.depth_intrinsics, &depth};
  comparePoints(scene, computeVisibility(scene.points().positions_m, view, options.tolerance), labels, counts);
  return counts;
}

void add(const FrameCounts& frame, std::vector<std::uint8_t>& seen, Totals& totals) {
  totals.num_labelled_frames += frame.has_labels ? 1 : 0;
  totals.num_pixels += frame.num_pixels;
  totals.num_in_view += frame.num_in_view;
  totals.num_visible += frame.visible.size();
  for (std::size_t k = 0; k < totals.images.size(); ++k) {
    totals.images[k] += frame.tags[k] ? 1 : 0;
    totals.pixels[k] += frame.pixels[k];
  }
  for (const auto point : frame.visible) seen[point] = 1;
  totals.with_filter.add(frame.with_filter);
  totals.without_filter.add(frame.without_filter);
}

void addScene(const Scene& scene, const DataSetReportOptions& options, const Job& job, Totals& totals) {
  ++totals.num_scenes;
  totals.num_frames += scene.frames.size();
  totals.num_points += scene.points().size();
  totals.num_labelled_points += scene.point_labels.size();
  if (scene.tags) {
    ++totals.num_tagged_scenes;
    for (std::size_t k = 0; k < totals.scenes.size(); ++k) totals.scenes[k] += (*scene.tags)[k] ? 1 : 0;
  }
  for (const auto label : scene.point_labels) {
    if (label < kNumClasses) ++totals.points[label];
  }
  for (const auto& warning : scene.warnings) totals.warnings.push_back(warning.message);
  std::vector<std::uint8_t> seen(scene.points().size(), 0);
  std::mutex adding;
  parallelFor(scene.frames.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end && !job.stopRequested(); ++i) {
      const auto counts = countFrame(scene, i, options);
      const std::scoped_lock lock(adding);
      counts ? add(*counts, seen, totals) : totals.warnings.push_back(counts.error().message);
    }
  });
  totals.num_seen += static_cast<std::size_t>(std::count(seen.begin(), seen.end(), 1));
}

double shareOf(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

DataSetReport reportOf(Totals totals) {
  DataSetReport report;
  report.num_scenes = totals.num_scenes;
  report.num_frames = totals.num_frames;
  report.num_points = totals.num_points;
  for (std::size_t k = 0; k < report.classes.size(); ++k) {
    report.classes[k] = {shareOf(totals.scenes[k], totals.num_tagged_scenes),
                         shareOf(totals.images[k], totals.num_labelled_frames),
                         shareOf(totals.points[k], totals.num_labelled_points),
                         shareOf(totals.pixels[k], totals.num_pixels)};
  }
  report.points_seen = shareOf(totals.num_seen, totals.num_points);
  report.points_in_view_per_frame = shareOf(totals.num_in_view, totals.num_frames);
  report.points_visible_per_frame = shareOf(totals.num_visible, totals.num_frames);
  report.agreement_with_filter = totals.with_filter.fraction();
  report.agreement_without_filter = totals.without_filter.fraction();
  std::ranges::sort(totals.warnings);
  report.warnings = std::move(totals.warnings);
  return report;
}

}  // namespace

Result<DataSetReport> reportDataSet(const std::filesystem::path& path,
                                    const DataSetReportOptions& options,
                                    const Job& job) {
  TAGSCAPE_ASSIGN(const DataSet data, scanDataSet(path));
  Totals totals;
  totals.warnings = data.warnings;
  std::optional<Error> first_refusal;
  for (std::size_t i = 0; i < data.scenes.size(); ++i) {
    TAGSCAPE_TRY(job.checkStop(kStage));
    job.report(kStage, static_cast<std::int64_t>(i), static_cast<std::int64_t>(data.scenes.size()), data.scenes[i].id);
    const auto scene = readScan(data.scenes[i].path, {.use_cache = false});
    if (scene) {
      addScene(*scene, options, job, totals);
    } else {
      totals.warnings.push_back(scene.error().message);
      if (!first_refusal) first_refusal = scene.error();
    }
  }
  TAGSCAPE_TRY(job.checkStop(kStage));
  if (totals.num_scenes == 0 && first_refusal) return fail(*first_refusal);
  return reportOf(std::move(totals));
}

}  // namespace tagscape

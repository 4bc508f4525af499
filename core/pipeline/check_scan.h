#pragma once

#include "core/base/job.h"
#include "core/pipeline/reading_remedy.h"
#include "core/scene/scene.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tagscape {

struct CheckOptions {
  int every = 10;         ///< Checks every so many frames, starting with the first.
  float close_m = 0.05F;  ///< Depths that differ by less agree.
};

/// Of one frame: the points that project into its image and have a depth there.
struct FrameCheck {
  int number = 0;
  std::size_t num_evaluated = 0;  ///< Points in view that have a depth.
  double fraction_close = 0;      ///< |difference| < close_m.
  double fraction_behind = 0;     ///< Farther than the frame's depth: occluded, or a wrong pose.
  double fraction_in_front = 0;   ///< Nearer than the frame's depth: the frame looks through the surface.
  /// Of those points that the scan's own surface does not hide from there, the share that is close: without occlusion
  /// in it, a right pose leaves nearly all. Nothing for a scan without triangles.
  std::optional<double> fraction_close_unhidden;
  double median_difference_m = 0;  ///< Point's depth minus the frame's.
  double color_correlation = 0;    ///< Pearson, grey values of the close points and of their pixels.
  /// By how much the share of close points (of unhidden ones, where that is known) differs when the camera is turned by
  /// a degree to the left, right, up and down. A right pose loses by each.
  std::array<double, 4> gain_of_turned{};
  std::optional<double> label_agreement;  ///< Share of close, labelled points whose pixel has the same class.
};

/// Whether the poses of a scan fit its depth. A pose error moves surfaces against the measured depth: of the points
/// that nothing hides few stay close, and points that stand in front of what the frame saw (which a right pose nearly
/// forbids) become many.
enum class ScanConsistency { Good, Doubtful, Wrong };

/// Whether a scan's mesh, poses, depth and labels belong together.
struct ScanCheck {
  std::vector<FrameCheck> frames;
  int num_bad_poses = 0;   ///< Frames of the whole scan without a usable pose.
  int num_unreadable = 0;  ///< Sampled frames whose pixels could not be read.
  FrameCheck overall;      ///< Medians over frames (num_evaluated: their sum).

  ScanConsistency consistency = ScanConsistency::Wrong;
  std::optional<ReadingRemedy> remedy;  ///< Another reading of the frames that fits better.
  std::string label_problem;            ///< See findLabelProblem; or a low agreement of label images and points.
  std::string up_axis;                  ///< Of the scan's world, see upAxisOf.
};

/// Compares the points of a scan with its sampled frames. Needs a mesh that was not fused from these very poses to
/// prove a pose wrong; for a fused one it shows how consistent the poses are with each other.
///
/// Errors: InvalidInput if the scan has no points or no frame with pose, colour and depth; Cancelled.
/// Source: thresholds from measurements on a real scan, in check_scan.cpp.
[[nodiscard]] Result<ScanCheck> checkScan(const Scene& scene, const CheckOptions& options, const Job& job);

[[nodiscard]] const char* nameOf(ScanConsistency consistency);

}  // namespace tagscape

#pragma once

#include "core/base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape {

/// One run of an experiment: networks that are trained, evaluated and named in the table.
struct PlannedRun {
  std::string name;         ///< "joint".
  std::string summary;      ///< What it is, in a line for people.
  std::string evaluated;    ///< Run whose networks are evaluated, if not its own: "2d-only" is "phase-1" in 2D.
  std::string starts_from;  ///< The run whose weights it starts from; empty: random ones.
  std::string domain;       ///< "2D" or "3D" if it is evaluated there alone.
  std::vector<std::string> defaults;  ///< NAME=VALUE of the training that the user's settings override …
  std::vector<std::string> options;   ///< … and those that make it what it is, which override the user's.
  double weight = 1;                  ///< Its training time, relative to the others': for the first guess of time left.
  bool is_reported = true;            ///< False for what others only start from.

  /// The run whose folder holds its networks.
  [[nodiscard]] const std::string& trainedAs() const { return evaluated.empty() ? name : evaluated; }
};

/// The minimum gain of joint training over its control, in mIoU points, for the experiment to be reproduced.
struct RequiredGain {
  double points_2d = 0;
  double points_3d = 0;
};

/// Which runs with which options, by preset. The table is in experiment_rows.cpp, and is all that has to be changed to
/// try another variant.
struct ExperimentPlan {
  std::string preset;         ///< Of `tagscape train`.
  bool makes_data = false;    ///< Whether it can invent its own data.
  int threads_per_job = 1;    ///< 0: all processors, one job at a time.
  int every_frame_train = 1;  ///< `tagscape evaluate --every-frame`, by split.
  int every_frame_val = 1;
  double seconds_per_weight = 1;  ///< Rough, on one core, for the first guess of time left.
  std::optional<RequiredGain> required;
  std::vector<PlannedRun> runs;  ///< Each after those that it starts from.

  /// Throws std::logic_error for a name that is not in it.
  [[nodiscard]] const PlannedRun& run(std::string_view name) const;
};

struct RunChoice {
  std::vector<std::string> only{};  ///< Names of runs; empty: all, ablations if requested.
  bool ablations = false;
};

/// The plan of a preset, with the runs that were chosen and those that they need.
/// Errors: InvalidInput for a preset or a name of a run that there is not, naming those there are.
[[nodiscard]] Result<ExperimentPlan> experimentPlan(std::string_view preset, const RunChoice& choice);

/// Names of the presets there are.
[[nodiscard]] std::vector<std::string> experimentPresets();

}  // namespace tagscape

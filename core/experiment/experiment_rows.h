#pragma once

// The tables behind experiment_plan.h: which runs an experiment has, and what depends on its preset.

#include "core/experiment/experiment_plan.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tagscape {

/// The run that trains each network alone; most others start from its weights. It is never reported itself.
inline constexpr std::string_view kPhase1Run = "phase-1";

/// How long a run trains: as long as the preset of `tagscape train`, or as ExperimentPreset sets.
enum class RunSteps : std::uint8_t { Preset, Supervised, Long, LongJoint };

/// One run, before it is made concrete for a preset. Texts as in PlannedRun.
struct ExperimentRow {
  std::string_view name, summary;
  std::string_view evaluated, starts_from, domain;
  std::string_view options;  ///< NAME=VALUE, separated by blanks.
  RunSteps steps;
  double weight;  ///< Training time; the joint phase is 1.
  bool is_ablation;
};

/// What depends on the preset. Fields as in ExperimentPlan.
struct ExperimentPreset {
  std::string_view name;
  bool makes_data;
  int threads_per_job;
  int every_frame_train, every_frame_val;
  double seconds_per_weight;
  std::optional<RequiredGain> required;
  /// NAME=VALUE for RunSteps of the same name. Empty: the preset's own.
  std::string_view supervised_steps, long_steps, long_joint_steps;
};

/// In the order in which they are run and reported; each after those that it starts from.
[[nodiscard]] std::span<const ExperimentRow> experimentRows();

[[nodiscard]] std::span<const ExperimentPreset> experimentPresetRows();

}  // namespace tagscape

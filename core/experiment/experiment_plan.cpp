#include "core/experiment/experiment_plan.h"

#include "core/experiment/experiment_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

namespace tagscape {
namespace {

constexpr std::string_view kFork = "image_steps=0 points_steps=0";
constexpr std::string_view kPointsAlone = "image_steps=0 joint_steps=0";

std::vector<std::string> wordsOf(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

PlannedRun runOf(const ExperimentRow& row, const ExperimentPreset& preset) {
  PlannedRun run;
  run.name = row.name;
  run.summary = row.summary;
  run.evaluated = row.evaluated;
  run.starts_from = row.starts_from;
  run.domain = row.domain;
  run.options = wordsOf(row.options);
  const auto also = [&](std::string_view options) {
    for (auto& option : wordsOf(options)) run.options.push_back(std::move(option));
  };
  if (row.starts_from == kPhase1Run) also(kFork);
  if (row.domain == "3D" && row.evaluated.empty()) also(kPointsAlone);
  if (row.steps == RunSteps::Supervised) run.defaults = wordsOf(preset.supervised_steps);
  if (row.steps == RunSteps::Long) run.defaults = wordsOf(preset.long_steps);
  if (row.steps == RunSteps::LongJoint) run.defaults = wordsOf(preset.long_joint_steps);
  run.weight = row.weight;
  run.is_reported = row.name != kPhase1Run;
  return run;
}

/// The chosen runs, and what these are trained as or start from.
Result<std::set<std::string_view>> chosenNames(const RunChoice& choice) {
  std::set<std::string_view> chosen;
  for (const ExperimentRow& row : experimentRows()) {
    if (choice.only.empty() && (choice.ablations || !row.is_ablation)) chosen.insert(row.name);
  }
  for (const auto& name : choice.only) {
    const auto rows = experimentRows();
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const ExperimentRow& r) { return r.name == name; });
    if (row == rows.end() || name == kPhase1Run) {
      std::vector<std::string_view> names;
      for (const ExperimentRow& known : experimentRows()) {
        if (known.name != kPhase1Run) names.push_back(known.name);
      }
      return fail(ErrorCode::InvalidInput,
                  fmt::format("There is no run '{}'. There are {}", name, fmt::join(names, ", ")));
    }
    chosen.insert(row->name);
  }
  for (const ExperimentRow& row : experimentRows()) {
    if (!chosen.contains(row.name)) continue;
    if (!row.evaluated.empty()) chosen.insert(row.evaluated);
    if (!row.starts_from.empty()) chosen.insert(row.starts_from);
  }
  return chosen;
}

}  // namespace

const PlannedRun& ExperimentPlan::run(std::string_view name) const {
  const auto found =
      std::find_if(runs.begin(), runs.end(), [&](const auto& candidate) { return candidate.name == name; });
  if (found == runs.end()) throw std::logic_error(fmt::format("experiment plan: no run '{}'", name));
  return *found;
}

Result<ExperimentPlan> experimentPlan(std::string_view preset_name, const RunChoice& choice) {
  const auto presets = experimentPresetRows();
  const auto preset = std::find_if(
      presets.begin(), presets.end(), [&](const ExperimentPreset& candidate) { return candidate.name == preset_name; });
  if (preset == presets.end()) {
    return fail(
        ErrorCode::InvalidInput,
        fmt::format("There is no experiment '{}'. There are {}", preset_name, fmt::join(experimentPresets(), ", ")));
  }
  TAGSCAPE_ASSIGN(const auto chosen, chosenNames(choice));
  ExperimentPlan plan;
  plan.preset = preset->name;
  plan.makes_data = preset->makes_data;
  plan.threads_per_job = preset->threads_per_job;
  plan.every_frame_train = preset->every_frame_train;
  plan.every_frame_val = preset->every_frame_val;
  plan.seconds_per_weight = preset->seconds_per_weight;
  plan.required = preset->required;
  for (const ExperimentRow& row : experimentRows()) {
    if (chosen.contains(row.name)) plan.runs.push_back(runOf(row, *preset));
  }
  return plan;
}

std::vector<std::string> experimentPresets() {
  std::vector<std::string> names;
  for (const ExperimentPreset& preset : experimentPresetRows()) names.emplace_back(preset.name);
  return names;
}

}  // namespace tagscape

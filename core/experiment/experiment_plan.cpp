#include "core/experiment/experiment_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

namespace tagscape {
namespace {

/// How long a run trains: as the preset says, or longer by the preset's row below.
enum class Steps { Preset, Supervised, Long, LongJoint };

struct Row {
  std::string_view name, summary;
  std::string_view evaluated, starts_from, domain;
  std::string_view options;  // NAME=VALUE, separated by blanks
  Steps steps;
  double weight;  // of training time; the joint phase is 1
  bool is_ablation;
};

constexpr std::string_view kPhase1 = "phase-1";
constexpr std::string_view kFork = "image_steps=0 points_steps=0";
constexpr std::string_view kPointsAlone = "image_steps=0 joint_steps=0";

// Phase 1 is trained once; what comes after it starts from its networks, so that runs differ in nothing else.
constexpr Row kRuns[] = {
    {kPhase1, "each network alone, from its tags", "", "", "", "joint_steps=0", Steps::Preset, .8, false},
    {"joint", "both networks teach each other", "", kPhase1, "", "", Steps::Preset, 1, false},
    {"control",
     "the same steps with classification alone",
     "",
     kPhase1,
     "",
     "weight_2d_to_3d=0 weight_3d_to_2d=0",
     Steps::Preset,
     .9,
     false},
    {"2d-only", "the image network after phase 1", kPhase1, "", "2D", "", Steps::Preset, 0, false},
    {"3d-only", "the point network after phase 1", kPhase1, "", "3D", "", Steps::Preset, 0, false},
    {"3d-reweighted",
     "the point network, classes weighted by how rare they are",
     "",
     "",
     "3D",
     "class_reweighting=frequency",
     Steps::Preset,
     .2,
     false},
    {"supervised",
     "the same networks trained from labels: the ceiling",
     "",
     "",
     "",
     "supervision=labels joint_steps=0",
     Steps::Supervised,
     1.2,
     false},
    {"no-occlusion-filter",
     "hidden points take part",
     "",
     kPhase1,
     "",
     "occlusion_filter=false",
     Steps::Preset,
     1,
     true},
    {"no-confidence", "pseudo-labels are not scored", "", kPhase1, "", "use_confidence=false", Steps::Preset, 1, true},
    {"no-warm-up",
     "points teach images from the first step",
     "",
     kPhase1,
     "",
     "reverse_after=0",
     Steps::Preset,
     1,
     true},
    {"long-warm-up",
     "points teach images only after two fifths of the steps",
     "",
     kPhase1,
     "",
     "reverse_after=.4",
     Steps::Preset,
     1,
     true},
    {"2d-to-3d-only",
     "images teach points, which do not teach them",
     "",
     kPhase1,
     "",
     "weight_3d_to_2d=0",
     Steps::Preset,
     1,
     true},
    {"3d-to-2d-only",
     "points teach images, which do not teach them",
     "",
     kPhase1,
     "",
     "weight_2d_to_3d=0",
     Steps::Preset,
     1,
     true},
    {"uncentred",
     "similarity of features as they are",
     "",
     kPhase1,
     "",
     "similarity_centred=false",
     Steps::Preset,
     1,
     true},
    {"pseudo-labels-cam", "labels from normalised maps", "", kPhase1, "", "pseudo_labels=cam", Steps::Preset, 1, true},
    {"pseudo-labels-logits", "labels from logits", "", kPhase1, "", "pseudo_labels=logits", Steps::Preset, 1, true},
    {"refinement-cam", "alike points smooth maps", "", kPhase1, "", "refinement=cam", Steps::Preset, 1, true},
    {"refinement-affinity", "alike points agree", "", kPhase1, "", "refinement=affinity", Steps::Preset, 1, true},
    {"refinement-features", "alike points look alike", "", kPhase1, "", "refinement=features", Steps::Preset, 1, true},
    {"refinement-points",
     "alike points' votes times what the point network says",
     "",
     kPhase1,
     "",
     "refinement=points",
     Steps::Preset,
     1,
     true},
    {"one-frame",
     "one image goes with each cloud, as published",
     "",
     kPhase1,
     "",
     "frames_per_cloud=1",
     Steps::Preset,
     .7,
     true},
    {"linear-appearance",
     "segments are told apart by a linear rule, without what is near or what points say",
     "",
     kPhase1,
     "",
     "lift_network=false",
     Steps::Preset,
     1,
     true},
    {"no-appearance",
     "segments are labelled by what frames say of them, within their tags",
     "",
     kPhase1,
     "",
     "lift_appearance=false lift_network=false",
     Steps::Preset,
     1,
     true},
    {"no-least-share",
     "a frame's tag may be nowhere in what it shows",
     "",
     kPhase1,
     "",
     "lift_least_share=0",
     Steps::Preset,
     1,
     true},
    {"frames-alone",
     "segments are labelled by what frames say of them alone",
     "",
     kPhase1,
     "",
     "lift_appearance=false lift_network=false lift_least_share=0",
     Steps::Preset,
     1,
     true},
    {"lifted-alone",
     "images learn what all frames say, their own opinion left out",
     "",
     kPhase1,
     "",
     "lift=scene data_in_memory=true refinement=lifted-alone",
     Steps::Preset,
     1,
     true},
    {"lift-frame",
     "the frame of the step labels its points",
     "",
     kPhase1,
     "",
     "lift=frame refinement=labels lift_appearance=false lift_network=false lift_least_share=0",
     Steps::Preset,
     1,
     true},
    {"no-vote",
     "every point has a label of its own",
     "",
     kPhase1,
     "",
     "vote=none lift_appearance=false lift_network=false lift_least_share=0",
     Steps::Preset,
     1,
     true},
    {"plain-labels",
     "every point by the frame of the step alone: nearest to the published form",
     "",
     kPhase1,
     "",
     "vote=none lift=frame refinement=labels lift_appearance=false lift_network=false lift_least_share=0",
     Steps::Preset,
     1,
     true},
    {"refinement-labels", "alike points' votes alone", "", kPhase1, "", "refinement=labels", Steps::Preset, 1, true},
    {"averaged-teacher",
     "pseudo-labels of averaged weights",
     "",
     kPhase1,
     "",
     "teacher_decay=.99",
     Steps::Preset,
     1.1,
     true},
    {"falling-balance",
     "rare classes count more at first, and no more at the end",
     "",
     kPhase1,
     "",
     "balance_exponent=.5 reverse_balance_exponent=.5 balance_end=0",
     Steps::Preset,
     1,
     true},
    {"balance-quarter",
     "rare classes count a little more: both exponents one quarter",
     "",
     kPhase1,
     "",
     "balance_exponent=.25 reverse_balance_exponent=.25 balance_end=-1",
     Steps::Preset,
     1,
     true},
    {"balance-half",
     "rare classes count more: both exponents one half",
     "",
     kPhase1,
     "",
     "balance_exponent=.5 reverse_balance_exponent=.5 balance_end=-1",
     Steps::Preset,
     1,
     true},
    {"reverse-balance-1",
     "classes count alike where points teach images",
     "",
     kPhase1,
     "",
     "reverse_balance_exponent=1 balance_end=-1",
     Steps::Preset,
     1,
     true},
    {"reach-raster",
     "points of one cell count as one",
     "",
     kPhase1,
     "",
     "reach=raster vote=none lift=frame refinement=labels lift_appearance=false lift_network=false lift_least_share=0",
     Steps::Preset,
     1,
     true},
    {"score-tagged", "confidence times the tag's probability", "", kPhase1, "", "score=tagged", Steps::Preset, 1, true},
    {"score-margin", "confidence: margin to the second class", "", kPhase1, "", "score=margin", Steps::Preset, 1, true},
    {"score-entropy", "confidence: one minus entropy", "", kPhase1, "", "score=entropy", Steps::Preset, 1, true},
    {"more-points", "clouds of twice the points", "", kPhase1, "", "points_per_cloud=4096", Steps::Preset, 1.5, true},
    {"joint-long", "joint with twice the steps", "", kPhase1, "", "", Steps::LongJoint, 2, true},
    {"3d-only-long", "the point network alone, eight times the steps", "", "", "3D", "", Steps::Long, .8, true},
};

struct Preset {
  std::string_view name;
  bool makes_data;
  int threads_per_job;
  int every_frame_train, every_frame_val;
  double seconds_per_weight;
  std::optional<RequiredGain> required;
  // Steps of the longer runs. Empty: the preset's own.
  std::string_view supervised_steps, long_steps, long_joint_steps;
};

constexpr Preset kPresets[] = {
    {"rooms", true, 1, 1, 1, 270, RequiredGain{4, 20}, "points_steps=1200", "points_steps=2400", "joint_steps=2400"},
    {"rooms-wide",
     true,
     1,
     1,
     1,
     600,
     RequiredGain{4, 20},
     "points_steps=1200",
     "points_steps=2400",
     "joint_steps=2400"},
    {"rooms-short",
     true,
     1,
     2,
     1,
     100,
     RequiredGain{2, 15},
     "points_steps=960",
     "points_steps=1920",
     "joint_steps=800"},
    {"scannet", false, 0, 1, 1, 100'000, std::nullopt, "", "points_steps=240000", "joint_steps=12000"},
};

std::vector<std::string> wordsOf(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

PlannedRun runOf(const Row& row, const Preset& preset) {
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
  if (row.starts_from == kPhase1) also(kFork);
  if (row.domain == "3D" && row.evaluated.empty()) also(kPointsAlone);
  if (row.steps == Steps::Supervised) run.defaults = wordsOf(preset.supervised_steps);
  if (row.steps == Steps::Long) run.defaults = wordsOf(preset.long_steps);
  if (row.steps == Steps::LongJoint) run.defaults = wordsOf(preset.long_joint_steps);
  run.weight = row.weight;
  run.is_reported = row.name != kPhase1;
  return run;
}

/// The chosen runs, and what these are trained as or start from.
Result<std::set<std::string_view>> chosenNames(const RunChoice& choice) {
  std::set<std::string_view> chosen;
  for (const Row& row : kRuns) {
    if (choice.only.empty() && (choice.ablations || !row.is_ablation)) chosen.insert(row.name);
  }
  for (const auto& name : choice.only) {
    const auto* row = std::find_if(std::begin(kRuns), std::end(kRuns), [&](const Row& r) { return r.name == name; });
    if (row == std::end(kRuns) || name == kPhase1) {
      std::vector<std::string_view> names;
      for (const Row& known : kRuns) {
        if (known.name != kPhase1) names.push_back(known.name);
      }
      return fail(ErrorCode::InvalidInput,
                  fmt::format("There is no run '{}'. There are {}", name, fmt::join(names, ", ")));
    }
    chosen.insert(row->name);
  }
  for (const Row& row : kRuns) {
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
  const auto* preset = std::find_if(
      std::begin(kPresets), std::end(kPresets), [&](const Preset& candidate) { return candidate.name == preset_name; });
  if (preset == std::end(kPresets)) {
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
  for (const Row& row : kRuns) {
    if (chosen.contains(row.name)) plan.runs.push_back(runOf(row, *preset));
  }
  return plan;
}

std::vector<std::string> experimentPresets() {
  std::vector<std::string> names;
  for (const Preset& preset : kPresets) names.emplace_back(preset.name);
  return names;
}

}  // namespace tagscape

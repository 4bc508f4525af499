#pragma once

#include "core/experiment/experiment_results.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace tagscape {

/// Pictures of an experiment's results, each the content of an SVG file.

/// Mean IoU of every run, read with tags: a panel for each domain and split, bars with the span over seeds.
[[nodiscard]] std::string plotMeanIou(const std::vector<ExperimentResult>& results);

/// IoU of every class in one domain and split, read with tags, mean over seeds: joint, its control and the ceiling, as
/// far as there are any.
[[nodiscard]] std::string plotClassIou(const std::vector<ExperimentResult>& results,
                                       const std::string& domain,
                                       const std::string& split);

/// A value by step, from the metrics of a run.
struct Curve {
  std::string run;
  std::string value;  ///< "loss_2d_to_3d".
  std::vector<std::pair<double, double>> points;
};

/// The losses of a run directory, each thinned to means over at most 200 stretches of steps. Empty for a folder that
/// is no run.
[[nodiscard]] std::vector<Curve> lossCurves(const std::filesystem::path& run_folder, const std::string& name);

/// A panel for each loss, a line for each run.
[[nodiscard]] std::string plotCurves(const std::vector<Curve>& curves);

}  // namespace tagscape

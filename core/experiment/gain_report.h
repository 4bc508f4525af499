#pragma once

#include "core/experiment/experiment_plan.h"
#include "core/experiment/experiment_results.h"

#include <optional>
#include <string>
#include <vector>

namespace tagscape {

/// What joint training gained over its control, for one pair of seeds, in one domain and split. Joint is read with
/// tags; the control by whichever of its protocols with tags (largest logit, CAM) is better. Shares of 0 … 1.
struct Gain {
  int data_seed = 0, model_seed = 0;
  std::string domain, split;
  double joint = 0;
  double control = 0;
  std::string control_protocol;
  std::optional<double> required;                  ///< What the gain must be.
  std::optional<double> ceiling;                   ///< What the same networks reach with labels, read with tags.
  std::optional<double> wall_joint, wall_control;  ///< IoU of the class that everything else borders on.
  int num_classes_found = 0;                       ///< Classes on which joint has an IoU above kFoundIou.
  int num_classes = 0;                             ///< Classes that are there.

  [[nodiscard]] double gain() const { return joint - control; }
  [[nodiscard]] bool isReached() const { return !required || gain() >= *required; }
};
inline constexpr double kFoundIou = 0.02;

/// One a pair of seeds, domain and split for which both runs were evaluated; by domain, split, then as the results are.
[[nodiscard]] std::vector<Gain> gainsOf(const std::vector<ExperimentResult>& results,
                                        const std::optional<RequiredGain>& required);

/// Gains as a table and what follows from them in sentences, as text or Markdown. Says so where there is nothing to
/// compare.
[[nodiscard]] std::string formatGains(const std::vector<Gain>& gains, TableFormat format);

}  // namespace tagscape

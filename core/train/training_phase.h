#pragma once

#include "core/dataset/batch_plan.h"

#include <optional>
#include <string>

namespace tagscape {

/// A phase of a training: what its steps draw, and which networks they train.
struct TrainingPhase {
  std::string name;
  int num_steps = 0;  ///< 0: the phase is skipped.
  BatchSpec batch;
  std::optional<double> image_lr;   ///< Initial learning rate of the image network; none: it is not trained.
  std::optional<double> points_lr;  ///< The same for the point network.
};

/// The position of a training within a phase.
struct PhasePosition {
  std::string phase;
  int step = 0;       ///< Number of steps done.
  int num_steps = 1;  ///< Of the whole phase, over which learning rates decay.
};

}  // namespace tagscape

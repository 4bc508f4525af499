#pragma once

#include "core/dataset/batch_plan.h"

#include <optional>
#include <string>

namespace tagscape {

/// A part of a training: what its steps draw, and which networks they change.
struct TrainingPhase {
  std::string name;
  int num_steps = 0;  ///< As planned; 0: the phase is left out.
  BatchSpec batch;
  std::optional<double> image_lr;   ///< Initial learning rate of the image network; none: it is not trained.
  std::optional<double> points_lr;  ///< The same for the point network.
};

/// Where a training stands within a phase.
struct PhasePosition {
  std::string phase;
  int step = 0;       ///< Done.
  int num_steps = 1;  ///< Over which learning rates decay.
};

}  // namespace tagscape

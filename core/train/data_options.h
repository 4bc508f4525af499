#pragma once

#include "core/train/networks.h"
#include "core/train/train_options.h"
#include "core/train/training_data.h"

namespace tagscape {

/// What a training with these options takes of its scenes, for these networks.
[[nodiscard]] TrainingDataOptions dataOptionsOf(const TrainOptions& options, const Networks& networks);

}  // namespace tagscape

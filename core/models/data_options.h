#pragma once

#include "core/dataset/training_data.h"
#include "core/models/networks.h"
#include "core/recipe/recipe.h"

namespace tagscape {

/// What a training with these options takes of its scenes, for these networks.
[[nodiscard]] TrainingDataOptions dataOptionsOf(const Recipe& options, const Networks& networks);

}  // namespace tagscape

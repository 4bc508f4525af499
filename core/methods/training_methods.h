#pragma once

#include "core/dataset/training_source.h"
#include "core/distributed/process_group.h"
#include "core/recipe/recipe.h"
#include "core/train/training_phase.h"

#include <memory>
#include <vector>

namespace tagscape {

class TrainingMethod;

/// The method of the options: SupervisedMethod with supervision "labels", otherwise JointMethod.
/// @param source  of the training data.  @param group  the ranks that train together.
[[nodiscard]] std::shared_ptr<TrainingMethod> makeTrainingMethod(
    const Recipe& options,
    std::shared_ptr<const TrainingSource> source,
    std::shared_ptr<ProcessGroup> group = ProcessGroup::alone());

/// The phases of that method in their order, without those of no steps.
[[nodiscard]] std::vector<TrainingPhase> phasesOf(const Recipe& options);

}  // namespace tagscape

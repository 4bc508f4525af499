#include "core/methods/training_methods.h"

#include "core/methods/joint/joint_method_torch.h"
#include "core/methods/supervised/supervised_method_torch.h"

namespace tagscape {

std::shared_ptr<TrainingMethod> makeTrainingMethod(const Recipe& options,
                                                   std::shared_ptr<const TrainingSource> source,
                                                   std::shared_ptr<ProcessGroup> group) {
  if (options.phases.supervision == Supervision::Labels)
    return std::make_shared<SupervisedMethod>(options, std::move(group));
  return std::make_shared<JointMethod>(options, std::move(source), std::move(group));
}

std::vector<TrainingPhase> phasesOf(const Recipe& options) {
  std::vector<TrainingPhase> phases = options.phases.supervision == Supervision::Labels
                                          ? SupervisedMethod::phasesOf(options)
                                          : JointMethod::phasesOf(options);
  std::erase_if(phases, [](const TrainingPhase& phase) { return phase.num_steps == 0; });
  return phases;
}

}  // namespace tagscape

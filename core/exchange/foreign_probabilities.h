#pragma once

#include "core/base/job.h"
#include "core/exchange/importer.h"

namespace tagscape {

[[nodiscard]] bool hasProbabilities(const ForeignLabels& labels);

/// A prediction from probabilities of another program; see importLayer. Points must be in the scene's order.
/// Errors: InvalidInput for a number of columns that is not that of the classes, values that are no probabilities, or
/// another number of points; those of reading a frame.
[[nodiscard]] Result<SceneCams> predictionFrom(const Scene& scene,
                                               const ForeignSource& source,
                                               const ExchangeClasses& classes,
                                               double max_distance_m,
                                               const Job& job);

}  // namespace tagscape

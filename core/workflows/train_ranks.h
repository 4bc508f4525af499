#pragma once

#include "core/base/job.h"
#include "core/base/rank_environment.h"
#include "core/distributed/process_group.h"
#include "core/recipe/recipe.h"

#include <memory>

namespace tagscape {

/// Joins the processes that train together, if the environment names several. The device "auto" or "cuda"
/// becomes the GPU of this process's local rank.
/// Errors: those of ProcessGroup::join; Unsupported for a device that this LibTorch or machine lacks.
[[nodiscard]] Result<std::shared_ptr<ProcessGroup>> joinTraining(const RankEnvironment& environment,
                                                                 Recipe& options,
                                                                 const Job& job);

}  // namespace tagscape

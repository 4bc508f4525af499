#pragma once

#include "core/base/result.h"
#include "core/models/networks.h"
#include "core/workflows/train_checkpoint.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace tagscape {

/// The networks of a run as its newest checkpoint has them.
struct TrainedNetworks {
  Networks networks;
  Checkpoint checkpoint;
};

/// Sets the process's thread counts as the networks' size needs it.
/// @param device,num_threads  as in Recipe::Execution.
/// Errors: NotFound or InvalidInput if the folder has no checkpoint or a broken one (with the file); Unsupported for a
/// device that is not there.
[[nodiscard]] Result<TrainedNetworks> openTrainedNetworks(const std::filesystem::path& run_folder,
                                                          const std::string& device,
                                                          int num_threads,
                                                          std::uint64_t seed);

}  // namespace tagscape

#pragma once

#include "core/base/result.h"
#include "core/io/safetensors.h"
#include "core/train/networks.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace tagscape {

/// A checkpoint is a pair of files in a run's checkpoints/ folder: step_<number>.safetensors with the weights, and
/// step_<number>.json saying which networks they are of. The json is written last, so that it stands for the pair.
struct Checkpoint {
  std::filesystem::path file;  ///< The .safetensors.
  std::int64_t step = 0;
  std::string phase;
  NetworkDescription networks;
  TensorFile weights;
};

/// Writes a pair, each file atomically, then removes all but the newest two.
/// @return the .safetensors. Errors: NotWritable.
[[nodiscard]] Result<std::filesystem::path> writeCheckpoint(const std::filesystem::path& folder,
                                                            std::int64_t step,
                                                            const std::string& phase,
                                                            const Networks& networks);

/// Errors: NotFound if the folder has no checkpoint; InvalidInput with the file if the newest one is broken.
[[nodiscard]] Result<Checkpoint> readNewestCheckpoint(const std::filesystem::path& folder);

}  // namespace tagscape

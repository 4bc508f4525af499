#pragma once

#include "core/base/result.h"
#include "core/io/safetensors.h"
#include "core/models/networks.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace tagscape {

/// A checkpoint is three files in a run's checkpoints/ folder: step_<number>.safetensors with the weights,
/// step_<number>.state.safetensors with what the trainer remembers besides, and step_<number>.json saying which
/// networks they are of and how far the training was. The json is written last, so that it stands for all. Checkpoints
/// of version 1 have no state: they can be predicted with, not resumed.
struct Checkpoint {
  std::filesystem::path file;  ///< The .safetensors with the weights.
  std::int64_t step = 0;       ///< Over all phases.
  std::string phase;
  NetworkDescription networks;
  TensorFile weights;

  bool has_state = false;  ///< Whether the rest is there.
  int phase_step = 0;      ///< Within the phase.
  int phase_steps = 0;     ///< How many the phase has.
  std::int64_t total_steps = 0;
  bool image_learnt = false;
  bool points_learnt = false;
  double seconds = 0;  ///< Of training until then.
};

/// Writes the files, each atomically, then removes all but the newest two checkpoints.
/// @return the .safetensors. Errors: NotWritable; the older checkpoints are then untouched.
[[nodiscard]] Result<std::filesystem::path> writeCheckpoint(const std::filesystem::path& folder,
                                                            const Checkpoint& checkpoint,
                                                            const TensorFile& state);

/// Errors: NotFound if the folder has no checkpoint; InvalidInput with the file if the newest one is broken.
[[nodiscard]] Result<Checkpoint> readNewestCheckpoint(const std::filesystem::path& folder);

/// A checkpoint and its state, from which training continues.
struct ResumableCheckpoint {
  Checkpoint checkpoint;
  TensorFile state;
  std::filesystem::path state_file;
};
/// The newest checkpoint that is whole; a broken one is named in the log and passed over.
/// Errors: NotFound if there is none; that of the newest if all are broken.
[[nodiscard]] Result<ResumableCheckpoint> readResumableCheckpoint(const std::filesystem::path& folder);

}  // namespace tagscape

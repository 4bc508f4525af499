#pragma once

// Private to core/workflows.

#include "core/run/run_directory.h"
#include "core/workflows/train_checkpoint.h"
#include "core/workflows/train_job.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape {

/// What stands before the number of processes in config.toml, for the record.
inline constexpr std::string_view kProcessesKey = "\n[processes]\nnumber = ";

/// A path as config.toml has it, between single quotes.
[[nodiscard]] std::string quotableInConfig(const std::filesystem::path& path);

/// A training from preparation to the last checkpoint, with its output to the run directory: state,
/// metrics, snapshots, checkpoints. Leaves the final state behind, whatever it is.
/// @param resumed  the position to continue from, with `options` those of the run.
/// Errors: as trainScenes.
[[nodiscard]] Result<TrainReport> runTraining(const std::vector<SharedScene>& scenes,
                                              RunDirectory run,
                                              const Recipe& options,
                                              const Job& job,
                                              std::shared_ptr<ProcessGroup> group,
                                              std::optional<ResumableCheckpoint> resumed = {});

}  // namespace tagscape

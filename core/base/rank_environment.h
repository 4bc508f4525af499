#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace tagscape {

/// Which of several processes of one job this is, and where they meet. A default one is a single process.
struct RankEnvironment {
  int rank = 0;             ///< 0 … size - 1, over all machines.
  int size = 1;             ///< How many processes the job has.
  int local_rank = 0;       ///< Counts the processes of one machine; chooses the GPU.
  std::string master_host;  ///< Where rank 0 runs; empty for a single process.
  std::uint16_t master_port = 0;
  /// torchrun keeps the meeting point in a process of its own; otherwise rank 0 opens it.
  bool has_meeting_point = false;
  /// How often torchrun has started the job again: tries share its meeting point and must not read each other's keys.
  int attempt = 0;

  [[nodiscard]] bool alone() const { return size == 1; }
};

/// The value of an environment variable, none where it is not set.
using EnvironmentLookup = std::function<std::optional<std::string>(const char* name)>;

/// Reads torchrun's variables RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT and LOCAL_RANK (0 where it is missing, as with
/// operators that give every process a container of its own), or, where MASTER_ADDR and MASTER_PORT are set and RANK is
/// not, Slurm's SLURM_PROCID, SLURM_NTASKS and SLURM_LOCALID. None of them: a single process.
///
/// Errors: InvalidInput if some are set and others missing, or a value is not what it must be; the message names the
/// variable, its value and the remedy.
[[nodiscard]] Result<RankEnvironment> readRankEnvironment(const EnvironmentLookup& lookup);

/// The same from this process's own environment.
[[nodiscard]] Result<RankEnvironment> readRankEnvironment();

}  // namespace tagscape

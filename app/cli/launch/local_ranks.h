#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace tagscape::cli {

/// One program, started several times on this machine as the ranks of one job.
struct LocalJob {
  std::filesystem::path program;
  std::vector<std::string> arguments;  ///< Without the program's name.
  int num_processes = 1;
  int threads_per_process = 1;
  std::uint16_t port = 0;  ///< Where they meet, on the loopback interface.
};

/// A port of the loopback interface that nobody listens at now. Errors: Io.
[[nodiscard]] Result<std::uint16_t> freeLoopbackPort();

/// Runs the processes until all have ended.
///
/// Each gets torchrun's variables (RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR, MASTER_PORT), OMP_NUM_THREADS, and a
/// process group of its own, so that a Ctrl-C on the terminal reaches it only by way of us; all end if we do. What
/// rank 0 prints to stdout goes to ours; everything else goes to stderr, line by line, with "[rank] " before it.
///
/// A stop is handed on as SIGTERM; the processes end in order. When one fails, the others are given a quarter of a
/// minute to notice it by themselves, then SIGTERM, then SIGKILL.
/// Errors: Cancelled after a stop; InvalidInput if the first to fail had exit code 2 (bad input or usage), else
///         Internal: the message says which rank failed and how. Io if processes cannot be started.
[[nodiscard]] Status runLocalRanks(const LocalJob& job, const std::stop_token& stop);

}  // namespace tagscape::cli

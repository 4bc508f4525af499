#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace tagscape::cli {

/// Starts a program several times on this machine as the ranks of one job.
struct LocalJob {
  std::filesystem::path program;
  std::vector<std::string> arguments;  ///< Without the program's name.
  int num_processes = 1;
  int threads_per_process = 1;
  std::uint16_t port = 0;  ///< Of the rendezvous on the loopback interface.
};

/// A free port of the loopback interface. Errors: Io.
[[nodiscard]] Result<std::uint16_t> freeLoopbackPort();

/// Runs the processes until all have ended.
///
/// Each has torchrun's variables (RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR, MASTER_PORT), OMP_NUM_THREADS, and its own
/// process group, so that Ctrl-C on the terminal reaches it only through this process; all end if this process does.
/// The stdout of rank 0 is passed to stdout; all other output goes to stderr line by line, prefixed with "[rank] ".
///
/// A stop request is forwarded as SIGTERM, on which the processes end in order. If one fails, the others have 15 s to
/// end by themselves before SIGTERM, then SIGKILL. Errors: Cancelled after a stop; InvalidInput if the first to fail
/// had exit code 2 (bad input or usage), else
///         Internal: the message says which rank failed and how. Io if processes cannot be started.
[[nodiscard]] Status runLocalRanks(const LocalJob& job, const std::stop_token& stop);

}  // namespace tagscape::cli

#include "core/workflows/train_ranks.h"

#include "core/base/log.h"
#include "core/models/networks_torch.h"

#include <fmt/format.h>

namespace tagscape {
namespace {

/// Where each GPU of a machine has a process of its own, "auto" and "cuda" are that of the local rank.
Result<std::string> deviceOfRank(const std::string& name, int local_rank) {
  TAGSCAPE_ASSIGN(at::Device device, resolveDevice(name));
  const bool any = name == "auto" || name == "cuda";
  if (any && device.is_cuda()) {
    TAGSCAPE_ASSIGN(device, resolveDevice(fmt::format("cuda:{}", local_rank)));
  }
  return device.str();
}

}  // namespace

Result<std::shared_ptr<ProcessGroup>> joinTraining(const RankEnvironment& environment,
                                                   Recipe& options,
                                                   const Job& job) {
  if (environment.alone()) return ProcessGroup::alone();
  TAGSCAPE_ASSIGN(options.execution.device, deviceOfRank(options.execution.device, environment.local_rank));
  ProcessGroupOptions group;
  group.device = options.execution.device;
  log::info(fmt::format("rank {} of {} meets the others at {}:{}",
                        environment.rank,
                        environment.size,
                        environment.master_host,
                        environment.master_port));
  return ProcessGroup::join(environment, group, job.stop);
}

}  // namespace tagscape

#include "core/distributed/process_group.h"

#include "core/distributed/meeting_point_torch.h"
#include "core/distributed/process_group_impl_torch.h"
#include "core/distributed/process_group_torch.h"
#include "core/distributed/torch_failure.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>

namespace tagscape {
namespace {

Result<at::Device> deviceOf(const std::string& name, int local_rank) {
  try {
    at::Device device(name);
    if (device.is_cuda() && !device.has_index()) device.set_index(static_cast<c10::DeviceIndex>(local_rank));
    return device;
  } catch (const std::exception& failure) {
    return fail(ErrorCode::InvalidInput,
                fmt::format("there is no device \"{}\". Use cpu, cuda or cuda:N ({})",
                            name,
                            torchFailure("naming a device", failure, "").message));
  }
}

std::string meetingPointName(const RankEnvironment& environment) {
  return fmt::format("{} ({}:{})",
                     environment.has_meeting_point ? "torchrun's meeting point" : "rank 0, where the processes meet",
                     environment.master_host,
                     environment.master_port);
}

}  // namespace

ProcessGroup::ProcessGroup(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ProcessGroup::~ProcessGroup() = default;

std::shared_ptr<ProcessGroup> ProcessGroup::alone() {
  return std::shared_ptr<ProcessGroup>(new ProcessGroup(std::make_unique<Impl>()));
}

const ProcessGroup& ProcessGroup::single() {
  static const std::shared_ptr<ProcessGroup> kAlone = alone();
  return *kAlone;
}

Result<std::shared_ptr<ProcessGroup>> ProcessGroup::join(const RankEnvironment& environment,
                                                         const ProcessGroupOptions& options,
                                                         const std::stop_token& stop) {
  if (environment.alone()) return alone();
  TAGSCAPE_ASSIGN(const at::Device device, deviceOf(options.device, environment.local_rank));
  TAGSCAPE_ASSIGN(const MeetingPoint point, MeetingPoint::open(environment, options.join_timeout, stop));
  auto impl = std::make_unique<Impl>();
  impl->environment = environment;
  impl->device = device;
  impl->transport = transportFor(device);
  impl->store = point.store();
  try {
    impl->watch = std::make_unique<HeartbeatMonitor>(point.connectAgain(),
                                                     HeartbeatMonitor::Place{environment.rank,
                                                                             environment.size,
                                                                             MeetingPoint::hostedBy(environment),
                                                                             meetingPointName(environment),
                                                                             options.silence});
    const auto channel = [&](const char* name) {
      return connectCollectives(impl->transport,
                                c10::make_intrusive<c10d::PrefixStore>(name, point.store()),
                                environment,
                                options.exchange_timeout);
    };
    TAGSCAPE_ASSIGN(impl->in_order, channel("in_order"));
    TAGSCAPE_ASSIGN(impl->gradients, channel("gradients"));
  } catch (const std::exception& failure) {
    const auto lost = impl->watch ? impl->watch->investigate() : std::nullopt;
    if (lost) return fail(ErrorCode::Internal, fmt::format("the processes could not connect: {}", *lost));
    return fail(torchFailure("connecting to the other processes", failure, "the number of processes"));
  }
  std::shared_ptr<ProcessGroup> group(new ProcessGroup(std::move(impl)));
  // Connections open at the first exchange with some transports; better here than in the first step.
  TAGSCAPE_TRY(group->barrier());
  return group;
}

std::vector<std::string> ProcessGroup::transportsBuilt() {
  std::vector<std::string> names;
  if (isBuilt(Transport::Gloo)) names.emplace_back("gloo");
  if (isBuilt(Transport::Nccl)) names.emplace_back("nccl");
  return names;
}

int ProcessGroup::rank() const { return impl_->environment.rank; }
int ProcessGroup::size() const { return impl_->environment.size; }

std::string ProcessGroup::transport() const {
  if (isAlone()) return "none";
  return impl_->transport == Transport::Nccl ? "nccl" : "gloo";
}

Status ProcessGroup::barrier() {
  // A sum, not the transports' own barriers: those of NCCL guess a device.
  const auto reached = broadcast(0);
  if (!reached) return fail(reached.error());
  return {};
}

Result<std::int64_t> ProcessGroup::sum(std::int64_t value) {
  if (isAlone()) return value;
  try {
    return sumOverRanks(*this, at::full({1}, value, at::kLong)).item<std::int64_t>();
  } catch (const std::exception& failure) {
    return fail(torchFailure("waiting for the other processes", failure, ""));
  }
}

Result<std::int64_t> ProcessGroup::broadcast(std::int64_t value) { return sum(isFirst() ? value : 0); }

Status ProcessGroup::allSucceeded(const Status& own) {
  if (isAlone()) return own;
  try {
    const std::string message = own ? "" : own.error().message;
    // Lengths and codes first, then the texts: a rank that is fine brings none.
    at::Tensor facts = at::zeros({size(), 2}, at::kLong);
    if (!own) {
      facts[rank()][0] = static_cast<std::int64_t>(message.size());
      facts[rank()][1] = static_cast<std::int64_t>(own.error().code) + 1;
    }
    facts = sumOverRanks(*this, facts);
    const auto codes = facts.select(1, 1).gt(0).nonzero();
    if (codes.numel() == 0) return {};
    const auto first = codes[0][0].item<std::int64_t>();
    at::Tensor text = at::zeros({facts[first][0].item<std::int64_t>()}, at::kInt);
    if (first == rank()) {
      for (std::size_t i = 0; i < message.size(); ++i)
        text.data_ptr<std::int32_t>()[i] = static_cast<unsigned char>(message[i]);
    }
    text = sumOverRanks(*this, text);
    if (!own) return own;
    std::string told;
    for (std::int64_t i = 0; i < text.numel(); ++i) told += static_cast<char>(text.data_ptr<std::int32_t>()[i]);
    return fail(static_cast<ErrorCode>(facts[first][1].item<std::int64_t>() - 1),
                fmt::format("rank {}: {}", first, told));
  } catch (const std::exception& failure) {
    return fail(torchFailure("waiting for the other processes", failure, ""));
  }
}

void ProcessGroup::abort(const Error& error) {
  if (isAlone()) return;
  impl_->setFailure(error);
  impl_->watch->abort(fmt::format("rank {} of {} has failed: {}", rank(), size(), error.message));
}

std::optional<Error> ProcessGroup::failure() const { return impl_->failure(); }

}  // namespace tagscape

#include "core/distributed/process_group_impl_torch.h"
#include "core/distributed/process_group_torch.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/custom_function.h>

#include <thread>

namespace tagscape {
namespace {

using namespace std::chrono_literals;

/// How often a waiting rank asks whether the others are still there.
constexpr auto kAsk = 500ms;

constexpr const char* kSumming = "adding up over the processes";
constexpr const char* kSharing = "taking over another process's values";

c10::intrusive_ptr<c10d::Work> startSum(Collectives& channel, const at::Tensor& tensor) {
  std::vector<at::Tensor> tensors{tensor};
  return channel.allreduce(tensors);
}

}  // namespace

// -------------------------------------------------------------------------------------------------- failures

ProcessGroup::Impl::~Impl() {
  watch.reset();
  if (!failure_) return;
  // An exchange with a lost rank may be waiting still, and a channel's end would wait for it. The process is about to
  // end; leave the channels to that.
  (void)in_order.release();
  (void)gradients.release();
}

std::optional<Error> ProcessGroup::Impl::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

Error ProcessGroup::Impl::setFailure(Error error) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = std::move(error);
  return *failure_;
}

void ProcessGroup::Impl::failed(std::string_view doing, const std::string& reason) {
  throw GroupFailure(
      setFailure({ErrorCode::Internal, fmt::format("rank {} stopped while {}: {}", environment.rank, doing, reason)}));
}

void ProcessGroup::Impl::broken(std::string_view doing, const std::exception& failure) {
  if (const auto lost = watch->investigate()) failed(doing, *lost);
  const std::string text = failure.what();
  failed(doing, fmt::format("the connection failed ({})", text.substr(0, text.find('\n'))));
}

void ProcessGroup::Impl::checkAlive(std::string_view doing) {
  if (const auto before = failure()) throw GroupFailure(*before);
  if (const auto lost = watch->failure()) failed(doing, *lost);
}

void ProcessGroup::Impl::waitFor(c10d::Work& work, std::string_view doing) {
  if (transport == Transport::Nccl) {
    // Its wait() does not wait, but orders streams; ours does, so that a lost rank is noticed.
    for (auto pause = 20us; !work.isCompleted(); pause = std::min<std::chrono::microseconds>(2 * pause, 2ms)) {
      if (const auto lost = watch->failure()) failed(doing, *lost);
      std::this_thread::sleep_for(pause);
    }
    work.wait();
    return;
  }
  for (;;) {
    try {
      work.wait(kAsk);
      return;
    } catch (const std::exception&) {
      if (work.isCompleted()) throw;  // It failed. Otherwise only our patience ended.
    }
    if (const auto lost = watch->failure()) failed(doing, *lost);
  }
}

void ProcessGroup::Impl::finish(c10d::Work& work, std::string_view doing) {
  try {
    waitFor(work, doing);
  } catch (const GroupFailure&) {
    throw;
  } catch (const std::exception& failure) {
    broken(doing, failure);
  }
}

at::Device ProcessGroup::Impl::carrier() const { return transport == Transport::Nccl ? device : at::Device(at::kCPU); }

at::Tensor ProcessGroup::Impl::staged(const at::Tensor& tensor) const {
  return tensor.detach().to(carrier()).contiguous();
}

// -------------------------------------------------------------------------------------------------- exchanges

at::Tensor sumOverRanks(const ProcessGroup& group, const at::Tensor& value) {
  if (group.isAlone()) return value.detach();
  ProcessGroup::Impl& impl = group.impl();
  impl.checkAlive(kSumming);
  const at::NoGradGuard no_gradient;
  const at::Tensor sum = value.detach().to(
      impl.carrier(), value.scalar_type(), /*non_blocking=*/false, /*copy=*/true, at::MemoryFormat::Contiguous);
  const auto work = startSum(*impl.in_order, sum);
  impl.finish(*work, kSumming);
  return sum.to(value.device());
}

namespace {

struct SumWithGradient : torch::autograd::Function<SumWithGradient> {
  static at::Tensor forward(torch::autograd::AutogradContext* context,
                            const at::Tensor& value,
                            const ProcessGroup* group) {
    context->saved_data["group"] = reinterpret_cast<std::int64_t>(group);
    return sumOverRanks(*group, value);
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto* group = reinterpret_cast<const ProcessGroup*>(context->saved_data["group"].toInt());
    return {sumOverRanks(*group, gradients[0]), at::Tensor()};
  }
};

}  // namespace

at::Tensor sumOverRanksWithGradient(const ProcessGroup& group, const at::Tensor& value) {
  return group.isAlone() ? value : SumWithGradient::apply(value, &group);
}

at::Tensor shareOfMean(const ProcessGroup& group, const at::Tensor& numerator, const at::Tensor& weight, double tiny) {
  const at::Tensor total = sumOverRanks(group, weight) + tiny;
  return group.isAlone() ? numerator / total : numerator * group.size() / total;
}

void broadcastFrom(const ProcessGroup& group, int root, const std::vector<at::Tensor>& tensors) {
  if (group.isAlone()) return;
  ProcessGroup::Impl& impl = group.impl();
  impl.checkAlive(kSharing);
  const at::NoGradGuard no_gradient;
  c10d::BroadcastOptions options;
  options.rootRank = root;
  for (const at::Tensor& tensor : tensors) {
    std::vector<at::Tensor> carried{impl.staged(tensor)};
    const auto work = impl.in_order->broadcast(carried, options);
    impl.finish(*work, kSharing);
    at::Tensor target = tensor.detach();
    if (!carried.front().is_alias_of(target)) target.copy_(carried.front());
  }
}

// -------------------------------------------------------------------------------------------------- pending sums

class PendingSum::Work {
 public:
  Work(ProcessGroup::Impl& impl, const at::Tensor& tensor)
      : impl_(impl), target_(tensor.detach()), carried_(impl.staged(tensor)) {
    work_ = startSum(*impl.gradients, carried_);
  }
  void wait() {
    impl_.finish(*work_, "adding up gradients");
    if (!carried_.is_alias_of(target_)) target_.copy_(carried_);
  }

 private:
  ProcessGroup::Impl& impl_;
  at::Tensor target_, carried_;
  c10::intrusive_ptr<c10d::Work> work_;
};

PendingSum::PendingSum() = default;
PendingSum::PendingSum(std::unique_ptr<Work> work) : work_(std::move(work)) {}
PendingSum::PendingSum(PendingSum&&) noexcept = default;
PendingSum& PendingSum::operator=(PendingSum&&) noexcept = default;
PendingSum::~PendingSum() = default;

void PendingSum::wait() {
  if (work_ == nullptr) return;
  const auto work = std::move(work_);
  work->wait();
}

PendingSum startSumOverRanks(const ProcessGroup& group, const at::Tensor& tensor) {
  if (group.isAlone()) return {};
  if (!tensor.is_contiguous()) throw std::logic_error("a sum in place needs a contiguous tensor");
  group.impl().checkAlive("adding up gradients");
  return PendingSum(std::make_unique<PendingSum::Work>(group.impl(), tensor));
}

}  // namespace tagscape

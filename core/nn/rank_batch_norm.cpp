#include "core/nn/rank_batch_norm_torch.h"

#include <ATen/ATen.h>
#include <torch/types.h>

namespace tagscape {
namespace {

constexpr double kEpsilon = 1e-5;

template <class Visit>
void visitNorms(const torch::nn::Module& module, Visit&& visit) {
  // Without the module itself, which no shared pointer holds.
  for (const auto& part : module.modules(/*include_self=*/false)) {
    if (auto* norm = dynamic_cast<RankBatchNormImpl*>(part.get())) visit(*norm);
  }
}

}  // namespace

RankBatchNormImpl::RankBatchNormImpl(std::int64_t num_channels)
    : torch::nn::Module("RankBatchNorm"),
      weight(register_parameter("weight", torch::ones({num_channels}))),
      bias(register_parameter("bias", torch::zeros({num_channels}))),
      running_mean(register_buffer("running_mean", torch::zeros({num_channels}))),
      running_var(register_buffer("running_var", torch::ones({num_channels}))),
      num_batches_tracked(register_buffer("num_batches_tracked", torch::zeros({}, torch::kLong))) {}

at::Tensor RankBatchNormImpl::forward(const at::Tensor& input) {
  if (is_training()) num_batches_tracked.add_(1);
  if (is_training() && group != nullptr && !group->isAlone()) {
    return batchNorm(input, weight, bias, running_mean, running_var, momentum, kEpsilon, *group);
  }
  return at::batch_norm(
      input, weight, bias, running_mean, running_var, is_training(), momentum, kEpsilon, /*cudnn_enabled=*/true);
}

void shareStatisticsOf(const torch::nn::Module& module, const std::shared_ptr<ProcessGroup>& group) {
  visitNorms(module, [&](RankBatchNormImpl& norm) { norm.group = group; });
}

void setMomentumOf(const torch::nn::Module& module, double momentum) {
  visitNorms(module, [&](RankBatchNormImpl& norm) { norm.momentum = momentum; });
}

}  // namespace tagscape

#pragma once

// Private to core/nn: types of LibTorch appear here.

#include "core/nn/batch_norm_torch.h"

#include <torch/nn/modules/batchnorm.h>

#include <memory>
#include <utility>

namespace tagscape {

/// LibTorch's module for batch normalisation, whose statistics in training can be those of all ranks' batches. Until it
/// is given a group, and in evaluation, it is the module it derives from; names of parameters are the same.
template <class Module>
struct RankBatchNormImpl : Module {
  using Module::Module;

  at::Tensor forward(const at::Tensor& input) {
    if (!this->is_training() || group == nullptr || group->isAlone()) return Module::forward(input);
    this->num_batches_tracked.add_(1);
    return batchNorm(input,
                     this->weight,
                     this->bias,
                     this->running_mean,
                     this->running_var,
                     this->options.momentum().value(),
                     this->options.eps(),
                     *group);
  }

  std::shared_ptr<ProcessGroup> group;
};

using RankBatchNorm1dImpl = RankBatchNormImpl<torch::nn::BatchNorm1dImpl>;
using RankBatchNorm2dImpl = RankBatchNormImpl<torch::nn::BatchNorm2dImpl>;
TORCH_MODULE(RankBatchNorm1d);
TORCH_MODULE(RankBatchNorm2d);

/// Gives every batch normalisation within `module` the group. Not to `module` itself: asking for that needs it to be
/// held by a shared pointer, which networks do not.
inline void shareStatisticsOf(const torch::nn::Module& module, const std::shared_ptr<ProcessGroup>& group) {
  for (const auto& part : module.modules(/*include_self=*/false)) {
    if (auto* rows = dynamic_cast<RankBatchNorm1dImpl*>(part.get())) rows->group = group;
    if (auto* images = dynamic_cast<RankBatchNorm2dImpl*>(part.get())) images->group = group;
  }
}

}  // namespace tagscape

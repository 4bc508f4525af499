#include "core/distributed/process_group_torch.h"
#include "core/nn/batch_norm_torch.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <stdexcept>

namespace tagscape {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

/// Of all ranks' values together.
struct Moments {
  at::Tensor mean, variance;  // [C]; the variance is that of the values themselves, divided by their number
  double count = 0;           // values a channel
};

/// Every rank puts its moments into its own row of a table of zeros, so that the sum is the table of all. In double
/// precision, whatever the input's, as the joining of moments cancels.
Moments momentsOfAll(const at::Tensor& input, const ProcessGroup& group) {
  const std::int64_t channels = input.size(1);
  if (input.numel() == 0) throw std::invalid_argument("batch normalisation in training needs values on every rank");
  const double own_count = static_cast<double>(input.numel() / channels);
  auto [mean, variance] = at::batch_norm_update_stats(input, {}, {}, 0);
  at::Tensor table = at::zeros({group.size(), 2 * channels + 1}, input.options().dtype(at::kDouble));
  table[group.rank()].copy_(
      at::cat({at::full({1}, own_count, table.options()), mean.to(at::kDouble), variance.to(at::kDouble)}));
  table = sumOverRanks(group, table);
  const at::Tensor counts = table.narrow(1, 0, 1);
  const at::Tensor means = table.narrow(1, 1, channels), variances = table.narrow(1, 1 + channels, channels);
  const at::Tensor count = counts.sum();
  Moments joined;
  joined.count = count.item<double>();
  const at::Tensor joint_mean = (counts * means).sum(0) / count;
  const at::Tensor joint_variance = (counts * (variances + (means - joint_mean).square())).sum(0) / count;
  joined.mean = joint_mean.to(mean.scalar_type());
  joined.variance = joint_variance.to(variance.scalar_type());
  return joined;
}

void updateRunning(const at::Tensor& running, const at::Tensor& value, double momentum) {
  running.detach().mul_(1 - momentum).add_(value.to(running.scalar_type()), momentum);
}

/// With the statistics given, LibTorch's own kernels for evaluation do the work over the values, forward and backward.
struct JoinedBatchNorm : Function<JoinedBatchNorm> {
  static at::Tensor forward(AutogradContext* context,
                            const at::Tensor& input,
                            const at::Tensor& weight,
                            const at::Tensor& bias,
                            const Moments& moments,
                            double epsilon,
                            const ProcessGroup* group) {
    context->save_for_backward({input, weight, moments.mean, moments.variance});
    context->saved_data["count"] = moments.count;
    context->saved_data["epsilon"] = epsilon;
    context->saved_data["group"] = reinterpret_cast<std::int64_t>(group);
    return std::get<0>(
        at::native_batch_norm(input, weight, bias, moments.mean, moments.variance, /*training=*/false, 0, epsilon));
  }

  /// For fixed statistics the gradient of x is g·w/σ; what x changes in the mean and the variance takes off
  /// w/σ · (Σg + x̂ Σg·x̂) / n, the sums going over all ranks.
  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &input = saved[0], &weight = saved[1], &mean = saved[2], &variance = saved[3];
    const double epsilon = context->saved_data["epsilon"].toDouble();
    const auto* group = reinterpret_cast<const ProcessGroup*>(context->saved_data["group"].toInt());
    auto [gradient, of_weight, of_bias] = at::native_batch_norm_backward(gradients[0].contiguous(),
                                                                         input,
                                                                         weight,
                                                                         mean,
                                                                         variance,
                                                                         /*save_mean=*/{},
                                                                         /*save_invstd=*/{},
                                                                         /*train=*/false,
                                                                         epsilon,
                                                                         {true, true, true});
    const at::Tensor sums =
        sumOverRanks(*group, at::stack({of_bias, of_weight})) / context->saved_data["count"].toDouble();
    const at::Tensor inverse = (variance + epsilon).rsqrt();
    const at::Tensor slope = -weight * inverse.square() * sums[1];
    const at::Tensor offset = -weight * inverse * sums[0] - slope * mean;
    std::vector<std::int64_t> shape(static_cast<std::size_t>(input.dim()), 1);
    shape[1] = -1;
    gradient.add_(offset.view(shape)).addcmul_(input, slope.view(shape));
    return {gradient, of_weight, of_bias, at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

}  // namespace

at::Tensor batchNorm(const at::Tensor& input,
                     const at::Tensor& weight,
                     const at::Tensor& bias,
                     const at::Tensor& running_mean,
                     const at::Tensor& running_variance,
                     double momentum,
                     double epsilon,
                     const ProcessGroup& group) {
  if (group.isAlone())
    return at::batch_norm(input,
                          weight,
                          bias,
                          running_mean,
                          running_variance,
                          /*training=*/true,
                          momentum,
                          epsilon,
                          at::globalContext().userEnabledCuDNN());
  const at::Tensor values = input.contiguous();
  Moments moments;
  {
    const at::NoGradGuard no_gradient;
    moments = momentsOfAll(values, group);
    updateRunning(running_mean, moments.mean, momentum);
    updateRunning(running_variance, moments.variance * (moments.count / (moments.count - 1)), momentum);
  }
  return JoinedBatchNorm::apply(values, weight, bias, moments, epsilon, &group);
}

}  // namespace tagscape

#include "core/nn/fused_operators_torch.h"
#include "core/nn/row_kernels.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace tagscape {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

constexpr std::int64_t kRowsPerPiece = 512;  // a piece of 128 channels stays in the second level cache

bool isOurs(const at::Tensor& tensor) {
  return ownOperatorsUsed() && tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat;
}

std::size_t size(std::int64_t count) { return static_cast<std::size_t>(count); }

/// Runs work(begin, end, piece) for pieces of rows that do not depend on the number of threads.
template <class Work>
void forPieces(std::int64_t num_rows, Work&& work) {
  const std::int64_t num_pieces = (num_rows + kRowsPerPiece - 1) / kRowsPerPiece;
  at::parallel_for(0, num_pieces, 1, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t piece = first; piece < last; ++piece)
      work(piece * kRowsPerPiece, std::min(num_rows, (piece + 1) * kRowsPerPiece), piece);
  });
}

struct Statistics {
  at::Tensor mean, inverse_deviation, variance;  // [C]; the variance is that of the batch itself
};

/// Pieces are merged in order, in double precision (Chan et al., 1979).
Statistics statisticsOf(const at::Tensor& x, double epsilon) {
  const std::int64_t num_rows = x.size(0), channels = x.size(1);
  const std::int64_t num_pieces = (num_rows + kRowsPerPiece - 1) / kRowsPerPiece;
  std::vector<float> means(size(num_pieces * channels)), squares(means.size());
  const auto* from = x.data_ptr<float>();
  forPieces(num_rows, [&](std::int64_t begin, std::int64_t end, std::int64_t piece) {
    rows::moments(from + begin * channels,
                  size(end - begin),
                  size(channels),
                  &means[size(piece * channels)],
                  &squares[size(piece * channels)]);
  });
  Statistics found{at::empty({channels}), at::empty({channels}), at::empty({channels})};
  for (std::int64_t c = 0; c < channels; ++c) {
    double count = 0, mean = 0, square = 0;
    for (std::int64_t piece = 0; piece < num_pieces; ++piece) {
      const auto own = static_cast<double>(std::min(kRowsPerPiece, num_rows - piece * kRowsPerPiece));
      const double step = means[size(piece * channels + c)] - mean;
      square += squares[size(piece * channels + c)] + step * step * count * own / (count + own);
      mean += step * own / (count + own);
      count += own;
    }
    found.mean.data_ptr<float>()[c] = static_cast<float>(mean);
    found.variance.data_ptr<float>()[c] = static_cast<float>(square / count);
    found.inverse_deviation.data_ptr<float>()[c] = static_cast<float>(1 / std::sqrt(square / count + epsilon));
  }
  return found;
}

/// Statistics of the batch, which enter the running ones.
Statistics takeStatistics(const at::Tensor& input, BatchNorm& norm) {
  TORCH_CHECK(input.size(0) > 1, "batch statistics need more than one row");
  const at::NoGradGuard no_grad;
  Statistics found = statisticsOf(input.contiguous(), norm.epsilon);
  const auto count = static_cast<double>(input.size(0));
  norm.running_mean.lerp_(found.mean, norm.momentum);
  norm.running_variance.lerp_(found.variance * (count / (count - 1)), norm.momentum);
  return found;
}

/// Normalisation as one factor and one summand a channel, and what its gradient needs. All [C].
struct Normalised {
  at::Tensor scale, shift, mean, inverse_deviation;

  /// Of the gradients that pass the ReLU, and of those times (x - mean).
  [[nodiscard]] std::pair<at::Tensor, at::Tensor> sums(const at::Tensor& gradient, const at::Tensor& x) const {
    const std::int64_t channels = x.size(1);
    const std::int64_t num_pieces = (x.size(0) + kRowsPerPiece - 1) / kRowsPerPiece;
    const at::Tensor pieces = at::zeros({2, num_pieces, channels});
    const auto *g = gradient.data_ptr<float>(), *from = x.data_ptr<float>();
    const auto *s = scale.data_ptr<float>(), *t = shift.data_ptr<float>(), *m = mean.data_ptr<float>();
    auto *first = pieces.data_ptr<float>(), *second = first + num_pieces * channels;
    forPieces(x.size(0), [&](std::int64_t begin, std::int64_t end, std::int64_t piece) {
      const std::int64_t at = begin * channels, own = piece * channels;
      rows::backwardSums(g + at, from + at, size(end - begin), size(channels), s, t, m, first + own, second + own);
    });
    return {pieces[0].sum(0), pieces[1].sum(0)};
  }

  /// The gradient of x is scale (g - mean(g) - x^ mean(g x^)) with x^ = (x - mean) / deviation: what of it depends on
  /// x by a factor, and what does not at all.
  [[nodiscard]] std::pair<at::Tensor, at::Tensor> timesAndAdd(const at::Tensor& sum,
                                                              const at::Tensor& sum_x,
                                                              std::int64_t num_rows) const {
    const double factor = 1 / static_cast<double>(num_rows);
    const at::Tensor times = -scale * inverse_deviation * inverse_deviation * sum_x * factor;
    return {times, -scale * sum * factor - times * mean};
  }
};

Normalised normalised(const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& mean, const at::Tensor& inv) {
  const at::Tensor scale = weight * inv;
  return {scale, bias - mean * scale, mean, inv};
}

struct BatchNormRelu : Function<BatchNormRelu> {
  static at::Tensor forward(AutogradContext* context,
                            const at::Tensor& input,
                            const at::Tensor& weight,
                            const at::Tensor& bias,
                            const at::Tensor& mean,
                            const at::Tensor& inverse_deviation) {
    const at::Tensor x = input.contiguous();
    const Normalised norm = normalised(weight, bias, mean, inverse_deviation);
    at::Tensor y = at::empty_like(x);
    const auto* from = x.data_ptr<float>();
    const auto *s = norm.scale.data_ptr<float>(), *t = norm.shift.data_ptr<float>();
    auto* to = y.data_ptr<float>();
    const std::int64_t channels = x.size(1);
    forPieces(x.size(0), [&](std::int64_t begin, std::int64_t end, std::int64_t) {
      rows::scaleShiftReluRows(from + begin * channels, size(end - begin), size(channels), s, t, to + begin * channels);
    });
    context->save_for_backward({x, norm.scale, norm.shift, mean, inverse_deviation});
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor& x = saved[0];
    const Normalised norm{saved[1], saved[2], saved[3], saved[4]};
    const at::Tensor gradient = gradients[0].contiguous();
    const auto [sum, sum_x] = norm.sums(gradient, x);
    const auto [times, add] = norm.timesAndAdd(sum, sum_x, x.size(0));
    at::Tensor result = at::empty_like(x);
    const std::int64_t channels = x.size(1);
    const auto *g = gradient.data_ptr<float>(), *from = x.data_ptr<float>();
    const auto *s = norm.scale.data_ptr<float>(), *t = norm.shift.data_ptr<float>();
    const auto *a = add.data_ptr<float>(), *m = times.data_ptr<float>();
    auto* to = result.data_ptr<float>();
    forPieces(x.size(0), [&](std::int64_t begin, std::int64_t end, std::int64_t) {
      const std::int64_t at = begin * channels;
      rows::backwardRows(g + at, from + at, size(end - begin), size(channels), s, t, a, m, to + at);
    });
    return {result, sum_x * norm.inverse_deviation, sum, at::Tensor(), at::Tensor()};
  }
};

/// Only one row of each group passes a gradient for a channel: the normalised rows are never written down.
struct BatchNormReluMax : Function<BatchNormReluMax> {
  static at::Tensor forward(AutogradContext* context,
                            const at::Tensor& input,
                            const at::Tensor& weight,
                            const at::Tensor& bias,
                            const at::Tensor& mean,
                            const at::Tensor& inverse_deviation,
                            std::int64_t k) {
    const at::Tensor x = input.contiguous();
    const Normalised norm = normalised(weight, bias, mean, inverse_deviation);
    const std::int64_t channels = x.size(1), num_groups = x.size(0) / k;
    at::Tensor y = at::empty({num_groups, channels}, x.options());
    const at::Tensor winners = at::empty_like(y);
    const at::Tensor which = at::empty({num_groups, channels}, x.options().dtype(at::kInt));
    const auto* from = x.data_ptr<float>();
    const auto *s = norm.scale.data_ptr<float>(), *t = norm.shift.data_ptr<float>();
    auto *to = y.data_ptr<float>(), *winner = winners.data_ptr<float>();
    auto* at = which.data_ptr<std::int32_t>();
    at::parallel_for(0, num_groups, 16, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        const std::int64_t own = i * channels;
        rows::largestScaled(from + own * k, size(k), size(channels), s, t, to + own, winner + own, at + own);
      }
    });
    context->save_for_backward({x, norm.scale, norm.shift, mean, inverse_deviation, winners, which, y});
    context->saved_data["k"] = k;
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &winners = saved[5], &which = saved[6];
    const Normalised norm{saved[1], saved[2], saved[3], saved[4]};
    const std::int64_t k = context->saved_data["k"].toInt();
    const at::Tensor gradient = gradients[0].contiguous();
    const auto [sum, sum_x] = norm.sums(gradient, winners);
    const auto [times, add] = norm.timesAndAdd(sum, sum_x, x.size(0));
    at::Tensor result = at::empty_like(x);
    const std::int64_t channels = x.size(1);
    const auto *g = gradient.data_ptr<float>(), *from = x.data_ptr<float>(), *y = saved[7].data_ptr<float>();
    const auto* s = norm.scale.data_ptr<float>();
    const auto *a = add.data_ptr<float>(), *m = times.data_ptr<float>();
    const auto* at = which.data_ptr<std::int32_t>();
    auto* to = result.data_ptr<float>();
    at::parallel_for(0, gradient.size(0), 16, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        const std::int64_t own = i * channels;
        rows::scaleShiftRows(from + own * k, size(k), size(channels), m, a, to + own * k);
        for (std::int64_t c = 0; c < channels; ++c) {
          if (y[own + c] > 0) to[own * k + at[own + c] * channels + c] += g[own + c] * s[c];
        }
      }
    });
    return {result, sum_x * norm.inverse_deviation, sum, at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

}  // namespace

at::Tensor batchNormRelu(const at::Tensor& input, BatchNorm& norm, bool training) {
  if (!isOurs(input) || !training) {
    return at::relu(at::batch_norm(input,
                                   norm.weight,
                                   norm.bias,
                                   norm.running_mean,
                                   norm.running_variance,
                                   training,
                                   norm.momentum,
                                   norm.epsilon,
                                   at::globalContext().userEnabledCuDNN()));
  }
  const Statistics found = takeStatistics(input, norm);
  return BatchNormRelu::apply(input, norm.weight, norm.bias, found.mean, found.inverse_deviation);
}

at::Tensor batchNormReluMax(const at::Tensor& input, BatchNorm& norm, bool training, std::int64_t num_neighbours) {
  if (!isOurs(input) || !training) return maxOverNeighbours(batchNormRelu(input, norm, training), num_neighbours);
  const Statistics found = takeStatistics(input, norm);
  return BatchNormReluMax::apply(input, norm.weight, norm.bias, found.mean, found.inverse_deviation, num_neighbours);
}

}  // namespace tagscape

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

thread_local bool own_operators = true;

bool isOurs(const at::Tensor& tensor) {
  return own_operators && tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat;
}

std::size_t size(std::int64_t count) { return static_cast<std::size_t>(count); }

// ---------------------------------------------------------------------------------------------- fixed statistics

struct ScaleShiftRelu : Function<ScaleShiftRelu> {
  static at::Tensor forward(AutogradContext* context,
                            const at::Tensor& input,
                            const at::Tensor& scale,
                            const at::Tensor& shift) {
    const at::Tensor x = input.contiguous();
    at::Tensor y = at::empty_like(x);
    const std::int64_t channels = x.size(1);
    const std::int64_t plane = x.numel() / std::max<std::int64_t>(1, x.size(0) * channels);
    const auto* from = x.data_ptr<float>();
    auto* to = y.data_ptr<float>();
    const auto *s = scale.data_ptr<float>(), *t = shift.data_ptr<float>();
    at::parallel_for(0, x.size(0) * channels, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t p = begin; p < end; ++p)
        rows::scaleShiftRelu(from + p * plane, size(plane), s[p % channels], t[p % channels], to + p * plane);
    });
    context->save_for_backward({y, scale});
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor gradient = gradients[0].contiguous();
    at::Tensor result = at::empty_like(gradient);
    const std::int64_t channels = gradient.size(1);
    const std::int64_t plane = gradient.numel() / std::max<std::int64_t>(1, gradient.size(0) * channels);
    const auto* g = gradient.data_ptr<float>();
    const auto* y = saved[0].data_ptr<float>();
    const auto* s = saved[1].data_ptr<float>();
    auto* to = result.data_ptr<float>();
    at::parallel_for(0, gradient.size(0) * channels, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t p = begin; p < end; ++p)
        rows::scaleShiftReluBackward(g + p * plane, y + p * plane, size(plane), s[p % channels], to + p * plane);
    });
    return {result, at::Tensor(), at::Tensor()};
  }
};

// ---------------------------------------------------------------------------------------------- statistics of a batch

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

struct BatchNormRelu : Function<BatchNormRelu> {
  static at::Tensor forward(AutogradContext* context,
                            const at::Tensor& input,
                            const at::Tensor& weight,
                            const at::Tensor& bias,
                            const at::Tensor& mean,
                            const at::Tensor& inverse_deviation) {
    const at::Tensor x = input.contiguous();
    const at::Tensor scale = weight * inverse_deviation;
    const at::Tensor shift = bias - mean * scale;
    at::Tensor y = at::empty_like(x);
    const auto* from = x.data_ptr<float>();
    const auto *s = scale.data_ptr<float>(), *t = shift.data_ptr<float>();
    auto* to = y.data_ptr<float>();
    const std::int64_t channels = x.size(1);
    forPieces(x.size(0), [&](std::int64_t begin, std::int64_t end, std::int64_t) {
      rows::scaleShiftReluRows(from + begin * channels, size(end - begin), size(channels), s, t, to + begin * channels);
    });
    context->save_for_backward({x, scale, shift, mean, inverse_deviation});
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor& x = saved[0];
    const at::Tensor gradient = gradients[0].contiguous();
    const auto [sum, sum_x] = sums(gradient, saved);
    const at::Tensor weight_gradient = sum_x * saved[4];
    // d = scale (g - mean(g) - x^ mean(g x^)), with x^ = (x - mean) / deviation; sorted by what depends on the row.
    const auto share = 1 / static_cast<double>(x.size(0));
    const at::Tensor times = -saved[1] * saved[4] * saved[4] * sum_x * share;
    const at::Tensor add = -saved[1] * sum * share - times * saved[3];
    at::Tensor result = at::empty_like(x);
    const std::int64_t channels = x.size(1);
    const auto *g = gradient.data_ptr<float>(), *from = x.data_ptr<float>();
    const auto *s = saved[1].data_ptr<float>(), *t = saved[2].data_ptr<float>();
    const auto *a = add.data_ptr<float>(), *m = times.data_ptr<float>();
    auto* to = result.data_ptr<float>();
    forPieces(x.size(0), [&](std::int64_t begin, std::int64_t end, std::int64_t) {
      const std::int64_t at = begin * channels;
      rows::backwardRows(g + at, from + at, size(end - begin), size(channels), s, t, a, m, to + at);
    });
    return {result, weight_gradient, sum, at::Tensor(), at::Tensor()};
  }

 private:
  /// Of the gradients that pass the ReLU, and of those times (x - mean).
  static std::pair<at::Tensor, at::Tensor> sums(const at::Tensor& gradient, const variable_list& saved) {
    const at::Tensor& x = saved[0];
    const std::int64_t channels = x.size(1);
    const std::int64_t num_pieces = (x.size(0) + kRowsPerPiece - 1) / kRowsPerPiece;
    const at::Tensor pieces = at::zeros({2, num_pieces, channels});
    const auto *g = gradient.data_ptr<float>(), *from = x.data_ptr<float>();
    const auto *s = saved[1].data_ptr<float>(), *t = saved[2].data_ptr<float>(), *mean = saved[3].data_ptr<float>();
    auto *first = pieces.data_ptr<float>(), *second = first + num_pieces * channels;
    forPieces(x.size(0), [&](std::int64_t begin, std::int64_t end, std::int64_t piece) {
      const std::int64_t at = begin * channels, own = piece * channels;
      rows::backwardSums(g + at, from + at, size(end - begin), size(channels), s, t, mean, first + own, second + own);
    });
    return {pieces[0].sum(0), pieces[1].sum(0)};
  }
};

// ---------------------------------------------------------------------------------------------- rows by index

/// For each row of a table, the places of `index` that name it, in order: sums over them are then the same for any
/// number of threads, and no two threads write to one row.
struct Readers {
  std::vector<std::int64_t> begins;  ///< By row, one more than there are.
  std::vector<std::int32_t> places;

  Readers(const at::Tensor& index, std::int64_t num_rows) : begins(size(num_rows) + 1), places(size(index.numel())) {
    const auto* at = index.data_ptr<std::int64_t>();
    const std::int64_t count = index.numel();
    for (std::int64_t i = 0; i < count; ++i) ++begins[size(at[i]) + 1];
    for (std::size_t row = 1; row < begins.size(); ++row) begins[row] += begins[row - 1];
    std::vector<std::int64_t> next(begins.begin(), begins.end() - 1);
    for (std::int64_t i = 0; i < count; ++i) places[size(next[size(at[i])]++)] = static_cast<std::int32_t>(i);
  }
};

/// result[row] = Σ over its readers of weight * gradient[place / per_row].
at::Tensor sumOverReaders(const at::Tensor& gradient,
                          const at::Tensor& index,
                          std::int64_t num_rows,
                          const float* weight,
                          std::int64_t per_row) {
  const Readers readers(index, num_rows);
  const std::int64_t channels = gradient.size(1);
  at::Tensor result = at::zeros({num_rows, channels});
  const auto* from = gradient.data_ptr<float>();
  auto* to = result.data_ptr<float>();
  at::parallel_for(0, num_rows, 64, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      for (std::int64_t at = readers.begins[size(row)]; at < readers.begins[size(row) + 1]; ++at) {
        const std::int64_t place = readers.places[size(at)];
        rows::addScaled(from + place / per_row * channels,
                        size(channels),
                        weight == nullptr ? 1.F : weight[place],
                        to + row * channels);
      }
    }
  });
  return result;
}

struct GroupRows : Function<GroupRows> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& table, const at::Tensor& index) {
    const at::Tensor from = table.contiguous();
    const std::int64_t channels = from.size(1);
    at::Tensor result = at::empty({index.numel(), channels}, from.options());
    const auto* at = index.data_ptr<std::int64_t>();
    const auto* source = from.data_ptr<float>();
    auto* to = result.data_ptr<float>();
    at::parallel_for(0, index.numel(), 1024, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) std::copy_n(source + at[i] * channels, channels, to + i * channels);
    });
    context->save_for_backward({index});
    context->saved_data["rows"] = table.size(0);
    return result;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    return {sumOverReaders(gradients[0].contiguous(), saved[0], context->saved_data["rows"].toInt(), nullptr, 1),
            at::Tensor()};
  }
};

struct InterpolateRows : Function<InterpolateRows> {
  static at::Tensor forward(AutogradContext* context,
                            const at::Tensor& table,
                            const at::Tensor& index,
                            const at::Tensor& weight) {
    const at::Tensor from = table.contiguous();
    const std::int64_t channels = from.size(1), num_rows = weight.size(0), k = weight.size(1);
    at::Tensor result = at::zeros({num_rows, channels}, from.options());
    const auto* at = index.data_ptr<std::int64_t>();
    const auto *source = from.data_ptr<float>(), *w = weight.data_ptr<float>();
    auto* to = result.data_ptr<float>();
    at::parallel_for(0, num_rows, 256, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin * k; i < end * k; ++i)
        rows::addScaled(source + at[i] * channels, size(channels), w[i], to + i / k * channels);
    });
    context->save_for_backward({index, weight});
    context->saved_data["rows"] = table.size(0);
    return result;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    return {sumOverReaders(gradients[0].contiguous(),
                           saved[0],
                           context->saved_data["rows"].toInt(),
                           saved[1].data_ptr<float>(),
                           saved[1].size(1)),
            at::Tensor(),
            at::Tensor()};
  }
};

struct MaxOverNeighbours : Function<MaxOverNeighbours> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input, std::int64_t k) {
    const at::Tensor x = input.contiguous();
    const std::int64_t channels = x.size(1), num_groups = x.size(0) / k;
    at::Tensor result = at::empty({num_groups, channels}, x.options());
    const at::Tensor which = at::empty({num_groups, channels}, x.options().dtype(at::kInt));
    const auto* from = x.data_ptr<float>();
    auto* to = result.data_ptr<float>();
    auto* at = which.data_ptr<std::int32_t>();
    at::parallel_for(0, num_groups, 16, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i)
        rows::largest(from + i * k * channels, size(k), size(channels), to + i * channels, at + i * channels);
    });
    context->save_for_backward({which});
    context->saved_data["k"] = k;
    return result;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const at::Tensor which = context->get_saved_variables()[0];
    const std::int64_t k = context->saved_data["k"].toInt();
    const at::Tensor gradient = gradients[0].contiguous();
    const std::int64_t channels = gradient.size(1);
    at::Tensor result = at::empty({gradient.size(0) * k, channels}, gradient.options());
    const auto* g = gradient.data_ptr<float>();
    const auto* at = which.data_ptr<std::int32_t>();
    auto* to = result.data_ptr<float>();
    at::parallel_for(0, gradient.size(0), 16, [&](std::int64_t begin, std::int64_t end) {
      std::fill(to + begin * k * channels, to + end * k * channels, 0.F);
      for (std::int64_t i = begin; i < end; ++i) {
        for (std::int64_t c = 0; c < channels; ++c)
          to[(i * k + at[i * channels + c]) * channels + c] = g[i * channels + c];
      }
    });
    return {result, at::Tensor()};
  }
};

}  // namespace

void useOwnOperators(bool use) { own_operators = use; }
bool ownOperatorsUsed() { return own_operators; }

at::Tensor scaleShiftRelu(const at::Tensor& input, const at::Tensor& scale, const at::Tensor& shift) {
  if (isOurs(input)) return ScaleShiftRelu::apply(input, scale.contiguous(), shift.contiguous());
  const auto wide = [&](const at::Tensor& values) { return values.view({1, -1, 1, 1}).to(input.scalar_type()); };
  return at::relu(input * wide(scale) + wide(shift));
}

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
  TORCH_CHECK(input.size(0) > 1, "batch statistics need more than one row");
  Statistics found;
  {
    const at::NoGradGuard no_grad;
    found = statisticsOf(input.contiguous(), norm.epsilon);
    const auto count = static_cast<double>(input.size(0));
    norm.running_mean.lerp_(found.mean, norm.momentum);
    norm.running_variance.lerp_(found.variance * (count / (count - 1)), norm.momentum);
  }
  return BatchNormRelu::apply(input, norm.weight, norm.bias, found.mean, found.inverse_deviation);
}

at::Tensor groupRows(const at::Tensor& rows, const at::Tensor& index) {
  if (isOurs(rows)) return GroupRows::apply(rows, index.contiguous());
  return rows.index_select(0, index);
}

at::Tensor interpolateRows(const at::Tensor& rows, const at::Tensor& index, const at::Tensor& weight) {
  if (isOurs(rows)) return InterpolateRows::apply(rows, index.contiguous(), weight.contiguous());
  const at::Tensor near = rows.index_select(0, index).view({weight.size(0), weight.size(1), rows.size(1)});
  return (near * weight.to(rows.scalar_type())).sum(1);
}

at::Tensor maxOverNeighbours(const at::Tensor& rows, std::int64_t num_neighbours) {
  if (isOurs(rows)) return MaxOverNeighbours::apply(rows, num_neighbours);
  return std::get<0>(rows.view({-1, num_neighbours, rows.size(1)}).max(1));
}

}  // namespace tagscape

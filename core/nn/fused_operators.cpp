#include "core/nn/fused_operators_torch.h"
#include "core/nn/row_kernels.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <vector>

namespace tagscape {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

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

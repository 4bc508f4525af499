#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <functional>

namespace tagscape::testing {

using Loss = std::function<at::Tensor(const at::Tensor&)>;

/// The full gradient against central differences, in double precision.
inline void expectGradientMatches(const Loss& loss, const at::Tensor& at_values) {
  constexpr double kStep = 1e-6;
  constexpr double kTolerance = 1e-7;  // Differences of numbers about 1 with a step of 1e-6: errors of 1e-10 / 1e-6.
  const at::Tensor input = at_values.detach().clone().requires_grad_(true);
  loss(input).backward();
  const at::Tensor flat = at_values.detach().clone().flatten();
  for (std::int64_t i = 0; i < flat.numel(); ++i) {
    const auto shifted = [&](double by) {
      at::Tensor moved = flat.clone();
      moved[i] += by;
      return loss(moved.view(at_values.sizes())).item<double>();
    };
    const double expected = (shifted(kStep) - shifted(-kStep)) / (2 * kStep);
    EXPECT_NEAR(input.grad().flatten()[i].item<double>(), expected, kTolerance) << "entry " << i;
  }
}

}  // namespace tagscape::testing

#pragma once

// What the tests of networks share: clouds, a ResNet38 small enough to run in a moment, and how close sums have to be.

#include "core/base/random.h"
#include "core/nn/network_torch.h"

#include <ATen/ATen.h>
#include <Eigen/Core>

#include <cstdint>
#include <memory>
#include <vector>

namespace tagscape::testing {

inline constexpr double kRounding = 1e-4;          // relative, of float32 sums in another order
inline constexpr double kRoundingNearZero = 1e-5;  // absolute, where such sums cancel

inline bool close(const at::Tensor& a, const at::Tensor& b) { return at::allclose(a, b, kRounding, kRoundingNearZero); }

/// Points in a room, some twice, some in a lattice with many equal distances, some at the origin.
inline std::vector<Eigen::Vector3f> pointsOf(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<Eigen::Vector3f> points;
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = [&](double to) { return static_cast<float>(random.uniform(0, to)); };
    points.emplace_back(at(4), at(3), i % 3 == 0 ? 0.F : at(2));
    if (i % 7 == 0) points.back() = (points.back() * 4).array().round() / 4;
    if (i % 11 == 0) points.back() = points[i / 2];
    if (i % 50 == 7) points.back() *= 0.004F;
  }
  return points;
}

inline at::Tensor tensorOf(const std::vector<Eigen::Vector3f>& points) {
  return at::from_blob(const_cast<float*>(points[0].data()), {static_cast<std::int64_t>(points.size()), 3}).clone();
}

inline std::unique_ptr<ImageNetwork> smallResNet38(double dropout = 0) {
  at::manual_seed(7);
  return makeResNet38({.width = 0.0625, .depth = 16, .num_classes = 5, .classifier_dropout = dropout}).value();
}

}  // namespace tagscape::testing

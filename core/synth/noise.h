#pragma once

#include "core/base/random.h"

#include <cstdint>

namespace tagscape::synth {

/// Approximately normal, mean 0, standard deviation 1, at most 3.47 in magnitude: the sum of four uniform 16-bit
/// numbers, because log() differs between C libraries.
[[nodiscard]] inline double roughlyNormal(Random& random) {
  constexpr double kSquareRootOf3 = 1.7320508075688772;
  std::uint64_t bits = random.next();
  std::uint64_t sum = 0;
  for (int i = 0; i < 4; ++i, bits >>= 16U) sum += bits & 0xFFFFU;
  return (static_cast<double>(sum + 2) * 0x1p-16 - 2) * kSquareRootOf3;
}

/// A hash of three integers, uniform in [0, 1).
[[nodiscard]] inline float hash01(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  std::uint32_t h = a * 0x9E3779B1U ^ b * 0x85EBCA77U ^ c * 0xC2B2AE3DU;
  h ^= h >> 15U;
  h *= 0x2C1B3C6DU;
  h ^= h >> 12U;
  h *= 0x297A2D39U;
  h ^= h >> 15U;
  return static_cast<float>(h >> 8U) * 0x1p-24F;
}

}  // namespace tagscape::synth

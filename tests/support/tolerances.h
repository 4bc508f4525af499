#pragma once

namespace tagscape::testing {

/// How far a computed value near 1 may lie from the exact one, by what rounds it.
inline constexpr double kDoubleRounding = 1e-12;    ///< A few operations in float64 (each up to 1.1e-16).
inline constexpr double kDoubleSumRounding = 1e-9;  ///< Sums, logarithms and inverses of many values in float64.
inline constexpr double kFloatRounding = 1e-6;      ///< A few operations in float32 (each up to 6e-8).
inline constexpr double kFloatSumRounding = 1e-5;   ///< Some hundred operations in float32, or values of a few metres.
inline constexpr double kFloatNetworkRounding = 1e-4;  ///< Sums of thousands of products in float32, in any order.

/// Of a network's gradient in float32, relative to its norm. It is not continuous: where rounding moves an activation
/// over the bend of a ReLU or to another maximum, its whole contribution changes. These are a few of thousands; a wrong
/// operator, average or statistic changes nearly all.
inline constexpr double kFloatGradientRounding = .02;

}  // namespace tagscape::testing

#pragma once

#include <cstddef>
#include <cstdint>

/// Inner loops of the networks' own operators on plain float arrays, compiled for the vector instructions of the
/// processor that runs them. One thread; callers split the work. "Rows" are [rows, channels], row-major.
namespace tagscape::rows {

/// y = max(0, x * scale + shift).
void scaleShiftRelu(const float* x, std::size_t count, float scale, float shift, float* y);
/// Its gradient: y > 0 ? gradient * scale : 0.
void scaleShiftReluBackward(const float* gradient, const float* y, std::size_t count, float scale, float* result);

/// The mean of each channel and the sum of squared differences from it. @param num_rows  at least 1.
void moments(const float* x, std::size_t num_rows, std::size_t channels, float* mean, float* squares);
/// As scaleShiftRelu with a scale and shift for each channel.
void scaleShiftReluRows(
    const float* x, std::size_t num_rows, std::size_t channels, const float* scale, const float* shift, float* y);

/// y = x * scale + shift.
void scaleShiftRows(
    const float* x, std::size_t num_rows, std::size_t channels, const float* scale, const float* shift, float* y);

/// Adds to `sum` the gradients that pass the ReLU (where x * scale + shift > 0) and to `sum_x` those times (x - mean).
void backwardSums(const float* gradient,
                  const float* x,
                  std::size_t num_rows,
                  std::size_t channels,
                  const float* scale,
                  const float* shift,
                  const float* mean,
                  float* sum,
                  float* sum_x);
/// result = (x * scale + shift > 0 ? gradient * scale : 0) + add + x * times.
void backwardRows(const float* gradient,
                  const float* x,
                  std::size_t num_rows,
                  std::size_t channels,
                  const float* scale,
                  const float* shift,
                  const float* add,
                  const float* times,
                  float* result);

/// The largest of `num_rows` rows in each channel, and which row it is in (of equals the first).
void largest(const float* x, std::size_t num_rows, std::size_t channels, float* value, std::int32_t* which);

/// The largest of x * scale + shift of `num_rows` rows in each channel, at least 0; the x that gives it, and which row
/// it is in (of equals the first).
void largestScaled(const float* x,
                   std::size_t num_rows,
                   std::size_t channels,
                   const float* scale,
                   const float* shift,
                   float* value,
                   float* winner,
                   std::int32_t* which);

/// sum += x * weight.
void addScaled(const float* x, std::size_t channels, float weight, float* sum);

}  // namespace tagscape::rows

#include "core/nn/row_kernels.h"

#include <algorithm>

// Debian builds for the oldest x86-64. A clone of each loop for processors since 2013 is chosen when the program
// starts.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
#define TAGSCAPE_CLONES __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define TAGSCAPE_CLONES
#endif

namespace tagscape::rows {

TAGSCAPE_CLONES void scaleShiftRelu(
    const float* __restrict x, std::size_t count, float scale, float shift, float* __restrict y) {
  for (std::size_t i = 0; i < count; ++i) {
    const float value = x[i] * scale + shift;
    y[i] = value > 0 ? value : 0;
  }
}

TAGSCAPE_CLONES void scaleShiftReluBackward(const float* __restrict gradient,
                                            const float* __restrict y,
                                            std::size_t count,
                                            float scale,
                                            float* __restrict result) {
  for (std::size_t i = 0; i < count; ++i) result[i] = y[i] > 0 ? gradient[i] * scale : 0;
}

TAGSCAPE_CLONES void moments(const float* __restrict x,
                             std::size_t num_rows,
                             std::size_t channels,
                             float* __restrict mean,
                             float* __restrict squares) {
  std::fill_n(mean, channels, 0.F);
  std::fill_n(squares, channels, 0.F);
  for (std::size_t row = 0; row < num_rows; ++row) {
    for (std::size_t c = 0; c < channels; ++c) mean[c] += x[row * channels + c];
  }
  const float factor = 1.F / static_cast<float>(num_rows);
  for (std::size_t c = 0; c < channels; ++c) mean[c] *= factor;
  for (std::size_t row = 0; row < num_rows; ++row) {
    for (std::size_t c = 0; c < channels; ++c) {
      const float difference = x[row * channels + c] - mean[c];
      squares[c] += difference * difference;
    }
  }
}

TAGSCAPE_CLONES void scaleShiftReluRows(const float* __restrict x,
                                        std::size_t num_rows,
                                        std::size_t channels,
                                        const float* __restrict scale,
                                        const float* __restrict shift,
                                        float* __restrict y) {
  for (std::size_t row = 0; row < num_rows; ++row, x += channels, y += channels) {
    for (std::size_t c = 0; c < channels; ++c) {
      const float value = x[c] * scale[c] + shift[c];
      y[c] = value > 0 ? value : 0;
    }
  }
}

TAGSCAPE_CLONES void scaleShiftRows(const float* __restrict x,
                                    std::size_t num_rows,
                                    std::size_t channels,
                                    const float* __restrict scale,
                                    const float* __restrict shift,
                                    float* __restrict y) {
  for (std::size_t row = 0; row < num_rows; ++row, x += channels, y += channels) {
    for (std::size_t c = 0; c < channels; ++c) y[c] = x[c] * scale[c] + shift[c];
  }
}

TAGSCAPE_CLONES void backwardSums(const float* __restrict gradient,
                                  const float* __restrict x,
                                  std::size_t num_rows,
                                  std::size_t channels,
                                  const float* __restrict scale,
                                  const float* __restrict shift,
                                  const float* __restrict mean,
                                  float* __restrict sum,
                                  float* __restrict sum_x) {
  for (std::size_t row = 0; row < num_rows; ++row, x += channels, gradient += channels) {
    for (std::size_t c = 0; c < channels; ++c) {
      const float passed = x[c] * scale[c] + shift[c] > 0 ? gradient[c] : 0;
      sum[c] += passed;
      sum_x[c] += passed * (x[c] - mean[c]);
    }
  }
}

TAGSCAPE_CLONES void backwardRows(const float* __restrict gradient,
                                  const float* __restrict x,
                                  std::size_t num_rows,
                                  std::size_t channels,
                                  const float* __restrict scale,
                                  const float* __restrict shift,
                                  const float* __restrict add,
                                  const float* __restrict times,
                                  float* __restrict result) {
  for (std::size_t row = 0; row < num_rows; ++row, x += channels, gradient += channels, result += channels) {
    for (std::size_t c = 0; c < channels; ++c) {
      const float passed = x[c] * scale[c] + shift[c] > 0 ? gradient[c] * scale[c] : 0;
      result[c] = passed + add[c] + x[c] * times[c];
    }
  }
}

TAGSCAPE_CLONES void largest(const float* __restrict x,
                             std::size_t num_rows,
                             std::size_t channels,
                             float* __restrict value,
                             std::int32_t* __restrict which) {
  std::copy_n(x, channels, value);
  std::fill_n(which, channels, 0);
  for (std::size_t row = 1; row < num_rows; ++row) {
    x += channels;
    const auto number = static_cast<std::int32_t>(row);
    for (std::size_t c = 0; c < channels; ++c) {
      const bool larger = x[c] > value[c];
      value[c] = larger ? x[c] : value[c];
      which[c] = larger ? number : which[c];
    }
  }
}

TAGSCAPE_CLONES void largestScaled(const float* __restrict x,
                                   std::size_t num_rows,
                                   std::size_t channels,
                                   const float* __restrict scale,
                                   const float* __restrict shift,
                                   float* __restrict value,
                                   float* __restrict winner,
                                   std::int32_t* __restrict which) {
  for (std::size_t c = 0; c < channels; ++c) {
    value[c] = x[c] * scale[c] + shift[c];
    winner[c] = x[c];
    which[c] = 0;
  }
  for (std::size_t row = 1; row < num_rows; ++row) {
    x += channels;
    const auto number = static_cast<std::int32_t>(row);
    for (std::size_t c = 0; c < channels; ++c) {
      const float scaled = x[c] * scale[c] + shift[c];
      const bool larger = scaled > value[c];
      value[c] = larger ? scaled : value[c];
      winner[c] = larger ? x[c] : winner[c];
      which[c] = larger ? number : which[c];
    }
  }
  for (std::size_t c = 0; c < channels; ++c) value[c] = value[c] > 0 ? value[c] : 0;
}

TAGSCAPE_CLONES void addScaled(const float* __restrict x, std::size_t channels, float weight, float* __restrict sum) {
  for (std::size_t c = 0; c < channels; ++c) sum[c] += x[c] * weight;
}

}  // namespace tagscape::rows

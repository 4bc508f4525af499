#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tagscape {

/// Pixels in rows from the top, channels interleaved. Pixel centres have integer coordinates: (0, 0) is the centre of
/// the top left pixel, and the image covers [-0.5, width - 0.5) x [-0.5, height - 0.5).
template <class T>
struct Image {
  int width = 0;
  int height = 0;
  int channels = 1;
  std::vector<T> pixels;  ///< width * height * channels values.

  Image() = default;
  Image(int width_px, int height_px, int num_channels, T value = T{})
      : width(width_px),
        height(height_px),
        channels(num_channels),
        pixels(static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px) *
                   static_cast<std::size_t>(num_channels),
               value) {}

  [[nodiscard]] bool empty() const { return pixels.empty(); }
  [[nodiscard]] std::size_t index(int x, int y, int channel = 0) const {
    return (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)) *
               static_cast<std::size_t>(channels) +
           static_cast<std::size_t>(channel);
  }
  [[nodiscard]] T at(int x, int y, int channel = 0) const { return pixels[index(x, y, channel)]; }
  [[nodiscard]] T& at(int x, int y, int channel = 0) { return pixels[index(x, y, channel)]; }
};

using RgbImage = Image<std::uint8_t>;        ///< 3 channels, sRGB.
using DepthImage = Image<float>;             ///< 1 channel, metres along the viewing axis, 0 = no depth.
using RawDepthImage = Image<std::uint16_t>;  ///< 1 channel, as stored: usually millimetres, 0 = no depth.

}  // namespace tagscape

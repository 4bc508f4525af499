#pragma once

#include "core/scene/class_catalog.h"

#include <array>
#include <cstdint>
#include <span>

namespace tagscape {

using Color8 = std::array<std::uint8_t, 3>;  ///< sRGB.

/// Which colours stand for the classes on screen. Files always have ScanNet's.
enum class ClassPalette : std::uint8_t {
  ScanNet,  ///< The benchmark's own. Some pairs are hard to distinguish, 20 with green blindness.
  Distinct  ///< Chosen to stay apart with full colour vision, protanopia and deuteranopia.
};

[[nodiscard]] std::span<const Color8, kNumClasses> classColors(ClassPalette palette);

/// How values 0 … 1 become colours.
enum class HeatMap : std::uint8_t { Viridis, Cividis, Inferno, Turbo };
inline constexpr int kNumHeatMaps = 4;

/// Ten colours of the map at 0, 1/9, …, 1, sRGB. Between them colours are mixed linearly.
/// Source: values of viridis and inferno (Smith & van der Walt 2015), cividis (Nuñez, Anderton & Renslow 2018) and
/// turbo (Mikhailov 2019).
[[nodiscard]] std::span<const Color8, 10> heatStops(HeatMap map);

/// The colour at `value`, cut to 0 … 1; NaN is 0.
[[nodiscard]] Color8 heatColor(HeatMap map, float value);

/// Values that get the first and the last colour of a heat map.
struct HeatRange {
  float low = 0;
  float high = 1;

  [[nodiscard]] float place(float value) const { return (value - low) / (high - low); }
  bool operator==(const HeatRange&) const = default;
};

}  // namespace tagscape

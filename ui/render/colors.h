#pragma once

#include "core/geometry/visibility.h"
#include "core/scene/class_catalog.h"
#include "core/scene/point_cloud.h"

#include <QColor>

#include <array>
#include <span>

namespace tagscape {

/// Colours for values, dark to bright; Turbo is a rainbow.
enum class HeatMap : std::uint8_t { Viridis, Cividis, Inferno, Turbo };
inline constexpr int kNumHeatMaps = 4;

/// "viridis", …
[[nodiscard]] const char* nameOf(HeatMap map);

/// Ten colours of the map at 0, 1/9, …, 1, sRGB. Between them colours are mixed linearly.
/// Source: viridis and inferno of Smith & van der Walt (2015), cividis of Nuñez, Anderton & Renslow (2018), public
/// domain; turbo of Mikhailov (2019).
[[nodiscard]] std::span<const Rgb8, 10> heatStops(HeatMap map);
[[nodiscard]] std::span<const Rgb8, 10> viridisStops();

/// The map at `value`, cut to 0 … 1.
[[nodiscard]] Rgb8 heatColor(HeatMap map, float value);
[[nodiscard]] Rgb8 viridis(float value);

/// Colours for the classes on screen; files always have ScanNet's.
enum class ClassPalette : std::uint8_t {
  ScanNet,
  Distinct,  ///< Told apart with the common kinds of colour blindness, by lightness where hue does not suffice.
};
inline constexpr int kNumPalettes = 2;
[[nodiscard]] Rgb8 classRgb(ClassPalette palette, int class_index);

[[nodiscard]] QColor toQColor(const Rgb8& rgb);
[[nodiscard]] QColor classColor(int class_index);

/// A colour for each reason; distinguishable with the common kinds of colour blindness.
/// Source: Okabe & Ito, Color Universal Design (2008).
[[nodiscard]] Rgb8 reasonColor(Visibility reason);

/// Of points whose prediction is right and of those whose is wrong.
inline constexpr Rgb8 kRightRgb{170, 190, 205};
inline constexpr Rgb8 kWrongRgb{213, 62, 40};

/// One of 256 colours for segment `number`, neighbours in number far apart in colour.
[[nodiscard]] Rgb8 segmentColor(std::uint8_t number);

}  // namespace tagscape

#include "ui/render/colors.h"

#include "core/scene/palette.h"

#include <cmath>

namespace tagscape {

std::span<const Rgb8, 10> viridisStops() { return heatStops(HeatMap::Viridis); }

Rgb8 viridis(float value) { return heatColor(HeatMap::Viridis, value); }

QColor toQColor(const Rgb8& rgb) { return {rgb[0], rgb[1], rgb[2]}; }

QColor classColor(int class_index) { return toQColor(classCatalog()[static_cast<std::size_t>(class_index)].rgb); }

Rgb8 reasonColor(Visibility reason) {
  switch (reason) {
    case Visibility::Visible:
      return {0, 158, 115};
    case Visibility::Occluded:
      return {213, 94, 0};
    case Visibility::InFront:
      return {86, 180, 233};
    case Visibility::NoDepth:
      return {240, 228, 66};
    case Visibility::NoPose:
      return {204, 121, 167};
    case Visibility::Outside:
      return {90, 90, 90};
    case Visibility::Behind:
      return {60, 60, 60};
  }
  return {0, 0, 0};
}

Rgb8 superpointColor(std::uint8_t number) {
  // Hues in steps of the golden ratio, which stay far from recent ones; lightness cycles through three values.
  constexpr double kGoldenRatio = 0.618033988749895;
  const double hue = std::fmod(number * kGoldenRatio, 1.0);
  const QColor color = QColor::fromHsvF(static_cast<float>(hue),
                                        0.45F + 0.2F * static_cast<float>(number % 2),
                                        0.68F + 0.14F * static_cast<float>(number % 3));
  return {static_cast<std::uint8_t>(color.red()),
          static_cast<std::uint8_t>(color.green()),
          static_cast<std::uint8_t>(color.blue())};
}

}  // namespace tagscape

#include "ui/render/colors.h"

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

constexpr std::array<Rgb8, 10> kViridis{{{68, 1, 84},
                                         {72, 40, 120},
                                         {62, 74, 137},
                                         {49, 104, 142},
                                         {38, 130, 142},
                                         {31, 158, 137},
                                         {53, 183, 121},
                                         {109, 205, 89},
                                         {180, 222, 44},
                                         {253, 231, 37}}};

}  // namespace

std::span<const Rgb8, 10> viridisStops() { return kViridis; }

Rgb8 viridis(float value) {
  const float place = std::clamp(std::isnan(value) ? 0.F : value, 0.F, 1.F) * 9.F;
  const auto low = static_cast<std::size_t>(std::min(static_cast<int>(place), 8));
  const float part = place - static_cast<float>(low);
  Rgb8 mixed{};
  for (std::size_t i = 0; i < 3; ++i) {
    mixed[i] = static_cast<std::uint8_t>(std::lround(static_cast<float>(kViridis[low][i]) * (1 - part) +
                                                     static_cast<float>(kViridis[low + 1][i]) * part));
  }
  return mixed;
}

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

}  // namespace tagscape

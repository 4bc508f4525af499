#include "core/scene/palette.h"

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

using Stops = std::array<Color8, 10>;

constexpr Stops kViridis{{{68, 1, 84},
                          {72, 40, 120},
                          {62, 74, 137},
                          {49, 104, 142},
                          {38, 130, 142},
                          {31, 158, 137},
                          {53, 183, 121},
                          {109, 205, 89},
                          {180, 222, 44},
                          {253, 231, 37}}};

constexpr Stops kCividis{{{0, 32, 77},
                          {0, 51, 111},
                          {57, 72, 107},
                          {87, 92, 109},
                          {112, 113, 115},
                          {138, 135, 121},
                          {166, 157, 117},
                          {196, 181, 108},
                          {228, 207, 91},
                          {255, 234, 70}}};

constexpr Stops kInferno{{{0, 0, 4},
                          {27, 12, 66},
                          {75, 12, 107},
                          {120, 28, 109},
                          {165, 44, 96},
                          {207, 68, 70},
                          {237, 105, 37},
                          {251, 154, 6},
                          {247, 208, 60},
                          {252, 255, 164}}};

constexpr Stops kTurbo{{{48, 18, 59},
                        {70, 98, 215},
                        {54, 170, 249},
                        {26, 228, 182},
                        {114, 254, 94},
                        {199, 239, 52},
                        {250, 186, 57},
                        {246, 107, 25},
                        {203, 42, 4},
                        {122, 4, 3}}};

/// Found by exchange on a grid of 17 steps a channel, so that the smallest CIEDE2000 distance of any two is as large as
/// could be reached: 14.0 as seen normally, 12.5 with protanopia, 12.6 with deuteranopia and 12.4 with tritanopia
/// (Machado, Oliveira & Fernandes 2009, severity 1). ScanNet's own reach 12.1, 0.8, 3.3 and 5.2. Each class has the one
/// that is nearest to its own colour.
constexpr std::array<Color8, kNumClasses> kDistinct{
    {{153, 102, 255}, {187, 221, 136}, {85, 85, 119}, {255, 153, 0}, {238, 255, 85}, {85, 0, 0},      {170, 102, 85},
     {187, 0, 0},     {170, 170, 187}, {68, 0, 85},   {119, 68, 68}, {85, 136, 136}, {221, 153, 255}, {238, 221, 204},
     {238, 68, 17},   {119, 255, 255}, {0, 187, 136}, {68, 51, 68},  {136, 0, 238},  {51, 0, 170}}};

std::array<Color8, kNumClasses> scanNetColors() {
  std::array<Color8, kNumClasses> colors{};
  for (std::size_t i = 0; i < colors.size(); ++i) colors[i] = classCatalog()[i].rgb;
  return colors;
}

}  // namespace

std::span<const Color8, kNumClasses> classColors(ClassPalette palette) {
  static const auto scan_net = scanNetColors();
  return palette == ClassPalette::Distinct ? kDistinct : scan_net;
}

std::span<const Color8, 10> heatStops(HeatMap map) {
  switch (map) {
    case HeatMap::Cividis:
      return kCividis;
    case HeatMap::Inferno:
      return kInferno;
    case HeatMap::Turbo:
      return kTurbo;
    case HeatMap::Viridis:
      break;
  }
  return kViridis;
}

Color8 heatColor(HeatMap map, float value) {
  const auto stops = heatStops(map);
  const float place = std::clamp(std::isnan(value) ? 0.F : value, 0.F, 1.F) * 9.F;
  const auto low = static_cast<std::size_t>(std::min(static_cast<int>(place), 8));
  const float part = place - static_cast<float>(low);
  Color8 mixed{};
  for (std::size_t i = 0; i < mixed.size(); ++i) {
    mixed[i] = static_cast<std::uint8_t>(
        std::lround(static_cast<float>(stops[low][i]) * (1 - part) + static_cast<float>(stops[low + 1][i]) * part));
  }
  return mixed;
}

}  // namespace tagscape

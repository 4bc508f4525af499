#include "ui/render/colors.h"

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

using Stops = std::array<Rgb8, 10>;

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

/// Found by search for the largest least CIEDE2000 distance of any two of the 20 as seen normally (13.2) and with
/// protanopia (12.1), deuteranopia (11.9) and tritanopia (9.5) after Machado, Oliveira & Fernandes (2009); ScanNet's
/// own have 12.1, 0.8, 3.3 and 5.2. Each class has the one that is nearest to its own colour.
constexpr std::array<Rgb8, kNumClasses> kDistinct{{{120, 120, 255}, {200, 255, 120}, {80, 80, 80},    {235, 160, 0},
                                                   {160, 120, 0},   {80, 40, 80},    {255, 235, 235}, {120, 0, 40},
                                                   {200, 160, 255}, {120, 80, 120},  {120, 120, 120}, {120, 160, 120},
                                                   {255, 200, 255}, {200, 200, 160}, {120, 80, 0},    {160, 160, 160},
                                                   {80, 120, 80},   {120, 40, 255},  {160, 120, 160}, {80, 40, 160}}};

}  // namespace

const char* nameOf(HeatMap map) {
  static constexpr std::array<const char*, kNumHeatMaps> kNames{"viridis", "cividis", "inferno", "turbo"};
  return kNames[static_cast<std::size_t>(map)];
}

std::span<const Rgb8, 10> heatStops(HeatMap map) {
  static constexpr std::array<const Stops*, kNumHeatMaps> kStops{&kViridis, &kCividis, &kInferno, &kTurbo};
  return *kStops[static_cast<std::size_t>(map)];
}

std::span<const Rgb8, 10> viridisStops() { return kViridis; }

Rgb8 heatColor(HeatMap map, float value) {
  const auto stops = heatStops(map);
  const float place = std::clamp(std::isnan(value) ? 0.F : value, 0.F, 1.F) * 9.F;
  const auto low = static_cast<std::size_t>(std::min(static_cast<int>(place), 8));
  const float part = place - static_cast<float>(low);
  Rgb8 mixed{};
  for (std::size_t i = 0; i < 3; ++i) {
    mixed[i] = static_cast<std::uint8_t>(
        std::lround(static_cast<float>(stops[low][i]) * (1 - part) + static_cast<float>(stops[low + 1][i]) * part));
  }
  return mixed;
}

Rgb8 viridis(float value) { return heatColor(HeatMap::Viridis, value); }

Rgb8 classRgb(ClassPalette palette, int class_index) {
  const auto row = static_cast<std::size_t>(class_index);
  return palette == ClassPalette::Distinct ? kDistinct[row] : classCatalog()[row].rgb;
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

Rgb8 segmentColor(std::uint8_t number) {
  // Steps by the golden ratio around the hues never come back near a place soon; lightness goes through three steps.
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

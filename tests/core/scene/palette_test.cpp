// How well the classes' colours can be told apart, computed anew: CIEDE2000 distances as people with full colour
// vision, protanopia and deuteranopia see them.

#include "core/scene/palette.h"

#include <Eigen/Core>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace tagscape {
namespace {

Eigen::Vector3d linearFrom(const Color8& color) {
  Eigen::Vector3d linear;
  for (int i = 0; i < 3; ++i) {
    const double value = color.at(static_cast<std::size_t>(i)) / 255.0;
    linear[i] = value <= .04045 ? value / 12.92 : std::pow((value + .055) / 1.055, 2.4);
  }
  return linear;
}

/// CIE L*a*b*, white D65.
Eigen::Vector3d labFrom(const Eigen::Vector3d& linear) {
  Eigen::Matrix3d xyz_from_rgb;
  xyz_from_rgb << .4124564, .3575761, .1804375, .2126729, .7151522, .0721750, .0193339, .1191920, .9503041;
  const Eigen::Array3d xyz =
      (xyz_from_rgb * linear.cwiseMax(0).cwiseMin(1)).array() / Eigen::Array3d(.95047, 1, 1.08883);
  const auto f = [](double t) { return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116; };
  return {116 * f(xyz[1]) - 16, 500 * (f(xyz[0]) - f(xyz[1])), 200 * (f(xyz[1]) - f(xyz[2]))};
}

double degrees(double radians) { return radians * 180 / std::numbers::pi; }
double radians(double degrees) { return degrees * std::numbers::pi / 180; }

/// Source: Sharma, Wu & Dalal, The CIEDE2000 color-difference formula, 2005.
double ciede2000(const Eigen::Vector3d& one, const Eigen::Vector3d& two) {
  const auto seventh = [](double c) { return std::sqrt(std::pow(c, 7) / (std::pow(c, 7) + std::pow(25.0, 7))); };
  const double g = .5 * (1 - seventh((std::hypot(one[1], one[2]) + std::hypot(two[1], two[2])) / 2));
  const double a1 = one[1] * (1 + g), a2 = two[1] * (1 + g);
  const double c1 = std::hypot(a1, one[2]), c2 = std::hypot(a2, two[2]);
  const double h1 = std::fmod(degrees(std::atan2(one[2], a1)) + 360, 360);
  const double h2 = std::fmod(degrees(std::atan2(two[2], a2)) + 360, 360);
  double turn = c1 * c2 == 0 ? 0 : h2 - h1;
  if (turn > 180) turn -= 360;
  if (turn < -180) turn += 360;
  const double hue_difference = 2 * std::sqrt(c1 * c2) * std::sin(radians(turn / 2));
  const double lightness = (one[0] + two[0]) / 2, chroma = (c1 + c2) / 2;
  double hue = (h1 + h2) / 2;
  if (c1 * c2 == 0)
    hue = h1 + h2;
  else if (std::abs(h1 - h2) > 180)
    hue += h1 + h2 < 360 ? 180 : -180;
  const double t = 1 - .17 * std::cos(radians(hue - 30)) + .24 * std::cos(radians(2 * hue)) +
                   .32 * std::cos(radians(3 * hue + 6)) - .2 * std::cos(radians(4 * hue - 63));
  const double s_l = 1 + .015 * std::pow(lightness - 50, 2) / std::sqrt(20 + std::pow(lightness - 50, 2));
  const double s_c = 1 + .045 * chroma, s_h = 1 + .015 * chroma * t;
  const double rotation = -2 * seventh(chroma) * std::sin(radians(60 * std::exp(-std::pow((hue - 275) / 25, 2))));
  const double l = (two[0] - one[0]) / s_l, c = (c2 - c1) / s_c, h = hue_difference / s_h;
  return std::sqrt(l * l + c * c + h * h + rotation * c * h);
}

/// What linear RGB becomes without one kind of cones. Source: Machado, Oliveira & Fernandes 2009, severity 1.
Eigen::Matrix3d protanopia() {
  Eigen::Matrix3d seen;
  seen << .152286, 1.052583, -.204868, .114503, .786281, .099216, -.003882, -.048116, 1.051998;
  return seen;
}
Eigen::Matrix3d deuteranopia() {
  Eigen::Matrix3d seen;
  seen << .367322, .860646, -.227968, .280085, .672501, .047413, -.011820, .042940, .968881;
  return seen;
}

Eigen::Matrix3d tritanopia() {
  Eigen::Matrix3d seen;
  seen << 1.255528, -.076749, -.178779, -.078411, .930809, .147602, .004733, .691367, .303900;
  return seen;
}

double smallestDistance(ClassPalette palette) {
  double smallest = std::numeric_limits<double>::infinity();
  const auto colors = classColors(palette);
  for (const Eigen::Matrix3d& seen :
       {Eigen::Matrix3d(Eigen::Matrix3d::Identity()), protanopia(), deuteranopia(), tritanopia()}) {
    for (std::size_t i = 0; i < colors.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        smallest =
            std::min(smallest, ciede2000(labFrom(seen * linearFrom(colors[i])), labFrom(seen * linearFrom(colors[j]))));
      }
    }
  }
  return smallest;
}

TEST(Ciede2000, MatchesPublishedPairs) {
  // Rows 1, 7 and 25 of the data that goes with the paper.
  constexpr double kFourDecimals = 1e-4;  // as the pairs are published
  EXPECT_NEAR(ciede2000({50, 2.6772, -79.7751}, {50, 0, -82.7485}), 2.0425, kFourDecimals);
  EXPECT_NEAR(ciede2000({50, 0, 0}, {50, -1, 2}), 2.3669, kFourDecimals);
  EXPECT_NEAR(ciede2000({60.2574, -34.0099, 36.2677}, {60.4626, -34.1751, 39.4387}), 1.2644, kFourDecimals);
}

TEST(ClassPalette, DistinctColoursStayApartWithEveryKindOfSightThatWasMeasured) {
  const double distinct = smallestDistance(ClassPalette::Distinct), scan_net = smallestDistance(ClassPalette::ScanNet);
  RecordProperty("smallest_distance_distinct", std::to_string(distinct));
  RecordProperty("smallest_distance_scannet", std::to_string(scan_net));
  EXPECT_GT(distinct, 12.4);
  EXPECT_LT(scan_net, 1);
}

TEST(ClassPalette, ScanNetColoursAreThoseOfTheCatalogue) {
  EXPECT_EQ(classColors(ClassPalette::ScanNet)[2], classCatalog()[2].rgb);
}

TEST(HeatMap, GoesThroughItsStopsAndMixesBetween) {
  for (int map = 0; map < kNumHeatMaps; ++map) {
    const auto stops = heatStops(static_cast<HeatMap>(map));
    for (std::size_t i = 0; i < stops.size(); ++i)
      EXPECT_EQ(heatColor(static_cast<HeatMap>(map), static_cast<float>(i) / 9), stops[i]);
  }
  EXPECT_EQ(heatColor(HeatMap::Viridis, .5F), (Color8{35, 144, 140}));  // halfway of the fifth and the sixth
  EXPECT_EQ(heatColor(HeatMap::Turbo, std::numeric_limits<float>::quiet_NaN()), heatStops(HeatMap::Turbo)[0]);
}

TEST(HeatRange, PutsItsEndsAtTheEndsOfTheMap) {
  const HeatRange range{.2F, .6F};
  EXPECT_FLOAT_EQ(range.place(.2F), 0);
  EXPECT_FLOAT_EQ(range.place(.6F), 1);
  EXPECT_FLOAT_EQ(range.place(.4F), .5F);
}

}  // namespace
}  // namespace tagscape

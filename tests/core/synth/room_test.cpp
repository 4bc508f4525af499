#include "core/synth/room.h"

#include "core/scene/class_catalog.h"
#include "core/synth/furniture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bitset>
#include <cmath>

namespace tagscape::synth {
namespace {

std::bitset<kNumClasses> classesOf(const Model& model) {
  std::bitset<kNumClasses> classes;
  for (const auto& face : model.faces) classes.set(face.class_index);
  return classes;
}

/// Twice the area-weighted sum over closed surfaces is zero; six times the volume is positive if faces look outwards.
double signedVolume_m3(const Model& model) {
  double six_volumes = 0;
  for (const auto& face : model.faces) {
    const auto& [a, b, c] = face.corners;
    six_volumes += model.positions_m[a].dot(model.positions_m[b].cross(model.positions_m[c]));
  }
  return six_volumes / 6;
}

TEST(LivingRoom, HoldsTwelveClassesWhateverTheSeed) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_EQ(classesOf(furnishLivingRoom(Random(seed)).model).count(), 12U) << "seed " << seed;
  }
}

TEST(LivingRoom, KeepsItsFurnitureInsideItsWalls) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Room room = furnishLivingRoom(Random(seed));
    constexpr float kWallThickness_m = .1F;
    const Eigen::Vector3f reach = room.size_m / 2 + Eigen::Vector3f::Constant(kWallThickness_m + 1e-4F);
    for (const auto& position : room.model.positions_m) {
      ASSERT_LE(std::abs(position.x()), reach.x()) << "seed " << seed;
      ASSERT_LE(std::abs(position.y()), reach.y()) << "seed " << seed;
      ASSERT_LE(position.z(), room.size_m.z() + 1e-4F) << "seed " << seed;
    }
  }
}

TEST(LivingRoom, DiffersBetweenSeeds) {
  EXPECT_NE(furnishLivingRoom(Random(1)).size_m, furnishLivingRoom(Random(2)).size_m);
}

TEST(Furniture, FitsIntoTheSpaceThatItClaims) {
  Random random(5);
  // Handles and frames may stand out a little; the gap kept between pieces is larger.
  constexpr float kSlack_m = .035F;
  for (const auto build : {buildSofa,
                           buildDiningGroup,
                           buildChair,
                           buildCabinet,
                           buildBookshelf,
                           buildDoor,
                           buildWindow,
                           buildPicture,
                           buildCurtain,
                           buildFloorLamp}) {
    const Piece piece = build(random);
    const auto name = classCatalog()[static_cast<std::size_t>(piece.class_index)].name;
    for (const auto& position : piece.model.positions_m) {
      EXPECT_LE(std::abs(position.x()), piece.size_m.x() / 2 + kSlack_m) << name;
      EXPECT_LE(std::abs(position.y()), piece.size_m.y() / 2 + kSlack_m) << name;
      EXPECT_GE(position.z(), piece.bottom_m - kSlack_m) << name;
      EXPECT_LE(position.z(), piece.bottom_m + piece.size_m.z() + kSlack_m) << name;
    }
  }
}

TEST(ModelBuilder, ClosesItsShapesWithFacesThatLookOutwards) {
  // 20 sides instead of a circle: 1.6 % less than pi r² h.
  EXPECT_NEAR(signedVolume_m3(ModelBuilder(0).cylinder({1, 2, 3}, .5F, .5F, 2).model()), M_PI * .25 * 2, .03);
  EXPECT_NEAR(signedVolume_m3(ModelBuilder(0).box({1, 2, 3}, {1, 2, 3}).model()), 6, 1e-4);
  const auto bend = [](float x) { return x * x; };
  EXPECT_NEAR(signedVolume_m3(ModelBuilder(0).bentPanel({1, 2, 3}, {1, .1F, 2}, 10, bend).model()), .2, 1e-4);
}

TEST(ColorAt, PaintsStripesOfHalfAPeriod) {
  const Material stripes{{1, 0, 0}, {0, 0, 1}, Pattern::StripesAcross, 2, 0};
  constexpr int kFrontSide = 1;
  EXPECT_EQ(colorAt(stripes, {.1F, 0, 0}, kFrontSide).x(), 1);
  EXPECT_EQ(colorAt(stripes, {.3F, 0, 0}, kFrontSide).z(), 1);
  EXPECT_EQ(colorAt(stripes, {-.1F, 0, 0}, kFrontSide).z(), 1);
}

}  // namespace
}  // namespace tagscape::synth

#include "core/scan_labels/class_prior.h"
#include "core/scan_labels/room_prior.h"
#include "core/scene/class_catalog.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace tagscape {
namespace {

constexpr float kSingle = 1e-5F;  // Logarithms of about 10 in float32.

TEST(ClassPrior, NamesClassesOfTheCatalogueOnly) {
  for (const ImagenetClass& row : imagenetTable()) {
    EXPECT_TRUE(classByName(row.class_name)) << row.class_name;
    EXPECT_GE(row.index, 0);
    EXPECT_LT(row.index, kNumImagenetClasses);
  }
}

TEST(ClassPrior, FindsClassesByNameHoweverItIsSpelt) {
  EXPECT_EQ(imagenetClassesOf("shower curtain"), std::vector<int>{794});
  EXPECT_EQ(imagenetClassesOf("Shower_Curtain"), std::vector<int>{794});
  EXPECT_TRUE(imagenetClassesOf("wall").empty());
}

TEST(ClassPrior, AddsUpWhatNamesAClass) {
  std::vector<float> probabilities(kNumImagenetClasses * 2, 0.F);
  probabilities[564 * 2] = .25F;  // a four-poster in the first cell
  probabilities[750 * 2] = .5F;   // and a quilt
  const auto prior = imagenetPrior(probabilities, 2);
  const auto bed = static_cast<std::size_t>(*classByName("bed")), wall = static_cast<std::size_t>(*classByName("wall"));
  EXPECT_NEAR(prior[bed * 2], std::log(.75001F), kSingle);
  EXPECT_NEAR(prior[bed * 2 + 1], std::log(1e-5F), kSingle);
  EXPECT_NEAR(prior[wall * 2], std::log(.002F), kSingle);
  EXPECT_THROW((void)imagenetPrior(probabilities, 3), std::logic_error);
}

/// The class that the prior of a surface prefers among two.
std::string_view preferred(float height_m,
                           const Eigen::Vector3f& normal,
                           std::string_view one,
                           std::string_view other) {
  const std::vector<Eigen::Vector3f> at{{0, 0, height_m}}, normals{normal};
  const ClassValues prior = roomPrior(at, normals, 0);
  return prior(0, *classByName(one)) > prior(0, *classByName(other)) ? one : other;
}

TEST(RoomPrior, KnowsWhereThingsAre) {
  const Eigen::Vector3f up(0, 0, 1), sideways(1, 0, 0);
  EXPECT_EQ(preferred(0, up, "floor", "table"), "floor");
  EXPECT_EQ(preferred(.74F, up, "floor", "table"), "table");
  EXPECT_EQ(preferred(.74F, up, "chair", "table"), "table");
  EXPECT_EQ(preferred(.45F, up, "chair", "table"), "chair");
  EXPECT_EQ(preferred(.9F, up, "table", "counter"), "counter");
  EXPECT_EQ(preferred(2.4F, sideways, "wall", "door"), "wall");
  EXPECT_EQ(preferred(1.5F, sideways, "sofa", "picture"), "picture");
}

TEST(RoomPrior, ChangesLittleWithALittleHeight) {
  std::vector<Eigen::Vector3f> at, normals;
  for (int i = 0; i < 300; ++i) {
    at.emplace_back(0.F, 0.F, -.2F + .01F * static_cast<float>(i));
    normals.emplace_back(0, 0, 1);
  }
  const ClassValues prior = roomPrior(at, normals, 0);
  // Steepest: from a floor's 10 to .3 within 20 cm.
  EXPECT_LT((prior.bottomRows(299) - prior.topRows(299)).abs().maxCoeff(), .3F);
}

TEST(RoomPrior, SaysNothingOfPointsWithoutAPlace) {
  const std::vector<Eigen::Vector3f> at{{0, 0, std::numeric_limits<float>::quiet_NaN()}}, normals{{0, 0, 1}};
  EXPECT_EQ(roomPrior(at, normals, 0).abs().maxCoeff(), 0);
}

/// What the size of one surface says of a class.
float ofSize(float area_m2, const Eigen::Vector3f& normal, std::string_view name) {
  const std::vector<Eigen::Vector3f> normals{normal};
  return sizePrior(std::vector{area_m2}, normals)(0, *classByName(name));
}

TEST(SizePrior, SpeaksAgainstWhatIsTooLarge) {
  const Eigen::Vector3f up(0, 0, 1), sideways(0, -1, 0);
  EXPECT_NEAR(ofSize(.7F, up, "chair"), -std::log(2.F), kSingle) << "twice a seat";
  EXPECT_EQ(ofSize(.7F, up, "table"), 0);
  EXPECT_EQ(ofSize(100, up, "floor"), 0);
  EXPECT_EQ(ofSize(100, up, "chair"), -3) << "it does not outweigh everything else";
  EXPECT_NEAR(ofSize(4.4F, sideways, "door"), -std::log(2.F), kSingle);
  EXPECT_EQ(ofSize(4.4F, sideways, "wall"), 0);
}

TEST(SizePrior, SaysNothingOfPartsAndOfWhatIsNotPlane) {
  EXPECT_EQ(ofSize(.1F, {0, 0, 1}, "chair"), 0);
  EXPECT_EQ(ofSize(9, {0, 0, .3F}, "chair"), 0) << "it bends";
  EXPECT_EQ(ofSize(9, {.707F, 0, .55F}, "chair"), 0) << "it slopes";
  EXPECT_EQ(ofSize(0, {0, 0, 1}, "chair"), 0) << "no triangles, no area";
}

TEST(FloorHeight, IsTheLowestLevelOfMany) {
  constexpr float kBin_m = .02F;  // Of the histogram of heights.
  std::vector<Eigen::Vector3f> at, normals;
  const auto add = [&](int count, float height, float up) {
    for (int i = 0; i < count; ++i) {
      at.emplace_back(.01F * static_cast<float>(i), 0.F, height + .005F * static_cast<float>(i % 3 - 1));
      normals.emplace_back(0, std::sqrt(1 - up * up), up);
    }
  };
  add(400, -1.5F, 1);  // the floor
  add(300, -.75F, 1);  // a table
  add(20, -1.9F, 1);   // stray points below
  add(900, .3F, 0);    // a wall
  add(500, 1.1F, -1);  // the ceiling
  EXPECT_NEAR(floorHeightOf(at, normals), -1.5F, kBin_m);
}

TEST(FloorHeight, TakesCloudsWithoutALevelSurface) {
  const std::vector<Eigen::Vector3f> at{{0, 0, 2}, {0, 0, 1}}, normals{{1, 0, 0}, {1, 0, 0}};
  EXPECT_EQ(floorHeightOf(at, normals), 1);
  EXPECT_EQ(floorHeightOf({}, {}), 0);
}

}  // namespace
}  // namespace tagscape

#include "core/synth/room.h"

#include "core/scene/class_catalog.h"
#include "core/synth/categories.h"
#include "core/synth/furniture.h"
#include "core/synth/paint.h"
#include "core/synth/placement.h"
#include "tests/support/tolerances.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bitset>
#include <cmath>
#include <set>

namespace tagscape::synth {
namespace {

using testing::kFloatNetworkRounding;

using Eigen::Vector3f;

constexpr std::array kBuilders{buildSofa,
                               buildChair,
                               buildTable,
                               buildDiningGroup,
                               buildDesk,
                               buildDeskWithChair,
                               buildBed,
                               buildCabinet,
                               buildWardrobe,
                               buildKitchenCabinet,
                               buildBookshelf,
                               buildRefrigerator,
                               buildCounter,
                               buildToilet,
                               buildSink,
                               buildBathtub,
                               buildBathtubWithCurtain,
                               buildShowerCurtain,
                               buildDoor,
                               buildWindow,
                               buildWindowWithCurtains,
                               buildPicture,
                               buildCurtain,
                               buildFloorLamp,
                               buildBin};

std::bitset<kNumClasses> classesOf(const Model& model) {
  std::bitset<kNumClasses> classes;
  for (const auto& face : model.faces) classes.set(static_cast<std::size_t>(model.classOf(face)));
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

TEST(FurnishRoom, KeepsItsFurnitureInsideItsWalls) {
  for (const auto kind : kRoomKinds) {
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
      const Room room = furnishRoom(kind, Random(seed));
      constexpr float kWallThickness_m = .1F;
      const Vector3f reach = room.size_m / 2 + Vector3f::Constant(kWallThickness_m + 1e-4F);
      for (const auto& position : room.model.positions_m) {
        ASSERT_LE(std::abs(position.x()), reach.x()) << nameOf(kind) << " seed " << seed;
        ASSERT_LE(std::abs(position.y()), reach.y()) << nameOf(kind) << " seed " << seed;
        ASSERT_LE(position.z(), room.size_m.z() + 1e-4F) << nameOf(kind) << " seed " << seed;
      }
    }
  }
}

TEST(FurnishRoom, HasWhatMakesTheKindInEveryRoomOfIt) {
  const std::pair<RoomKind, std::string_view> needed[] = {{RoomKind::Bedroom, "bed"},
                                                          {RoomKind::LivingRoom, "sofa"},
                                                          {RoomKind::Office, "desk"},
                                                          {RoomKind::Office, "chair"},
                                                          {RoomKind::Kitchen, "counter"}};
  for (const auto& [kind, name] : needed) {
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
      const auto classes = classesOf(furnishRoom(kind, Random(seed)).model);
      EXPECT_TRUE(classes[static_cast<std::size_t>(classOf(name))]) << nameOf(kind) << " seed " << seed << " " << name;
    }
  }
}

TEST(FurnishRoom, MakesEveryClassInSomeKindAndNoneInAllBesidesWallAndFloor) {
  std::bitset<kNumClasses> some;
  std::bitset<kNumClasses> all;
  all.set();
  for (const auto kind : kRoomKinds) {
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
      const auto classes = classesOf(furnishRoom(kind, Random(seed)).model);
      some |= classes;
      all &= classes;
    }
  }
  EXPECT_TRUE(some.all()) << some;
  EXPECT_EQ(all.count(), 2U) << all;
}

TEST(FurnishRoom, DiffersBetweenSeeds) {
  EXPECT_NE(furnishRoom(RoomKind::Office, Random(1)).size_m, furnishRoom(RoomKind::Office, Random(2)).size_m);
}

TEST(RoomKindAt, GivesEveryKindItsShare) {
  std::array<int, kRoomKinds.size()> counts{};
  for (int i = 0; i < 1000; ++i) ++counts.at(static_cast<std::size_t>(roomKindAt(i / 1000.0)));
  EXPECT_EQ(counts, (std::array<int, 5>{220, 220, 180, 190, 190}));
}

TEST(FloorPlan, LetsNothingOverlap) {
  Random random(9);
  FloorPlan plan({4, 4, 2.5F});
  int num_placed = 0;
  for (int round = 0; round < 4; ++round) {
    for (const auto build : {buildSofa, buildCabinet, buildPicture, buildDoor})
      num_placed += plan.place(build(random), Place::AtWall, random) ? 1 : 0;
    num_placed += plan.place(buildTable(random), Place::Free, random) ? 1 : 0;
  }
  const auto& boxes = plan.taken();
  ASSERT_EQ(boxes.size(), static_cast<std::size_t>(num_placed));
  ASSERT_GT(num_placed, 6);
  EXPECT_LT(num_placed, 20) << "a full room must refuse something";
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) EXPECT_FALSE(boxes[i].intersects(boxes[k])) << i << " " << k;
  }
}

TEST(FloorPlan, RefusesWhatIsTooWideForEveryWall) {
  Random random(9);
  FloorPlan plan({1.2F, 1.2F, 2.5F});
  EXPECT_FALSE(plan.place(buildSofa(random), Place::AtWall, random));
}

TEST(Furniture, FitsIntoTheSpaceThatItClaims) {
  // Handles and frames may stand out a little; the gap kept between pieces is larger.
  constexpr float kSlack_m = .05F;
  for (std::size_t i = 0; i < kBuilders.size(); ++i) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      Random random(seed);
      const Piece piece = kBuilders.at(i)(random);
      const auto& name = piece.model.objects.front().category;
      for (const auto& position : piece.model.positions_m) {
        ASSERT_LE(std::abs(position.x()), piece.size_m.x() / 2 + kSlack_m) << name << " seed " << seed;
        ASSERT_LE(std::abs(position.y()), piece.size_m.y() / 2 + kSlack_m) << name << " seed " << seed;
        ASSERT_GE(position.z(), piece.bottom_m - kSlack_m) << name << " seed " << seed;
        ASSERT_LE(position.z(), piece.bottom_m + piece.size_m.z() + kSlack_m) << name << " seed " << seed;
      }
    }
  }
}

TEST(Furniture, VariesInShape) {
  for (const auto build : kBuilders) {
    std::set<double> volumes;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
      Random random(seed);
      volumes.insert(signedVolume_m3(build(random).model));
    }
    Random random(0);
    EXPECT_EQ(volumes.size(), 8U) << build(random).model.objects.front().category;
  }
}

TEST(Furniture, IsOfCategoriesThatTheLabelTableTranslatesToItsClass) {
  const auto table = labelTable();
  for (const auto build : kBuilders) {
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
      Random random(seed);
      for (const auto& object : build(random).model.objects) {
        const auto row = std::ranges::find(table, rawIdOf(object), &LabelTableRow::id);
        ASSERT_NE(row, table.end());
        EXPECT_EQ(row->raw_category, object.category);
        EXPECT_EQ(row->nyu40_id, classCatalog()[object.class_index].nyu40_id) << object.category;
      }
    }
  }
}

TEST(TellingPaint, DiffersBetweenAllClassesInHueOrPattern) {
  const std::array<std::string_view, 15> names{"chair",
                                               "otherfurniture",
                                               "sofa",
                                               "counter",
                                               "door",
                                               "bathtub",
                                               "table",
                                               "window",
                                               "bed",
                                               "refrigerator",
                                               "curtain",
                                               "desk",
                                               "shower curtain",
                                               "toilet",
                                               "sink"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      for (std::uint64_t seed = 0; seed < 10; ++seed) {
        Random one(seed);
        Random other(seed + 100);
        const Material a = distinctivePaint(names.at(i), one);
        const Material b = distinctivePaint(names.at(k), other);
        const bool same_color = (a.color - b.color).cwiseAbs().maxCoeff() < .08F;
        EXPECT_FALSE(same_color && a.pattern == b.pattern) << names.at(i) << " and " << names.at(k);
      }
    }
  }
}

TEST(ModelBuilder, ClosesItsShapesWithFacesThatLookOutwards) {
  constexpr double kTwentySides = .0165;  // a polygon instead of a circle has 1.6 % less than pi r²
  EXPECT_NEAR(signedVolume_m3(ModelBuilder(0).cylinder({1, 2, 3}, .5F, .5F, 2).model()),
              M_PI * .25 * 2,
              kTwentySides * M_PI * .25 * 2 + kFloatNetworkRounding);
  EXPECT_NEAR(signedVolume_m3(ModelBuilder(0).cylinder({1, 2, 3}, .5F, .5F, 2, 2).model()),
              M_PI * .5 * 2,
              kTwentySides * M_PI * .5 * 2 + kFloatNetworkRounding);
  EXPECT_NEAR(signedVolume_m3(ModelBuilder(0).box({1, 2, 3}, {1, 2, 3}).model()), 6, kFloatNetworkRounding);
  const auto bend = [](float x) { return x * x; };
  EXPECT_NEAR(
      signedVolume_m3(ModelBuilder(0).bentPanel({1, 2, 3}, {1, .1F, 2}, 10, bend).model()), .2, kFloatNetworkRounding);
  // Six sides: 2.598 r² instead of pi r².
  const std::vector<Vector3f> line{{0, 0, 0}, {0, 0, 2}};
  EXPECT_NEAR(signedVolume_m3(ModelBuilder(0).tube(line, .1F).model()), 2.598 * .01 * 2, kFloatNetworkRounding);
  // The bulge is a product of parabolas: 4/9 of its height on the mean, less what the facets cut off.
  constexpr double kFacets_m3 = .01;
  EXPECT_NEAR(
      signedVolume_m3(ModelBuilder(0).cushion({1, 2, 3}, {1, 1, .5F}, .3F).model()), .5 + .3 * 4 / 9, kFacets_m3);
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

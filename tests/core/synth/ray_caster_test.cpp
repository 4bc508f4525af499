#include "core/synth/ray_caster.h"

#include "core/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace tagscape::synth {
namespace {

using Eigen::Vector3f;

/// Of distances of a few metres in 32-bit arithmetic.
constexpr float kDistanceTolerance_m = 1e-4F;

Model manyBoxes(int count, Random& random) {
  ModelBuilder builder(0);
  for (int i = 0; i < count; ++i) {
    const auto draw = [&](double low, double high) { return static_cast<float>(random.uniform(low, high)); };
    const Vector3f center(draw(-2, 2), draw(-2, 2), draw(-2, 2));
    builder.box(center, {draw(.2, 1), draw(.2, 1), draw(.2, 1)}, draw(.4, 1));
  }
  return builder.model();
}

TEST(RayCaster, MeetsTheNearSideOfABoxAtItsDistance) {
  const Model model = ModelBuilder(0).box({3, 0, 0}, {2, 2, 2}).model();
  const auto hit = RayCaster(model).firstHit({0, .3F, .2F}, {1, 0, 0});
  ASSERT_TRUE(hit);
  EXPECT_NEAR(hit->distance, 2, kDistanceTolerance_m);
}

TEST(RayCaster, GivesDistancesInLengthsOfTheDirection) {
  const Model model = ModelBuilder(0).box({3, 0, 0}, {2, 2, 2}).model();
  const auto hit = RayCaster(model).firstHit({0, .3F, .2F}, {.5F, 0, 0});
  ASSERT_TRUE(hit);
  EXPECT_NEAR(hit->distance, 4, kDistanceTolerance_m);
}

TEST(RayCaster, SeesNothingBehindOrBesideTheRay) {
  const Model model = ModelBuilder(0).box({3, 0, 0}, {2, 2, 2}).model();
  const RayCaster caster(model);
  EXPECT_FALSE(caster.firstHit({0, 0, 0}, {-1, 0, 0}));
  EXPECT_FALSE(caster.firstHit({0, 1.01F, 0}, {1, 0, 0}));
}

TEST(RayCaster, SeesNothingInAnEmptyModel) {
  const Model model;
  EXPECT_FALSE(RayCaster(model).firstHit({0, 0, 0}, {1, 0, 0}));
}

TEST(RayCaster, AgreesWithAskingEveryTriangleAlone) {
  Random random(7);
  const Model model = manyBoxes(40, random);
  const RayCaster caster(model);
  std::vector<Model> singles(model.faces.size(), model);
  for (std::size_t i = 0; i < singles.size(); ++i) singles[i].faces = {model.faces[i]};
  int num_hits = 0;
  for (int i = 0; i < 100; ++i) {
    const Vector3f ray = Vector3f::NullaryExpr([&] { return static_cast<float>(random.normal()); });
    float nearest = INFINITY;
    for (const auto& single : singles) {
      if (const auto hit = RayCaster(single).firstHit({0, 0, 0}, ray)) nearest = std::min(nearest, hit->distance);
    }
    const auto hit = caster.firstHit({0, 0, 0}, ray);
    EXPECT_EQ(hit ? hit->distance : INFINITY, nearest);
    num_hits += hit ? 1 : 0;
  }
  EXPECT_GT(num_hits, 20) << "too few rays met anything to say much";
}

TEST(RayCaster, FindsNoGapInAClosedShape) {
  const Model model = ModelBuilder(0).cylinder({0, 0, -1}, 1, .5F, 2).model();
  const RayCaster caster(model);
  Random random(3);
  for (int i = 0; i < 20'000; ++i) {
    const Vector3f ray = Vector3f::NullaryExpr([&] { return static_cast<float>(random.normal()); });
    ASSERT_TRUE(caster.firstHit({0, 0, 0}, ray)) << ray.transpose();
  }
}

}  // namespace
}  // namespace tagscape::synth

#include "core/pseudo_labels/lda_labels.h"

#include "core/base/random.h"
#include "tests/support/tolerances.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tagscape {
namespace {

constexpr int kWall = 0, kDoor = 7;
constexpr Eigen::Index kNumSuperpoints = 6;

/// A scene of walls and one door: the network predicts wall for all of them, for the door with less confidence; its
/// features differ. One frame is tagged with both and shows the door, another with the wall alone; the last superpoint
/// is in no frame.
SuperpointSet room(Random& random, Eigen::Index door) {
  SuperpointSet scene;
  scene.features.resize(kNumSuperpoints, 3);
  for (Eigen::Index s = 0; s < kNumSuperpoints; ++s) {
    const double look = s == door ? 3 : -1;
    for (Eigen::Index d = 0; d < 3; ++d) scene.features(s, d) = look + random.uniform(-.5, .5);
  }
  scene.frame_logits = ClassRows::Constant(kNumSuperpoints, kNumClasses, -12);
  scene.frame_logits.col(kWall).setConstant(0);
  scene.frame_logits.col(kDoor).setConstant(-6);
  scene.frame_logits(door, kDoor) = -1.5;  // still a wall by 4 to 1
  scene.tag_logits = ClassRows::Constant(kNumSuperpoints, kNumClasses, -6);
  scene.tag_logits.col(kWall).setZero();
  scene.tag_logits.col(kDoor).setZero();
  scene.tag_logits(0, kDoor) = -12;  // of two frames without a door
  scene.sizes = Eigen::VectorXd::Constant(kNumSuperpoints, 50);
  scene.sizes[kNumSuperpoints - 1] = 0;
  FrameSuperpoints shows_door{{}, {}, {}}, shows_wall{{}, {}, {}};
  shows_door.tags.set(kWall);
  shows_door.tags.set(kDoor);
  shows_wall.tags.set(kWall);
  for (Eigen::Index s = 0; s < kNumSuperpoints - 1; ++s) {
    // Superpoint 0 is a wall that the second frame shows alone.
    FrameSuperpoints& frame = s == 0 ? shows_wall : shows_door;
    frame.superpoints.push_back(static_cast<std::uint32_t>(s));
  }
  shows_door.area_fractions.assign(shows_door.superpoints.size(),
                                   1. / static_cast<double>(shows_door.superpoints.size()));
  shows_wall.area_fractions = {1};
  scene.frames = {shows_door, shows_wall};
  return scene;
}

/// With two classes and one look that tells them apart, all depends on how the start is believed.
LdaOptions littlePrior() {
  LdaOptions options;
  options.prior = .5;
  return options;
}

TEST(LdaLabels, FindTheClassThatTheNetworkHidBehindAFrequentOne) {
  Random random(5);
  std::vector<SuperpointSet> scenes;
  std::vector<Eigen::Index> doors;
  for (int i = 0; i < 12; ++i) {
    doors.push_back(1 + i % (kNumSuperpoints - 2));
    scenes.push_back(room(random, doors.back()));
  }
  for (const SuperpointSet& scene : scenes) {
    // No single scene tells: within it the door is a wall, and raised until the tag is met it still is.
    const ClassRows alone = enforceMinTagArea(scene.frame_logits, scene.frames, littlePrior().fusion.min_tag_area);
    ASSERT_TRUE((alone.col(kWall).array() > alone.col(kDoor).array()).all());
  }
  const std::vector<ClassRows> probabilities = ldaLabels(scenes, littlePrior());
  ASSERT_EQ(probabilities.size(), scenes.size());
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    for (Eigen::Index s = 0; s + 1 < kNumSuperpoints; ++s) {
      Eigen::Index label = 0;
      probabilities[i].row(s).maxCoeff(&label);
      EXPECT_EQ(label, s == doors[i] ? kDoor : kWall) << "scene " << i << ", superpoint " << s;
      EXPECT_NEAR(probabilities[i].row(s).sum(), 1, testing::kDoubleSumRounding);
    }
    EXPECT_TRUE(probabilities[i].row(kNumSuperpoints - 1).isZero()) << "no frame shows it";
  }
}

TEST(LdaLabels, KeepWhatFramesAreNotTaggedWithUnlikely) {
  Random random(6);
  std::vector<SuperpointSet> scenes;
  for (int i = 0; i < 12; ++i) scenes.push_back(room(random, 2));
  // A wall with the features of a door, in frames that are not tagged with doors.
  scenes[0].features.row(0) = scenes[0].features.row(2);
  const ClassRows probabilities = ldaLabels(scenes, littlePrior())[0];
  EXPECT_GT(probabilities(0, kWall), .5);
  EXPECT_GT(probabilities(2, kDoor), .5);
}

TEST(LdaLabels, ManageScenesWithoutFramesAndLooksWithoutDifference) {
  EXPECT_TRUE(ldaLabels({}, {}).empty());
  Random random(7);
  SuperpointSet alone = room(random, 1);
  alone.features.setConstant(2);
  SuperpointSet unseen = room(random, 1);
  unseen.frames.clear();
  unseen.sizes.setZero();
  const auto probabilities = ldaLabels({alone, unseen}, {});
  EXPECT_TRUE(probabilities[0].allFinite());
  EXPECT_TRUE(probabilities[1].isZero());
}

}  // namespace
}  // namespace tagscape

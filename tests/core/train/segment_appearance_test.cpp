#include "core/train/segment_appearance.h"

#include "core/base/random.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tagscape {
namespace {

constexpr int kWall = 0, kDoor = 7;
constexpr Eigen::Index kNumSegments = 6;

/// A scene of walls and one door: the network calls all of them wall, the door with less certainty; it looks different.
/// One frame is tagged with both and shows the door, another with the wall alone; the last segment is seen by nobody.
SceneSegments room(Random& random, Eigen::Index door) {
  SceneSegments scene;
  scene.looks.resize(kNumSegments, 3);
  for (Eigen::Index s = 0; s < kNumSegments; ++s) {
    const double look = s == door ? 3 : -1;
    for (Eigen::Index d = 0; d < 3; ++d) scene.looks(s, d) = look + random.uniform(-.5, .5);
  }
  scene.said = ClassRows::Constant(kNumSegments, kNumClasses, -12);
  scene.said.col(kWall).setConstant(0);
  scene.said.col(kDoor).setConstant(-6);
  scene.said(door, kDoor) = -1.5;  // still a wall by 4 to 1
  scene.tagged = ClassRows::Constant(kNumSegments, kNumClasses, -6);
  scene.tagged.col(kWall).setZero();
  scene.tagged.col(kDoor).setZero();
  scene.tagged(0, kDoor) = -12;  // of two frames without a door
  scene.sizes = Eigen::VectorXd::Constant(kNumSegments, 50);
  scene.sizes[kNumSegments - 1] = 0;
  SegmentSight shows_door{{}, {}, {}}, shows_wall{{}, {}, {}};
  shows_door.tags.set(kWall);
  shows_door.tags.set(kDoor);
  shows_wall.tags.set(kWall);
  for (Eigen::Index s = 0; s < kNumSegments - 1; ++s) {
    // Segment 0 is a wall that the second frame shows alone.
    SegmentSight& frame = s == 0 ? shows_wall : shows_door;
    frame.segments.push_back(static_cast<std::uint32_t>(s));
  }
  shows_door.parts.assign(shows_door.segments.size(), 1. / static_cast<double>(shows_door.segments.size()));
  shows_wall.parts = {1};
  scene.frames = {shows_door, shows_wall};
  return scene;
}

/// With two classes and one look that tells them apart, all depends on how the start is believed.
AppearanceOptions littlePrior() {
  AppearanceOptions options;
  options.prior = .5;
  return options;
}

TEST(LabelsByAppearance, FindTheClassThatTheNetworkHidBehindAFrequentOne) {
  Random random(5);
  std::vector<SceneSegments> scenes;
  std::vector<Eigen::Index> doors;
  for (int i = 0; i < 12; ++i) {
    doors.push_back(1 + i % (kNumSegments - 2));
    scenes.push_back(room(random, doors.back()));
  }
  for (const SceneSegments& scene : scenes) {
    // No single scene tells: within it the door is a wall, and raised until the tag is met it still is.
    const ClassRows alone = withLeastShares(scene.said, scene.frames, littlePrior().belief.least_share);
    ASSERT_TRUE((alone.col(kWall).array() > alone.col(kDoor).array()).all());
  }
  const std::vector<ClassRows> shares = labelsByAppearance(scenes, littlePrior());
  ASSERT_EQ(shares.size(), scenes.size());
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    for (Eigen::Index s = 0; s + 1 < kNumSegments; ++s) {
      Eigen::Index label = 0;
      shares[i].row(s).maxCoeff(&label);
      EXPECT_EQ(label, s == doors[i] ? kDoor : kWall) << "scene " << i << ", segment " << s;
      EXPECT_NEAR(shares[i].row(s).sum(), 1, 1e-9);
    }
    EXPECT_TRUE(shares[i].row(kNumSegments - 1).isZero()) << "nobody sees it";
  }
}

TEST(LabelsByAppearance, KeepWhatFramesAreNotTaggedWithUnlikely) {
  Random random(6);
  std::vector<SceneSegments> scenes;
  for (int i = 0; i < 12; ++i) scenes.push_back(room(random, 2));
  // A wall that looks like a door, in frames that are not tagged with doors.
  scenes[0].looks.row(0) = scenes[0].looks.row(2);
  const ClassRows shares = labelsByAppearance(scenes, littlePrior())[0];
  EXPECT_GT(shares(0, kWall), .5);
  EXPECT_GT(shares(2, kDoor), .5);
}

TEST(LabelsByAppearance, ManageScenesWithoutFramesAndLooksWithoutDifference) {
  EXPECT_TRUE(labelsByAppearance({}, {}).empty());
  Random random(7);
  SceneSegments alone = room(random, 1);
  alone.looks.setConstant(2);
  SceneSegments unseen = room(random, 1);
  unseen.frames.clear();
  unseen.sizes.setZero();
  const auto shares = labelsByAppearance({alone, unseen}, {});
  EXPECT_TRUE(shares[0].allFinite());
  EXPECT_TRUE(shares[1].isZero());
}

}  // namespace
}  // namespace tagscape

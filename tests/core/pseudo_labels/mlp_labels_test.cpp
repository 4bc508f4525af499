#include "core/pseudo_labels/mlp_labels.h"

#include "core/base/random.h"
#include "core/pseudo_labels/lda_labels.h"
#include "tests/support/tolerances.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace tagscape {
namespace {

constexpr int kChair = 4, kDesk = 12;
constexpr Eigen::Index kNumSuperpoints = 24;

/// Scenes whose frames show all superpoints and are tagged with two classes.
struct World {
  std::vector<SuperpointSet> scenes;
  std::vector<std::vector<int>> truth;
  std::vector<ClassRows> start;

  SuperpointSet& add() {
    SuperpointSet& scene = scenes.emplace_back();
    scene.features = Eigen::MatrixXd::Zero(kNumSuperpoints, 2);
    scene.tag_logits = ClassRows::Constant(kNumSuperpoints, kNumClasses, -8);
    scene.tag_logits.col(kChair).setZero();
    scene.tag_logits.col(kDesk).setZero();
    scene.frame_logits = scene.tag_logits;
    scene.sizes = Eigen::VectorXd::Constant(kNumSuperpoints, 40);
    scene.adjacency = SuperpointAdjacency(kNumSuperpoints, kNumSuperpoints);
    FrameSuperpoints frame;
    frame.tags.set(kChair);
    frame.tags.set(kDesk);
    for (Eigen::Index s = 0; s < kNumSuperpoints; ++s) {
      frame.superpoints.push_back(static_cast<std::uint32_t>(s));
      frame.area_fractions.push_back(1. / kNumSuperpoints);
    }
    scene.frames = {frame};
    truth.emplace_back(static_cast<std::size_t>(kNumSuperpoints), kChair);
    start.push_back(ClassRows::Zero(kNumSuperpoints, kNumClasses));
    return scene;
  }
  /// What is believed of a superpoint of the newest scene before anything is learnt.
  void believe(Eigen::Index superpoint, int truly, double share_of_chair) {
    truth.back()[static_cast<std::size_t>(superpoint)] = truly;
    start.back()(superpoint, kChair) = share_of_chair;
    start.back()(superpoint, kDesk) = 1 - share_of_chair;
    scenes.back().frame_logits(superpoint, kChair) = std::log(share_of_chair);
    scenes.back().frame_logits(superpoint, kDesk) = std::log(1 - share_of_chair);
  }
  [[nodiscard]] double accuracy(const std::vector<ClassRows>& probabilities, Eigen::Index every = 1) const {
    double right = 0, all = 0;
    for (std::size_t i = 0; i < scenes.size(); ++i) {
      for (Eigen::Index s = 0; s < kNumSuperpoints; s += every) {
        Eigen::Index label = 0;
        probabilities[i].row(s).maxCoeff(&label);
        right += label == truth[i][static_cast<std::size_t>(s)] ? 1 : 0;
        ++all;
      }
    }
    return right / all;
  }
};

/// Enough for what is to be learnt here.
MlpOptions brief() {
  MlpOptions options;
  options.num_rounds = 3;
  options.num_steps = 150;
  options.batch_size = 128;
  return options;
}

/// A desk has features (+, +) or (-, -), a chair (+, -) or (-, +): no line divides them. Three quarters are believed
/// to be what they are.
World ofCorners(Random& random, int num_scenes) {
  World world;
  for (int i = 0; i < num_scenes; ++i) {
    SuperpointSet& scene = world.add();
    for (Eigen::Index s = 0; s < kNumSuperpoints; ++s) {
      const double a = random.uniform(0, 1) < .5 ? -1 : 1, b = random.uniform(0, 1) < .5 ? -1 : 1;
      scene.features.row(s) << a + random.uniform(-.4, .4), b + random.uniform(-.4, .4);
      const int truly = a * b > 0 ? kDesk : kChair;
      const bool is_believed = random.uniform(0, 1) < .75;
      world.believe(s, truly, (truly == kChair) == is_believed ? .8 : .2);
    }
  }
  return world;
}

TEST(MlpLabels, TellApartWhatNoLineDivides) {
  Random random(3);
  const World world = ofCorners(random, 30);
  EXPECT_LT(world.accuracy(world.start), .8);
  LdaOptions linear;
  EXPECT_LT(world.accuracy(ldaLabels(world.scenes, linear)), .8);
  EXPECT_GT(world.accuracy(mlpLabels(world.scenes, world.start, brief())), .97);
}

TEST(MlpLabels, KnowWhatIsNear) {
  // Every second superpoint has no features, is believed to be anything, and is what its neighbour is.
  Random random(4);
  World world;
  for (int i = 0; i < 30; ++i) {
    SuperpointSet& scene = world.add();
    std::vector<Eigen::Triplet<double>> entries;
    for (int s = 0; s < kNumSuperpoints; s += 2) {
      const int truly = random.uniform(0, 1) < .5 ? kDesk : kChair;
      scene.features.row(s + 1).setConstant(truly == kDesk ? 1 : -1);
      world.believe(s, truly, (random.uniform(0, 1) < .65) == (truly == kChair) ? .6 : .4);
      world.believe(s + 1, truly, truly == kChair ? .9 : .1);
      entries.emplace_back(s, s + 1, 1);
      entries.emplace_back(s + 1, s, 1);
    }
    scene.adjacency.setFromTriplets(entries.begin(), entries.end());
  }
  EXPECT_GT(world.accuracy(mlpLabels(world.scenes, world.start, brief()), 2), .97);
  for (SuperpointSet& scene : world.scenes) scene.adjacency.setZero();
  EXPECT_LT(world.accuracy(mlpLabels(world.scenes, world.start, brief()), 2), .85);
}

TEST(MlpLabels, AreTheSameForTheSameSeed) {
  Random random(5);
  const World world = ofCorners(random, 4);
  MlpOptions options = brief();
  const auto once = mlpLabels(world.scenes, world.start, options);
  const auto again = mlpLabels(world.scenes, world.start, options);
  options.seed = 2;
  const auto other = mlpLabels(world.scenes, world.start, options);
  for (std::size_t i = 0; i < once.size(); ++i) EXPECT_EQ(once[i], again[i]);
  EXPECT_NE(once[0], other[0]);
}

TEST(MlpLabels, GiveNothingToWhatNobodySees) {
  Random random(6);
  World world = ofCorners(random, 2);
  world.scenes[0].sizes[3] = 0;
  const auto probabilities = mlpLabels(world.scenes, world.start, brief());
  EXPECT_TRUE(probabilities[0].row(3).isZero());
  EXPECT_NEAR(probabilities[0].row(2).sum(), 1, testing::kDoubleSumRounding);
  world.scenes.resize(1);
  world.scenes[0].sizes.setZero();
  EXPECT_TRUE(mlpLabels(world.scenes, {ClassRows::Constant(kNumSuperpoints, kNumClasses, 1. / kNumClasses)}, brief())[0]
                  .isZero());
  EXPECT_TRUE(mlpLabels({}, {}, {}).empty());
  world.scenes[0].adjacency.resize(1, 1);
  EXPECT_THROW(static_cast<void>(mlpLabels(world.scenes, {world.start[0]}, brief())), std::logic_error);
}

}  // namespace
}  // namespace tagscape

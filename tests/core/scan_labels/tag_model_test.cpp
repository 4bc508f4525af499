#include "core/scan_labels/tag_model.h"

#include "core/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>

namespace tagscape {
namespace {

constexpr float kSingle = 1e-5F;  // sums of single precision in another order
constexpr std::size_t kWorldClasses = 5;

/// A world of superpoints with known classes, seen by frames that show some of them each, tagged without a mistake with
/// the classes that cover a twentieth of the frame or more.
struct World {
  std::vector<std::size_t> truth;
  std::vector<TaggedFrame> frames;
  TagSet classes;
};

World inventedWorld(std::uint64_t seed, std::size_t num_frames = 60) {
  constexpr std::size_t kSuperpoints = 40, kShown = 8;
  Random random(seed);
  World world;
  for (std::size_t s = 0; s < kSuperpoints; ++s) world.truth.push_back(random.below(kWorldClasses));
  for (std::size_t k = 0; k < num_frames; ++k) {
    std::vector<std::uint32_t> all(kSuperpoints);
    std::iota(all.begin(), all.end(), 0U);
    random.shuffle(all);
    TaggedFrame frame;
    float sum = 0;
    for (std::size_t i = 0; i < kShown; ++i) {
      const auto share = static_cast<float>(random.uniform(.5, 2));
      frame.shown.push_back({all[i], share});
      sum += share;
    }
    frame.tags = TagSet();
    for (auto& [superpoint, share, weight] : frame.shown) {
      share /= sum;
      frame.tags->set(world.truth[superpoint]);
      world.classes.set(world.truth[superpoint]);
    }
    world.frames.push_back(std::move(frame));
  }
  return world;
}

ClassValues noEvidence(const World& world) {
  return ClassValues::Zero(static_cast<Eigen::Index>(world.truth.size()), kNumClasses);
}

std::size_t labelOf(const TagSolution& solution, std::size_t superpoint) {
  Eigen::Index label = 0;
  solution.posterior.row(static_cast<Eigen::Index>(superpoint)).maxCoeff(&label);
  return static_cast<std::size_t>(label);
}

std::size_t numRight(const TagSolution& solution, const World& world) {
  std::size_t count = 0;
  for (std::size_t s = 0; s < world.truth.size(); ++s) count += labelOf(solution, s) == world.truth[s] ? 1 : 0;
  return count;
}

TEST(TagModel, FindsClassesFromTagsAlone) {
  const World world = inventedWorld(1, 150);
  const TagSolution solution = solveTags(noEvidence(world), world.frames, world.classes);
  EXPECT_GE(numRight(solution, world), world.truth.size() * 9 / 10);
}

TEST(TagModel, SurvivesForgottenAndFalseTags) {
  World world = inventedWorld(2, 100);
  Random random(3);
  for (TaggedFrame& frame : world.frames) {
    for (std::size_t c = 0; c < kWorldClasses; ++c) {
      if (random.uniform() < ((*frame.tags)[c] ? .1 : .02)) frame.tags->flip(c);
    }
  }
  const TagSolution solution = solveTags(noEvidence(world), world.frames, world.classes);
  EXPECT_GE(numRight(solution, world), world.truth.size() * 9 / 10);
}

TEST(TagModel, GivesProbabilitiesAndSharesOfFrames) {
  const World world = inventedWorld(4);
  const TagSolution solution = solveTags(noEvidence(world), world.frames, world.classes);
  for (Eigen::Index s = 0; s < solution.posterior.rows(); ++s) {
    EXPECT_NEAR(solution.posterior.row(s).sum(), 1, kSingle);
    EXPECT_GE(solution.posterior.row(s).minCoeff(), 0);
  }
  for (Eigen::Index k = 0; k < solution.frame_areas.rows(); ++k)
    EXPECT_NEAR(solution.frame_areas.row(k).sum(), 1, kSingle);
}

TEST(TagModel, LeavesOutClassesThatTheSceneLacks) {
  const World world = inventedWorld(5);
  TagSet classes = world.classes;
  classes.reset(2);
  const TagSolution solution = solveTags(noEvidence(world), world.frames, classes);
  EXPECT_EQ(solution.posterior.col(2).maxCoeff(), 0);
  EXPECT_EQ(solution.posterior.col(kNumClasses - 1).maxCoeff(), 0);
}

TEST(TagModel, BelievesEvidenceWhereNoFrameIsTagged) {
  World world = inventedWorld(6);
  for (TaggedFrame& frame : world.frames) frame.tags.reset();
  ClassValues evidence = noEvidence(world);
  evidence(7, 3) = 2;
  const TagSolution solution = solveTags(evidence, world.frames, world.classes);
  EXPECT_EQ(labelOf(solution, 7), 3U);
  EXPECT_NEAR(solution.posterior(8, 0), 1.F / static_cast<float>(world.classes.count()), kSingle);
}

TEST(TagModel, DoesNotDependOnTheOrderOfFramesAndSuperpoints) {
  const World world = inventedWorld(7, 20);
  const TagSolution solution = solveTags(noEvidence(world), world.frames, world.classes);
  World turned = world;
  std::reverse(turned.frames.begin(), turned.frames.end());
  const auto last = static_cast<std::uint32_t>(world.truth.size() - 1);
  for (TaggedFrame& frame : turned.frames) {
    for (auto& shown : frame.shown) shown.superpoint = last - shown.superpoint;
  }
  const TagSolution other = solveTags(noEvidence(world), turned.frames, world.classes);
  // Thirty rounds of sums in another order.
  EXPECT_TRUE(solution.posterior.isApprox(other.posterior.colwise().reverse(), 1e-3F));
}

/// One superpoint with a frame to itself that has the tag in question or not.
float posteriorOfClass0(bool is_tagged, float share) {
  TaggedFrame frame;
  frame.tags = TagSet().set(1).set(0, is_tagged);
  frame.shown = {{0, share}, {1, 1 - share}};
  ClassValues evidence = ClassValues::Zero(2, kNumClasses);
  evidence(1, 1) = 20;  // What the rest of the frame is, is known.
  const TagSolution solution = solveTags(evidence, {frame}, TagSet(3));
  return solution.posterior(0, 0);
}

TEST(TagModel, BelievesAClassMoreWhereItHasATag) {
  for (const float share : {.02F, .1F, .5F}) EXPECT_GT(posteriorOfClass0(true, share), posteriorOfClass0(false, share));
}

TEST(TagModel, TakesAMissingTagForSmallThingsLightly) {
  EXPECT_GT(posteriorOfClass0(false, .002F), posteriorOfClass0(false, .2F));
}

TEST(TagModel, AsksLessOfTagsWhereTheScanHasHoles) {
  const auto posterior = [](float hole_fraction) {
    TaggedFrame frame;
    frame.tags = TagSet(3);
    frame.shown = {{0, .1F}, {1, .9F}};
    frame.hole_fraction = hole_fraction;
    ClassValues evidence = ClassValues::Zero(2, kNumClasses);
    evidence(0, 1) = 3;
    evidence(1, 1) = 20;
    return solveTags(evidence, {frame}, TagSet(3)).posterior(0, 0);
  };
  EXPECT_LT(posterior(.6F), posterior(0));
}

TEST(DoubtfulTags, NamesTagsWithoutAreaAndAreasWithoutTag) {
  ClassValues areas = ClassValues::Zero(2, kNumClasses);
  areas(0, 3) = .6F;
  areas(0, 4) = .4F;
  areas(1, 3) = 1;
  const auto doubts = doubtfulTags(areas, {TagSet().set(3).set(5), std::nullopt});
  ASSERT_EQ(doubts.size(), 2U);
  EXPECT_EQ(doubts[0].class_index, 4);
  EXPECT_TRUE(doubts[0].is_missing);
  EXPECT_FLOAT_EQ(doubts[0].area, .4F);
  EXPECT_EQ(doubts[1].class_index, 5);
  EXPECT_FALSE(doubts[1].is_missing);
  EXPECT_EQ(doubts[1].frame, 0U);
}

TEST(TagReliability, FollowsFromWhatAnotherClassifierSays) {
  ClassValues predicted = ClassValues::Constant(3, kNumClasses, .5F);
  predicted(0, 0) = .05F;
  predicted(0, 1) = .9F;
  predicted.row(1).setConstant(std::numeric_limits<float>::quiet_NaN());
  const TagSet first = TagSet().set(0);
  const TagReliability reliability = tagReliability(predicted, {first, first, std::nullopt});
  EXPECT_NEAR(reliability.false_tags(0, 0), .02F * .95F / (.02F * .95F + .85F * .05F), kSingle);
  EXPECT_NEAR(reliability.forgotten(0, 1), .15F * .9F / (.15F * .9F + .1F), kSingle);
  EXPECT_EQ(reliability.forgotten(0, 0), 0) << "it has a tag";
  EXPECT_EQ(reliability.false_tags(0, 1), 0) << "it has none";
  for (const Eigen::Index frame : {1, 2}) {
    EXPECT_EQ(reliability.false_tags.row(frame).maxCoeff(), 0);
    EXPECT_EQ(reliability.forgotten.row(frame).maxCoeff(), 0);
  }
}

/// One superpoint, seen by two frames: one tagged with the first class, one with the second.
ClassValues posteriorOfDispute(float false_first, float forgotten_first) {
  std::vector<TaggedFrame> frames(2);
  for (TaggedFrame& frame : frames) frame.shown.push_back({0, 1});
  frames[0].tags = TagSet().set(0);
  frames[1].tags = TagSet().set(1);
  for (TaggedFrame& frame : frames) frame.false_tags = frame.forgotten = ClassValues::Zero(1, kNumClasses);
  frames[0].false_tags(0, 0) = false_first;
  frames[1].forgotten(0, 0) = forgotten_first;
  return solveTags(ClassValues::Zero(1, kNumClasses), frames, TagSet().set(0).set(1)).posterior;
}

TEST(TagModel, BelievesTagsAsFarAsTheyAreReliable) {
  const float undecided = posteriorOfDispute(0, 0)(0, 0);
  EXPECT_NEAR(undecided, .5F, kSingle);
  EXPECT_LT(posteriorOfDispute(.5F, 0)(0, 0), undecided - .2F) << "the first tag may be false";
  EXPECT_GT(posteriorOfDispute(0, .9F)(0, 0), undecided + .2F) << "the second frame may lack the first tag";
}

}  // namespace
}  // namespace tagscape

#include "core/dataset/batch_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace tagscape {
namespace {

/// `scenes` with as many frames each as the list says.
TrainingData dataOf(const std::vector<std::size_t>& frames) {
  TrainingData data;
  for (const std::size_t count : frames) {
    PreparedScene scene;
    scene.frames.resize(count);
    data.scenes.push_back(std::move(scene));
  }
  return data;
}

Recipe batchesOf(int size) {
  Recipe options;
  options.phases.image_batch = options.phases.points_batch = options.phases.joint_batch = size;
  return options;
}

std::vector<std::size_t> scenesOf(const BatchPlan& plan) {
  std::vector<std::size_t> scenes;
  for (const CloudDraw& draw : plan.clouds) scenes.push_back(draw.scene);
  return scenes;
}

TEST(BatchPlanner, ShowsEveryFrameOnceAnEpoch) {
  const TrainingData data = dataOf({3, 5, 4});
  const BatchPlanner planner(data, batchesOf(4));
  std::multiset<std::pair<std::size_t, std::size_t>> seen;
  for (int step = 0; step < 3; ++step) {
    for (const ImageDraw& draw : planner.plan(Phase::Image, step).images)
      seen.emplace(draw.frame.scene, draw.frame.frame);
  }
  EXPECT_EQ(seen.size(), 12U);
  EXPECT_EQ(std::set(seen.begin(), seen.end()).size(), 12U);
}

TEST(BatchPlanner, OrdersEpochsDifferently) {
  const TrainingData data = dataOf(std::vector<std::size_t>(20, 1));
  const BatchPlanner planner(data, batchesOf(20));
  EXPECT_NE(scenesOf(planner.plan(Phase::Joint, 0)), scenesOf(planner.plan(Phase::Joint, 1)));
  EXPECT_NE(scenesOf(planner.plan(Phase::Joint, 0)), scenesOf(planner.plan(Phase::Points, 0)));
}

TEST(BatchPlanner, DrawsAStepAlikeWheneverItIsAsked) {
  const TrainingData data = dataOf({2, 2, 2, 2, 2});
  const BatchPlanner planner(data, batchesOf(3)), another(data, batchesOf(3));
  const BatchPlan late = planner.plan(Phase::Joint, 41);
  (void)another.plan(Phase::Joint, 7);
  const BatchPlan again = another.plan(Phase::Joint, 41);
  EXPECT_EQ(scenesOf(late), scenesOf(again));
  for (std::size_t i = 0; i < late.clouds.size(); ++i) {
    EXPECT_EQ(late.clouds[i].random.state(), again.clouds[i].random.state());
  }
}

TEST(BatchPlanner, SharesOneLargeBatchAmongProcesses) {
  const TrainingData data = dataOf({1, 2, 3, 1, 2, 3, 1});
  const BatchPlan whole = BatchPlanner(data, batchesOf(6)).plan(Phase::Image, 3);
  std::vector<ImageDraw> joined;
  for (int rank = 0; rank < 3; ++rank) {
    const BatchPlan part = BatchPlanner(data, batchesOf(2), {rank, 3}).plan(Phase::Image, 3);
    joined.insert(joined.end(), part.images.begin(), part.images.end());
  }
  ASSERT_EQ(joined.size(), whole.images.size());
  for (std::size_t i = 0; i < joined.size(); ++i) {
    EXPECT_EQ(joined[i].frame.scene, whole.images[i].frame.scene);
    EXPECT_EQ(joined[i].frame.frame, whole.images[i].frame.frame);
    EXPECT_EQ(joined[i].random.state(), whole.images[i].random.state());
  }
}

TEST(BatchPlanner, RefusesDataWithoutFrames) {
  const TrainingData data = dataOf({0, 0});
  EXPECT_THROW(BatchPlanner(data, batchesOf(2)), std::logic_error);
}

}  // namespace
}  // namespace tagscape

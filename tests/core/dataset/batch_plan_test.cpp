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

constexpr std::uint64_t kSeed = 1;

BatchSpec imagesOf(int size) { return {.stream = "images", .num_images = size}; }
BatchSpec cloudsOf(int size, const char* stream = "clouds") { return {.stream = stream, .num_clouds = size}; }

std::vector<std::size_t> scenesOf(const BatchPlan& plan) {
  std::vector<std::size_t> scenes;
  for (const CloudDraw& draw : plan.clouds) scenes.push_back(draw.scene);
  return scenes;
}

TEST(BatchPlanner, ShowsEveryFrameOnceAnEpoch) {
  const TrainingData data = dataOf({3, 5, 4});
  const BatchPlanner planner(data, kSeed);
  std::multiset<std::pair<std::size_t, std::size_t>> seen;
  for (int step = 0; step < 3; ++step) {
    for (const ImageDraw& draw : planner.plan(imagesOf(4), step).images)
      seen.emplace(draw.frame.scene, draw.frame.frame);
  }
  EXPECT_EQ(seen.size(), 12U);
  EXPECT_EQ(std::set(seen.begin(), seen.end()).size(), 12U);
}

TEST(BatchPlanner, OrdersEpochsDifferently) {
  const TrainingData data = dataOf(std::vector<std::size_t>(20, 1));
  const BatchPlanner planner(data, kSeed);
  EXPECT_NE(scenesOf(planner.plan(cloudsOf(20), 0)), scenesOf(planner.plan(cloudsOf(20), 1)));
  EXPECT_NE(scenesOf(planner.plan(cloudsOf(20), 0)), scenesOf(planner.plan(cloudsOf(20, "other"), 0)));
}

TEST(BatchPlanner, DrawsAStepAlikeWheneverItIsAsked) {
  const TrainingData data = dataOf({2, 2, 2, 2, 2});
  const BatchPlanner planner(data, kSeed), another(data, kSeed);
  const BatchPlan late = planner.plan(cloudsOf(3), 41);
  (void)another.plan(cloudsOf(3), 7);
  const BatchPlan again = another.plan(cloudsOf(3), 41);
  EXPECT_EQ(scenesOf(late), scenesOf(again));
  for (std::size_t i = 0; i < late.clouds.size(); ++i) {
    EXPECT_EQ(late.clouds[i].random.state(), again.clouds[i].random.state());
  }
}

TEST(BatchPlanner, SharesOneLargeBatchAmongProcesses) {
  const TrainingData data = dataOf({1, 2, 3, 1, 2, 3, 1});
  const BatchPlan whole = BatchPlanner(data, kSeed).plan(imagesOf(6), 3);
  std::vector<ImageDraw> joined;
  for (int rank = 0; rank < 3; ++rank) {
    const BatchPlan part = BatchPlanner(data, kSeed, {rank, 3}).plan(imagesOf(2), 3);
    joined.insert(joined.end(), part.images.begin(), part.images.end());
  }
  ASSERT_EQ(joined.size(), whole.images.size());
  for (std::size_t i = 0; i < joined.size(); ++i) {
    EXPECT_EQ(joined[i].frame.scene, whole.images[i].frame.scene);
    EXPECT_EQ(joined[i].frame.frame, whole.images[i].frame.frame);
    EXPECT_EQ(joined[i].random.state(), whole.images[i].random.state());
  }
}

TEST(BatchPlanner, DrawsImagesAndCloudsIndependently) {
  const TrainingData data = dataOf(std::vector<std::size_t>(20, 1));
  const BatchPlan plan = BatchPlanner(data, kSeed).plan({.stream = "both", .num_images = 20, .num_clouds = 20}, 0);
  ASSERT_EQ(plan.images.size(), 20U);
  std::vector<std::size_t> scenes_of_images;
  for (const ImageDraw& draw : plan.images) scenes_of_images.push_back(draw.frame.scene);
  EXPECT_NE(scenes_of_images, scenesOf(plan)) << "each in an order of its own";
  EXPECT_NE(plan.images[0].random.state(), plan.clouds[0].random.state());
}

TEST(BatchPlanner, RefusesDataWithoutFrames) {
  const TrainingData data = dataOf({0, 0});
  EXPECT_THROW(BatchPlanner(data, kSeed), std::logic_error);
}

}  // namespace
}  // namespace tagscape

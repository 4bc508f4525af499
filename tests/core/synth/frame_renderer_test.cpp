#include "core/synth/frame_renderer.h"

#include "core/synth/camera_path.h"
#include "tests/support/tolerances.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace tagscape::synth {
namespace {

using testing::kDoubleSumRounding;

constexpr int kWidth = 64;
constexpr int kHeight = 48;

/// A wall at x = 2, its lower half of one object, its upper half of another.
Room twoWalls() {
  Room room;
  ModelBuilder builder(0);
  builder.paint({{.2F, .2F, .2F}, {.8F, .8F, .8F}, Pattern::StripesAcross, 5, 0}).box({2.5F, 0, -5}, {1, 20, 10});
  builder.beginObject(4).paint({{.5F, .5F, .5F}, {.5F, .5F, .5F}, Pattern::Plain, 1, 0}).box({2.5F, 0, 5}, {1, 20, 10});
  room.model = builder.model();
  room.towards_light = Eigen::Vector3f(-1, 0, 0);
  return room;
}

/// At the origin, looking along +x.
Pose alongX() {
  Pose pose = Pose::Identity();
  pose.linear() << 0, 0, 1, -1, 0, 0, 0, -1, 0;
  return pose;
}

RenderedFrame render(const SensorOptions& sensor, std::uint64_t seed = 1) {
  const Room room = twoWalls();
  return renderFrame(room, RayCaster(room.model), scannerIntrinsics(kWidth, kHeight), alongX(), sensor, Random(seed));
}

SensorOptions perfect() {
  return {
      .depth_noise_m = 0, .depth_step_mm = 1, .color_noise = 0, .blur_px = 0, .exposure = 0, .light = 0, .holes = 0};
}

double deviation(const RawDepthImage& image, double mean) {
  double sum = 0;
  for (const auto value : image.pixels) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / static_cast<double>(image.pixels.size()));
}

/// Mean absolute step between horizontal neighbours of the lower half.
double contrast(const RgbImage& image) {
  double sum = 0;
  for (int x = 0; x + 1 < image.width; ++x) sum += std::abs(image.at(x, kHeight - 4) - image.at(x + 1, kHeight - 4));
  return sum / (image.width - 1);
}

TEST(RenderFrame, GivesAPerfectSensorTheExactDepthAndObject) {
  const auto frame = render(perfect());
  for (const auto depth : frame.depth_mm.pixels) ASSERT_EQ(depth, 2000);
  EXPECT_EQ(frame.object.at(10, 2), 2);
  EXPECT_EQ(frame.object.at(10, kHeight - 3), 1);
  EXPECT_EQ(frame.color.at(10, 2, 0), 128);
}

TEST(RenderFrame, AddsDepthNoiseOfTheSetDeviation) {
  SensorOptions sensor = perfect();
  sensor.depth_noise_m = .02;
  const auto frame = render(sensor);
  constexpr double kTolerance_mm = 1.5;  // five standard errors of a deviation from this many pixels
  EXPECT_NEAR(deviation(frame.depth_mm, 2000), 20, kTolerance_mm);
}

TEST(RenderFrame, QuantisesDepthInSteps) {
  SensorOptions sensor = perfect();
  sensor.depth_noise_m = .02;
  sensor.depth_step_mm = 30;
  for (const auto depth : render(sensor).depth_mm.pixels) ASSERT_EQ(depth % 30, 0);
}

TEST(RenderFrame, LosesDepthOnlyWithHoles) {
  SensorOptions sensor = perfect();
  EXPECT_EQ(std::ranges::count(render(sensor).depth_mm.pixels, 0), 0);
  sensor.holes = 3;
  EXPECT_GT(std::ranges::count(render(sensor).depth_mm.pixels, 0), 0);
}

TEST(RenderFrame, GivesNoDepthBeyondTheReach) {
  SensorOptions sensor = perfect();
  sensor.max_depth_m = 1.9;
  EXPECT_EQ(std::ranges::count(render(sensor).depth_mm.pixels, 0), kWidth * kHeight);
}

TEST(RenderFrame, BlursColoursButNotLabels) {
  SensorOptions sensor = perfect();
  const auto sharp = render(sensor);
  sensor.blur_px = 2;
  const auto soft = render(sensor);
  EXPECT_LT(contrast(soft.color), .7 * contrast(sharp.color));
  EXPECT_EQ(sharp.object.pixels, soft.object.pixels);
}

TEST(RenderFrame, ExposesFramesDifferently) {
  SensorOptions sensor = perfect();
  sensor.exposure = .3;
  std::vector<int> values;
  for (std::uint64_t seed = 0; seed < 8; ++seed) values.push_back(render(sensor, seed).color.at(10, 2, 0));
  const auto [low, high] = std::ranges::minmax(values);
  EXPECT_GT(high - low, 20);
  EXPECT_GE(low, 128 * .6);
}

TEST(RenderFrame, DarkensWhatLooksAwayFromTheLightOnlyInDirectedLight) {
  Room room = twoWalls();
  room.towards_light = Eigen::Vector3f(1, 0, 0);
  const RayCaster caster(room.model);
  SensorOptions sensor = perfect();
  const auto shown = [&] {
    return renderFrame(room, caster, scannerIntrinsics(kWidth, kHeight), alongX(), sensor, Random(1))
        .color.at(10, 2, 0);
  };
  EXPECT_EQ(shown(), 128);
  sensor.light = 1;
  constexpr double kRounding = 1;  // to whole colours
  EXPECT_NEAR(shown(), .6 * 127.5, kRounding);
}

TEST(PlanScan, MovesInSmallStepsWhenFramesAreMany) {
  const Room room = furnishLivingRoom(Random(4));
  const RayCaster caster(room.model);
  const auto poses = planScan(room, caster, 300, Random(4));
  ASSERT_EQ(poses.size(), 300U);
  int num_small = 0;
  for (std::size_t i = 0; i + 1 < poses.size(); ++i)
    num_small += (poses[i].translation() - poses[i + 1].translation()).norm() < .25 ? 1 : 0;
  EXPECT_GT(num_small, 270);
}

TEST(PlanScan, GivesRotations) {
  const Room room = furnishRoom(RoomKind::Bathroom, Random(4));
  for (const auto& pose : planScan(room, RayCaster(room.model), 60, Random(4))) {
    EXPECT_NEAR(pose.linear().determinant(), 1, kDoubleSumRounding);
    EXPECT_LT((pose.linear() * pose.linear().transpose() - Eigen::Matrix3d::Identity()).norm(), 1e-9);
    EXPECT_LT(pose.linear()(2, 1), 0) << "the picture is upside down";
  }
}

}  // namespace
}  // namespace tagscape::synth

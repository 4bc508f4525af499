#include "core/train/augmentation.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace tagscape {
namespace {

constexpr int kWidth = 120, kHeight = 80, kCrop = 64;
constexpr int kRange = 256;

/// Red grows along x, green along y: a pixel says where it came from.
RgbImage coordinateImage() {
  RgbImage image(kWidth, kHeight, 3);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      image.at(x, y, 0) = static_cast<std::uint8_t>(2 * x);
      image.at(x, y, 1) = static_cast<std::uint8_t>(3 * y);
    }
  }
  return image;
}

/// Undoes the normalisation: colours in 0 … 255.
double colorOf(const std::vector<float>& crop, int channel, int x, int y) {
  return (crop[static_cast<std::size_t>((channel * kCrop + y) * kCrop + x)] * .25 + .45) * (kRange - 1);
}

class Warps : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(Warps, ShowAFramesPlaceWhereTheirBookkeepingSays) {
  Random random(GetParam());
  const ImageWarp warp = drawWarp(random, kWidth, kHeight, kCrop, .65, true);
  std::vector<float> crop(3 * kCrop * kCrop);
  renderCrop(coordinateImage(), warp, {}, kCrop, crop);
  constexpr double kTolerance_px = .5;
  for (const Eigen::Vector2d& in_frame : {Eigen::Vector2d(50, 40), {61, 33}, {58.5, 45.25}}) {
    const Eigen::Vector2d in_crop = warp.cropFromFrame(in_frame);
    const int x = static_cast<int>(std::lround(in_crop.x()));
    const int y = static_cast<int>(std::lround(in_crop.y()));
    if (x < 0 || y < 0 || x >= kCrop || y >= kCrop) continue;
    // What the crop's pixel centre shows is where the bookkeeping maps that centre to, exactly but for rounding …
    const Eigen::Vector2d shown = warp.frameFromCrop({x, y});
    EXPECT_NEAR(colorOf(crop, 0, x, y) / 2, shown.x(), .05);
    EXPECT_NEAR(colorOf(crop, 1, x, y) / 3, shown.y(), .05);
    // … so a place of the frame is found to half a pixel of the crop.
    EXPECT_LE((shown - in_frame).cwiseQuotient(warp.scale).cwiseAbs().maxCoeff(), kTolerance_px + 1e-9);
  }
}

TEST_P(Warps, StayInsideTheFrame) {
  Random random(GetParam());
  const ImageWarp warp = drawWarp(random, kWidth, kHeight, kCrop, .3, true);
  for (const Eigen::Vector2d& corner : {Eigen::Vector2d(-.5, -.5), {kCrop - .5, kCrop - .5}}) {
    const Eigen::Vector2d in_frame = warp.frameFromCrop(corner);
    EXPECT_GE(in_frame.x(), -.5 - 1e-9);
    EXPECT_GE(in_frame.y(), -.5 - 1e-9);
    EXPECT_LE(in_frame.x(), kWidth - .5 + 1e-9);
    EXPECT_LE(in_frame.y(), kHeight - .5 + 1e-9);
  }
}

TEST_P(Warps, GoThereAndBack) {
  Random random(GetParam());
  const ImageWarp warp = drawWarp(random, kWidth, kHeight, kCrop, .5, true);
  EXPECT_TRUE(warp.cropFromFrame(warp.frameFromCrop({12.5, 40})).isApprox(Eigen::Vector2d(12.5, 40)));
}

INSTANTIATE_TEST_SUITE_P(Seeds, Warps, ::testing::Range<std::uint64_t>(0, 12));

TEST(DrawWarp, MirrorsHalfOfTheTime) {
  Random random(5);
  int num_mirrored = 0;
  for (int i = 0; i < 400; ++i) num_mirrored += drawWarp(random, kWidth, kHeight, kCrop, .65, true).scale.x() < 0;
  EXPECT_NEAR(num_mirrored, 200, 50);  // Five deviations.
}

TEST(DrawWarp, DoesNotMirrorWhenToldNotTo) {
  Random random(5);
  for (int i = 0; i < 50; ++i) EXPECT_GT(drawWarp(random, kWidth, kHeight, kCrop, .65, false).scale.x(), 0);
}

TEST(RenderCrop, RefusesAResultOfAnotherSize) {
  std::vector<float> small(10);
  EXPECT_THROW(renderCrop(coordinateImage(), {}, {}, kCrop, small), std::logic_error);
}

TEST(ColorJitter, ChangesAGreyImageByItsBrightnessAlone) {
  const RgbImage grey(kCrop, kCrop, 3, 100);
  std::vector<float> crop(3 * kCrop * kCrop);
  renderCrop(grey, {}, {1.2F, .7F, 1.3F, {1, 1, 1}}, kCrop, crop);
  EXPECT_NEAR(colorOf(crop, 0, 10, 10), 120, .1);
  EXPECT_NEAR(colorOf(crop, 2, 30, 5), 120, .1);
}

TEST(CloudWarp, KeepsDistancesAndTheUpAxis) {
  Random random(3);
  for (int i = 0; i < 20; ++i) {
    const CloudWarp warp = drawCloudWarp(random, 5, true);
    EXPECT_TRUE((warp.world_from_world.transpose() * warp.world_from_world).isIdentity(1e-5F));
    EXPECT_TRUE((warp.world_from_world * Eigen::Vector3f::UnitZ()).isApprox(Eigen::Vector3f::UnitZ()));
  }
}

TEST(CloudWarp, TurnsNoFartherThanAsked) {
  Random random(4);
  for (int i = 0; i < 50; ++i) {
    const CloudWarp warp = drawCloudWarp(random, 5, false);
    EXPECT_GE(warp.world_from_world(0, 0), std::cos(5 * 3.14159265 / 180) - 1e-6);
  }
}

}  // namespace
}  // namespace tagscape

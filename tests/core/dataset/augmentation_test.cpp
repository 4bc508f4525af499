#include "core/dataset/augmentation.h"

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

/// The two ways of cropping, by turns.
ImageWarp drawEither(std::uint64_t seed) {
  Random random(seed);
  return seed % 2 == 0 ? drawWarp(random, kWidth, kHeight, kCrop, .65, true)
                       : drawResizeWarp(random, kWidth, kHeight, kCrop, 70, 200, true);
}

class ImageWarps : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(ImageWarps, ShowAFramesPlaceWhereTheirBookkeepingSays) {
  const ImageWarp warp = drawEither(GetParam());
  std::vector<float> crop(3 * kCrop * kCrop);
  renderCrop(coordinateImage(), warp, {}, {}, kCrop, false, crop);
  constexpr double kTolerance_px = .5;
  constexpr double kColorRounding = .05;  // of a float32 colour that was scaled and scaled back, in pixels
  for (const Eigen::Vector2d& in_frame : {Eigen::Vector2d(50, 40), {61, 33}, {58.5, 45.25}}) {
    const Eigen::Vector2d in_crop = warp.cropFromFrame(in_frame);
    const int x = static_cast<int>(std::lround(in_crop.x()));
    const int y = static_cast<int>(std::lround(in_crop.y()));
    if (x < 0 || y < 0 || x >= kCrop || y >= kCrop) continue;
    // What the crop's pixel centre shows is where the bookkeeping maps that centre to, exactly but for rounding …
    const Eigen::Vector2d shown = warp.frameFromCrop({x, y});
    EXPECT_NEAR(colorOf(crop, 0, x, y) / 2, shown.x(), kColorRounding);
    EXPECT_NEAR(colorOf(crop, 1, x, y) / 3, shown.y(), kColorRounding);
    // … so a place of the frame is found to half a pixel of the crop.
    EXPECT_LE((shown - in_frame).cwiseQuotient(warp.scale).cwiseAbs().maxCoeff(), kTolerance_px + 1e-9);
  }
}

TEST_P(ImageWarps, StayInsideTheFrame) {
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

TEST_P(ImageWarps, GoThereAndBack) {
  Random random(GetParam());
  const ImageWarp warp = drawWarp(random, kWidth, kHeight, kCrop, .5, true);
  EXPECT_TRUE(warp.cropFromFrame(warp.frameFromCrop({12.5, 40})).isApprox(Eigen::Vector2d(12.5, 40)));
}

INSTANTIATE_TEST_SUITE_P(Seeds, ImageWarps, ::testing::Range<std::uint64_t>(0, 12));

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
  EXPECT_THROW(renderCrop(coordinateImage(), {}, {}, {}, kCrop, false, small), std::logic_error);
}

TEST(DrawResizeWarp, ResizesTheLongerSideAsAsked) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Random random(seed);
    const ImageWarp warp = drawResizeWarp(random, kWidth, kHeight, kCrop, 90, 180, true);
    const double long_side = kWidth / std::abs(warp.scale.x());
    EXPECT_GE(long_side, 90 - 1e-9);
    EXPECT_LE(long_side, 180 + 1e-9);
    // Sides are whole pixels, so that both scales differ by their rounding only.
    EXPECT_NEAR(kHeight / warp.scale.y(), long_side * kHeight / kWidth, .5 + 1e-9);
  }
}

TEST(DrawResizeWarp, LaysASmallImageInsideTheCropAndTheRestIsZero) {
  Random random(5);
  const ImageWarp warp = drawResizeWarp(random, kWidth, kHeight, kCrop, 30, 30, false);
  std::vector<float> crop(3 * kCrop * kCrop);
  renderCrop(coordinateImage(), warp, {}, {}, kCrop, true, crop);
  int num_shown = 0;
  for (int y = 0; y < kCrop; ++y) {
    for (int x = 0; x < kCrop; ++x) {
      const Eigen::Vector2d place = warp.frameFromCrop({x, y});
      const bool inside = place.x() >= -.5 && place.x() < kWidth - .5 && place.y() >= -.5 && place.y() < kHeight - .5;
      const bool zero = crop[static_cast<std::size_t>((2 * kCrop + y) * kCrop + x)] == 0;
      EXPECT_EQ(inside, !zero) << x << " " << y;  // blue is 0 everywhere: -1.8 after scaling
      num_shown += inside;
    }
  }
  EXPECT_EQ(num_shown, 30 * 20) << "the whole image, resized";
}

TEST(RenderLabelCrop, ShowsTheLabelsOfThePlacesThatTheCropShows) {
  Image<std::uint8_t> labels(kWidth, kHeight, 1);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) labels.at(x, y) = static_cast<std::uint8_t>(x / 10);
  }
  const ImageWarp warp = drawEither(3);
  std::vector<std::int64_t> crop(kCrop * kCrop);
  renderLabelCrop(labels, warp, kCrop, crop);
  for (int x = 0; x < kCrop; x += 7) {
    const Eigen::Vector2d place = warp.frameFromCrop({x, 20});
    if (place.minCoeff() < 0 || place.x() > kWidth - 1 || place.y() > kHeight - 1) continue;
    EXPECT_EQ(crop[static_cast<std::size_t>(20 * kCrop + x)], std::lround(place.x()) / 10);
  }
}

constexpr double kColorRounding = .1;  // of 255, in float32 after several conversions

TEST(ColorJitter, TurnsTheHueOfRedByAThirdIntoGreen) {
  RgbImage red(kCrop, kCrop, 3);
  for (std::size_t i = 0; i < red.pixels.size(); i += 3) red.pixels[i] = 200;
  std::vector<float> crop(3 * kCrop * kCrop);
  renderCrop(red, {}, {1, 1, 1, {1, 1, 1}, 1.F / 3}, {}, kCrop, false, crop);
  EXPECT_NEAR(colorOf(crop, 0, 5, 5), 0, kColorRounding);
  EXPECT_NEAR(colorOf(crop, 1, 5, 5), 200, kColorRounding);
  EXPECT_NEAR(colorOf(crop, 2, 5, 5), 0, kColorRounding);
}

TEST(ColorJitter, ChangesAGreyImageByItsBrightnessAlone) {
  const RgbImage grey(kCrop, kCrop, 3, 100);
  std::vector<float> crop(3 * kCrop * kCrop);
  renderCrop(grey, {}, {1.2F, .7F, 1.3F, {1, 1, 1}, .1F}, {}, kCrop, false, crop);
  EXPECT_NEAR(colorOf(crop, 0, 10, 10), 120, kColorRounding);
  EXPECT_NEAR(colorOf(crop, 2, 30, 5), 120, kColorRounding);
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

#include "ui/render/image_layers.h"

#include "tests/support/tolerances.h"
#include "ui/render/colors.h"

#include <gtest/gtest.h>

#include <limits>

namespace tagscape {
namespace {

FrameCams twoCells(float left, float right) {
  FrameCams cams{0, 2, 1, std::vector<float>(kNumClasses * 2, 0.F)};
  cams.values[2 * 3] = left;
  cams.values[2 * 3 + 1] = right;
  return cams;
}

TEST(EnlargeCam, PutsCellCentresWhereFrameCamsSaysTheyAre) {
  const Image<float> image = enlargeCam(twoCells(0, 1), 3, 8, 2);
  // Cell 0 covers pixels 0 … 3, so its centre is at 1.5; cell 1's at 5.5. Between them the value rises by 1/4 a pixel.
  EXPECT_NEAR(image.at(0, 0), 0, testing::kFloatRounding);
  EXPECT_NEAR(image.at(2, 0), 0.125, testing::kFloatRounding);
  EXPECT_NEAR(image.at(5, 1), 0.875, testing::kFloatRounding);
  EXPECT_NEAR(image.at(7, 1), 1, testing::kFloatRounding);
}

TEST(EnlargeCam, TakesOnlyTheClassAskedFor) {
  const Image<float> image = enlargeCam(twoCells(1, 1), 4, 8, 2);
  for (const float value : image.pixels) EXPECT_EQ(value, 0);
}

TEST(HeatPicture, IsTransparentBelowTheThresholdAtZeroAndWhereNothingIsKnown) {
  Image<float> values(4, 1, 1);
  values.pixels = {0.F, 0.3F, 0.9F, std::numeric_limits<float>::quiet_NaN()};
  const QImage picture = heatPicture(values, 0.5F);
  EXPECT_EQ(qAlpha(picture.pixel(0, 0)), 0);
  EXPECT_EQ(qAlpha(picture.pixel(1, 0)), 0);
  EXPECT_EQ(qAlpha(picture.pixel(2, 0)), 255);
  EXPECT_EQ(qAlpha(picture.pixel(3, 0)), 0);
}

TEST(HeatPicture, RunsFromDarkVioletToYellow) {
  Image<float> values(2, 1, 1);
  values.pixels = {0.001F, 1.F};
  const QImage picture = heatPicture(values, 0);
  EXPECT_EQ(QColor(picture.pixel(0, 0)), QColor(68, 1, 84));
  EXPECT_EQ(QColor(picture.pixel(1, 0)), QColor(253, 231, 37));
}

TEST(Viridis, GrowsBrighterAllTheWay) {
  int last = -1;
  for (int i = 0; i <= 100; ++i) {
    const Rgb8 rgb = viridis(static_cast<float>(i) / 100);
    const int brightness = 2126 * rgb[0] + 7152 * rgb[1] + 722 * rgb[2];
    EXPECT_GE(brightness, last) << i;
    last = brightness;
  }
}

TEST(ReasonPicture, ShowsEachReasonInItsColourAndNothingElsewhere) {
  Image<std::uint8_t> reasons(2, 1, 1);
  reasons.pixels = {static_cast<std::uint8_t>(Visibility::Occluded), 255};
  const QImage picture = reasonPicture(reasons);
  EXPECT_EQ(QColor(picture.pixel(0, 0)), toQColor(reasonColor(Visibility::Occluded)));
  EXPECT_EQ(qAlpha(picture.pixel(1, 0)), 0);
}

TEST(ClassPicture, ShowsEachClassInItsColourAndNothingWhereThereIsNone) {
  Image<std::uint8_t> labels(2, 1, 1);
  labels.pixels = {4, kNoClass};
  const QImage picture = classPicture(labels);
  EXPECT_EQ(QColor(picture.pixel(0, 0)), QColor(188, 189, 34));  // ScanNet's chair
  EXPECT_EQ(qAlpha(picture.pixel(1, 0)), 0);
}

TEST(ToQImage, KeepsPixelsInPlace) {
  RgbImage image(3, 2, 3);  // Three pixels a row do not fill QImage's four byte rows: a shifted row would show.
  image.at(2, 1, 0) = 200;
  image.at(0, 1, 2) = 90;
  const QImage picture = toQImage(image);
  EXPECT_EQ(QColor(picture.pixel(2, 1)), QColor(200, 0, 0));
  EXPECT_EQ(QColor(picture.pixel(0, 1)), QColor(0, 0, 90));
}

}  // namespace
}  // namespace tagscape

#include "core/io/image_codec.h"

#include "core/base/random.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using ::testing::HasSubstr;

/// A smooth picture, as photographs are, so that JPEG's loss stays small.
RgbImage gradient(int width, int height) {
  RgbImage image(width, height, 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      image.at(x, y, 0) = static_cast<std::uint8_t>(255 * x / width);
      image.at(x, y, 1) = static_cast<std::uint8_t>(255 * y / height);
      image.at(x, y, 2) = 128;
    }
  }
  return image;
}

TEST(Png, KeepsEveryColourValue) {
  const RgbImage image = gradient(37, 21);
  const RgbImage back = decodeColor(encodePng(image).value(), "x.png").value();
  EXPECT_EQ(back.width, 37);
  EXPECT_EQ(back.pixels, image.pixels);
}

TEST(Png16, KeepsEveryDepthValue) {
  RawDepthImage depth(17, 9, 1);
  Random random(1);
  for (auto& value : depth.pixels) value = static_cast<std::uint16_t>(random.below(65536));
  const RawDepthImage back = decodePng16(encodePng16(depth).value(), "x.png").value();
  EXPECT_EQ(back.width, 17);
  EXPECT_EQ(back.pixels, depth.pixels);
}

TEST(Png16, StoresTheHighByteFirstAsThePngStandardSays) {
  RawDepthImage depth(1, 1, 1);
  depth.pixels[0] = 0x1234;
  // Read as 8-bit colour, libpng scales 16 bits down to the high byte (rounded).
  const RgbImage narrow = decodeColor(encodePng16(depth).value(), "x.png").value();
  EXPECT_EQ(narrow.pixels[0], 0x12);
}

TEST(Jpeg, KeepsASmoothPictureWithinAFewLevels) {
  const RgbImage image = gradient(64, 48);
  const RgbImage back = decodeColor(encodeJpeg(image, 95).value(), "x.jpg").value();
  ASSERT_EQ(back.pixels.size(), image.pixels.size());
  int worst = 0;
  for (std::size_t i = 0; i < image.pixels.size(); ++i)
    worst = std::max(worst, std::abs(int{image.pixels[i]} - int{back.pixels[i]}));
  EXPECT_LE(worst, 12);
}

TEST(Jpeg, CutInTheMiddleIsAnErrorAndNotAGreyRest) {
  auto bytes = encodeJpeg(gradient(640, 480), 90).value();
  bytes.resize(bytes.size() * 2 / 3);
  const auto image = decodeColor(bytes, "color/7.jpg");
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(image.error().message, HasSubstr("color/7.jpg"));
}

TEST(ImageDecoding, RefusesAHeaderThatClaimsMoreThanTheLimit) {
  auto bytes = encodePng(gradient(4, 4)).value();
  // IHDR's width and height are the big-endian words at bytes 16 and 20; its checksum would be wrong too, but libpng is
  // told the size first. Both refusals are right, an allocation is not.
  for (const std::size_t at : {16U, 20U}) bytes[at] = std::byte{0x7f};
  EXPECT_FALSE(peekImageSize(bytes, "bomb.png"));
  EXPECT_FALSE(decodeColor(bytes, "bomb.png"));
}

TEST(ImageDecoding, RefusesAColourPictureAsDepth) {
  const auto depth = decodePng16(encodePng(gradient(8, 8)).value(), "depth/3.png");
  ASSERT_FALSE(depth);
  EXPECT_THAT(depth.error().message, HasSubstr("depth/3.png"));
}

TEST(ImageDecoding, RefusesTextAndNothing) {
  EXPECT_FALSE(decodeColor(testing::bytesOf("hello, this is no image at all"), "a.jpg"));
  EXPECT_FALSE(decodeColor({}, "empty.jpg"));
  EXPECT_FALSE(decodePng16({}, "empty.png"));
}

}  // namespace
}  // namespace tagscape

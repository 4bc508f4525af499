#include "ui/render/picture_tiles.h"

#include "tests/support/tolerances.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace tagscape {
namespace {

constexpr double kPixelRounding_px = 1e-3;  // Coordinates of a thousand pixels in float32.

constexpr QSize kPicture(1000, 700);

TEST(PictureTiles, KeepEveryPixelOnceAndDrawAMarginWhereThePictureGoesOn) {
  constexpr int kLargest_px = 160, kMargin_px = 20;
  const auto tiles = tilesOf(kPicture, kLargest_px, kMargin_px).value();
  const QRect all(QPoint(0, 0), kPicture);
  std::vector<int> num_kept(static_cast<std::size_t>(all.width()) * static_cast<std::size_t>(all.height()), 0);
  for (const PictureTile& tile : tiles) {
    for (int y = tile.kept.top(); y <= tile.kept.bottom(); ++y) {
      for (int x = tile.kept.left(); x <= tile.kept.right(); ++x)
        ++num_kept[static_cast<std::size_t>(y * all.width() + x)];
    }
    EXPECT_LE(std::max(tile.drawn.width(), tile.drawn.height()), kLargest_px);
    EXPECT_EQ(tile.drawn, all.intersected(tile.kept.adjusted(-kMargin_px, -kMargin_px, kMargin_px, kMargin_px)));
  }
  EXPECT_EQ(std::count(num_kept.begin(), num_kept.end(), 1), static_cast<long>(num_kept.size()));
}

TEST(PictureTiles, AreOneWhereThePictureIsSmallEnough) {
  const auto tiles = tilesOf(kPicture, 1000, 400).value();
  ASSERT_EQ(tiles.size(), 1U);
  EXPECT_EQ(tiles[0].drawn, QRect(QPoint(0, 0), kPicture));
  EXPECT_EQ(tiles[0].kept, tiles[0].drawn);
  EXPECT_FALSE(tilesOf(kPicture, 160, 70)) << "hardly anything is left beside the margins";
}

TEST(PictureTiles, ShowAPointAtItsPixelBeforeItsPartOfTheBackground) {
  RenderSettings whole;
  whole.clip_from_world = Eigen::Matrix4f::Identity();
  whole.clip_from_world.row(3) << 0, 0, 1, 0;  // Divided by z.
  whole.background = RenderSettings::Background{{0, 0, 0, 1}, {1, .5F, 0, 1}};
  const Eigen::Vector4f point(.3F, -.4F, 2, 1);
  const Eigen::Vector2f pixel((.15F + 1) / 2 * 1000, (1 + .2F) / 2 * 700);
  const QRect drawn(500, 350, 200, 140);
  const RenderSettings settings = settingsOfTile(whole, kPicture, drawn);
  const Eigen::Vector4f clip = settings.clip_from_world * point;
  EXPECT_NEAR((clip.x() / clip.w() + 1) / 2 * 200 + 500, pixel.x(), kPixelRounding_px);
  EXPECT_NEAR((1 - clip.y() / clip.w()) / 2 * 140 + 350, pixel.y(), kPixelRounding_px);
  EXPECT_NEAR(settings.background->top_rgba.x(), .5, testing::kFloatRounding) << "the middle of the picture";
  EXPECT_NEAR(settings.background->bottom_rgba.x(), 210. / 700, testing::kFloatRounding);
  EXPECT_NEAR(settings.background->bottom_rgba.y(), 105. / 700, testing::kFloatRounding);
}

TEST(PictureTiles, RefusesPicturesThatNobodyCanHold) {
  EXPECT_TRUE(checkPictureSize({32'768, 16'384}));
  for (const QSize size : {QSize(65'537, 1), QSize(32'768, 16'385), QSize(1, 0), QSize()}) {
    const Status refused = checkPictureSize(size);
    ASSERT_FALSE(refused) << size.width();
    EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  }
  EXPECT_NE(checkPictureSize({65'000, 65'000}).error().message.find("65000 x 65000"), std::string::npos);
}

}  // namespace
}  // namespace tagscape

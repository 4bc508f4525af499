// Pictures of the 3D view in any size.

#include "tests/ui/support/scene_view_fixture.h"
#include "ui/dialogs/picture_dialog.h"
#include "ui/render/colors.h"

#include <QFile>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>

namespace tagscape {
namespace {

using testing::distance;
using testing::kChairClass;
using testing::kColorTolerance;

using ScenePicturesTest = testing::SceneViewFixture;

TEST_F(ScenePicturesTest, MakesPicturesOfAnySizeAndTransparent) {
  ASSERT_TRUE(page.settle());
  const auto picture = view.picture({900, 300}, true);
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(picture->size(), QSize(900, 300));
  EXPECT_EQ(picture->pixelColor(2, 2).alpha(), 0);
  const auto pixel = view.camera().project(testing::chairPoint(), {900, 300});
  const QColor chair = picture->pixelColor(qRound(pixel->x()), qRound(pixel->y()));
  EXPECT_LE(distance(chair, QColor(190, 60, 50)), kColorTolerance);
  EXPECT_EQ(chair.alpha(), 255);
  const auto opaque = view.picture({64, 48}, false);
  ASSERT_TRUE(opaque);
  EXPECT_EQ(opaque->pixelColor(2, 2).alpha(), 255);
  EXPECT_LE(distance(colorAt(testing::chairPoint()), QColor(190, 60, 50)), kColorTolerance) << "the view is as before";
}

/// The part of the pixels that differ by more than rounding.
double differingPart(const QImage& a, const QImage& b) {
  int num_different = 0;
  for (int y = 0; y < a.height(); ++y) {
    for (int x = 0; x < a.width(); ++x) {
      const QColor one = a.pixelColor(x, y), other = b.pixelColor(x, y);
      if (distance(one, other) > kColorTolerance || one.alpha() != other.alpha()) ++num_different;
    }
  }
  return static_cast<double>(num_different) / (a.width() * a.height());
}

TEST_F(ScenePicturesTest, PictureOfManyTilesIsThatOfOne) {
  constexpr QSize kSize(900, 700);
  constexpr double kMaxDifferent = .0001;  // Rounding may move an edge by a pixel; without margins it is .0003.
  view.settings().setShowsFrames(true);
  view.settings().setPointSize_px(14);  // So that points reach far into other tiles,
  view.settings().setEyeDome(true);     // as does their shading.
  ASSERT_TRUE(page.settle());
  for (const bool is_mesh : {false, true}) {
    document.setSurface(is_mesh ? Surface::Mesh : Surface::Points);
    for (const bool is_transparent : {false, true}) {
      view.setLargestTile_px(4096);
      const auto whole = view.picture(kSize, is_transparent);
      view.setLargestTile_px(200);
      int num_tiles = 0;
      const auto tiled = view.picture(kSize, is_transparent, [&](int done, int total) {
        EXPECT_EQ(done, num_tiles++);
        return done < total;
      });
      ASSERT_TRUE(whole && tiled);
      EXPECT_GE(num_tiles, 20);
      ASSERT_EQ(tiled->size(), kSize);
      EXPECT_EQ(tiled->format(), whole->format());
      EXPECT_LE(differingPart(*whole, *tiled), kMaxDifferent) << is_mesh << is_transparent;
    }
  }
  const auto stopped = view.picture(kSize, false, [](int done, int) { return done < 3; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

TEST_F(ScenePicturesTest, PicturesMayBeLargerThanTheDriverMakesThem) {
  ASSERT_TRUE(page.settle());
  const auto wide = view.picture({40'000, 60}, false);
  ASSERT_TRUE(wide) << wide.error().message;
  const auto pixel = view.camera().project(testing::chairPoint(), {40'000, 60});
  EXPECT_LE(distance(wide->pixelColor(qRound(pixel->x()), qRound(pixel->y())), QColor(190, 60, 50)), kColorTolerance);
  for (const QSize size : {QSize(1'000'000, 10), QSize(60'000, 60'000), QSize(0, 10)}) {
    const auto refused = view.picture(size, false);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  }
}

TEST_F(ScenePicturesTest, DialogSavesALargePictureUnlessItIsStopped) {
  ASSERT_TRUE(page.settle());
  view.setLargestTile_px(200);
  const QTemporaryDir folder;
  auto* dialog = new PictureDialog(view, &view);
  dialog->show();
  testing::control<QSpinBox>(*dialog, "pictureWidth").setValue(700);
  testing::control<QSpinBox>(*dialog, "pictureHeight").setValue(500);
  auto& stop = testing::control<QPushButton>(*dialog, "stopTurntable");
  EXPECT_FALSE(stop.isEnabled());
  QTimer::singleShot(0, &stop, [&] {
    EXPECT_FALSE(testing::control<QPushButton>(*dialog, "savePicture").isEnabled()) << "one at a time";
    stop.click();
  });
  const auto state = [&] { return testing::control<QLabel>(*dialog, "pictureState").text(); };
  dialog->savePictureTo(folder.filePath("view.png"));
  EXPECT_TRUE(state().contains("stopped")) << state().toStdString();
  EXPECT_FALSE(QFile::exists(folder.filePath("view.png")));
  dialog->savePictureTo(folder.filePath("view.png"));
  EXPECT_TRUE(state().startsWith("Saved")) << state().toStdString();
  EXPECT_EQ(QImage(folder.filePath("view.png")).size(), QSize(700, 500));
  dialog->close();
}

TEST_F(ScenePicturesTest, ViewGoesOnWhileAPictureIsMade) {
  const QColor chair = colorAt(testing::chairPoint());
  view.setLargestTile_px(200);
  const auto picture = view.picture({900, 700}, false, [&](int done, int) {
    if (done == 1) document.setLayer(PointLayer::Prediction);
    EXPECT_TRUE(page.paints());
    return true;
  });
  ASSERT_TRUE(picture);
  const auto pixel = view.camera().project(testing::chairPoint(), {900, 700});
  EXPECT_LE(distance(picture->pixelColor(qRound(pixel->x()), qRound(pixel->y())), chair), kColorTolerance);
  EXPECT_LE(distance(colorAt(testing::chairPoint()), classColor(kChairClass)), kColorTolerance);
}

}  // namespace
}  // namespace tagscape

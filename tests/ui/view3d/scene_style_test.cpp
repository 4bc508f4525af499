// How the 3D view draws what a layer says: colours, ranges, sizes, cuts, and what that costs.

#include "tests/ui/support/scene_view_fixture.h"
#include "ui/render/colors.h"

namespace tagscape {
namespace {

using testing::distance;
using testing::kChairClass;
using testing::kColorTolerance;
using testing::kFloorClass;

using SceneStyleTest = testing::SceneViewFixture;

TEST_F(SceneStyleTest, MixesTwoLayers) {
  document.setLayer(PointLayer::Prediction);
  view.settings().setOtherLayer(PointLayer::Rgb);
  view.settings().setBlend(.25F);
  const QColor chair = classColor(kChairClass);
  const QColor mixed((chair.red() * 3 + 190) / 4, (chair.green() * 3 + 60) / 4, (chair.blue() * 3 + 50) / 4);
  EXPECT_LE(distance(colorAt(testing::chairPoint()), mixed), kColorTolerance);
  view.settings().setBlend(1);
  EXPECT_LE(distance(colorAt(testing::chairPoint()), QColor(190, 60, 50)), kColorTolerance);
}

TEST_F(SceneStyleTest, TakesEachHeatMap) {
  document.setLayer(PointLayer::Cam);
  for (int i = 0; i < kNumHeatMaps; ++i) {
    const auto map = static_cast<HeatMap>(i);
    document.displayStyle().setHeatMap(map);
    EXPECT_LE(distance(colorAt(testing::chairPoint()), toQColor(heatColor(map, 1))), kColorTolerance) << i;
  }
}

TEST_F(SceneStyleTest, SpreadsTheHeatMapOverALockedRange) {
  auto cams = std::make_shared<SceneCams>(*document.cams());
  for (float& value : cams->point_values) value *= .5F;
  ASSERT_TRUE(document.setCams(cams));
  document.setLayer(PointLayer::Cam);
  document.displayStyle().lockRange(.25F, .5F);
  EXPECT_LE(distance(colorAt(testing::chairPoint()), toQColor(viridis(1))), kColorTolerance);
  document.displayStyle().lockRange(.5F, 1);
  EXPECT_LE(distance(colorAt(testing::chairPoint()), toQColor(viridis(0))), kColorTolerance);
}

TEST_F(SceneStyleTest, LocksTheRangeByTheOverlay) {
  auto cams = std::make_shared<SceneCams>(*document.cams());
  for (float& value : cams->point_values) value *= .5F;
  for (float& value : cams->frames.front().values)
    value *= .5F;  // Where one is 0 and the other not, they differ by .5.
  ASSERT_TRUE(document.setCams(cams));
  document.setLayer(PointLayer::Disagreement);
  ASSERT_TRUE(page.settle());
  const QRectF box = view.overlay().controlRect("lock");
  ASSERT_FALSE(box.isNull());
  QTest::mousePress(&view, Qt::LeftButton, {}, QPoint(qRound(box.left()) + 8, qRound(box.center().y())));
  ASSERT_TRUE(page.overlaySettles());
  QTest::mouseRelease(&view, Qt::LeftButton, {}, QPoint(qRound(box.left()) + 8, qRound(box.center().y())));
  EXPECT_TRUE(testing::waitFor([&] { return document.displayStyle().isRangeLocked(); }, 3000));
  constexpr double kExtentOfColumn = .01;  // The range is at least as wide, and values have 16 bits.
  EXPECT_NEAR(document.displayStyle().heatRange().high, .5, kExtentOfColumn);
}

TEST_F(SceneStyleTest, HidesClasses) {
  document.setLayer(PointLayer::Prediction);
  document.displayStyle().setShown(kChairClass, false);
  EXPECT_GT(distance(colorAt(testing::chairPoint()), classColor(kChairClass)), 60);
  EXPECT_LE(distance(colorAt(testing::floorPoint()), classColor(kFloorClass)), kColorTolerance);
  document.setSurface(Surface::Mesh);
  document.displayStyle().solo(kChairClass);
  EXPECT_GT(distance(colorAt(testing::floorPoint()), classColor(kFloorClass)), 60) << "of the mesh too";
}

TEST_F(SceneStyleTest, ColoursClassesByTheChosenPalette) {
  document.setLayer(PointLayer::Prediction);
  document.displayStyle().setPalette(ClassPalette::Distinct);
  const auto rgb = classColors(ClassPalette::Distinct)[kChairClass];
  EXPECT_LE(distance(colorAt(testing::chairPoint()), QColor(rgb[0], rgb[1], rgb[2])), kColorTolerance);
}

TEST_F(SceneStyleTest, MixesEveryLayerWithItselfAndTheNext) {
  const auto rows = colorLayers();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    document.setLayer({rows[i].id});
    for (const std::string_view other : {rows[i].id, rows[(i + 1) % rows.size()].id}) {
      view.settings().setOtherLayer(PointLayer{other});
      ASSERT_TRUE(page.settle()) << rows[i].id << " + " << other;
      EXPECT_EQ(view.numGlErrors(), 0) << rows[i].id << " + " << other;
      EXPECT_LE(view.numBytesOnGpu(), 24 * view.numPoints()) << rows[i].id << " + " << other;
    }
  }
}

TEST_F(SceneStyleTest, SendsNothingButColoursWhenTheLookChanges) {
  (void)page.picture();
  const int uploads = view.numPositionUploads();
  const std::size_t bytes = view.numBytesOnGpu() / view.numPoints();
  EXPECT_LE(bytes, 24U);
  float threshold = 0;
  for (const ColorLayer& row : colorLayers()) {
    document.setLayer({row.id});
    document.setCamThreshold(threshold += .05F);
    ASSERT_FALSE(page.picture().isNull()) << row.id;
  }
  EXPECT_EQ(view.numPositionUploads(), uploads);
  EXPECT_EQ(view.numBytesOnGpu(), 24 * view.numPoints()) << "with all layers there";
}

TEST_F(SceneStyleTest, CutsAwayWhatIsOutsideTheBoxOrBeforeThePlane) {
  view.settings().setClipBox_m(Eigen::AlignedBox3f(Eigen::Vector3f(-2, -2, -.1F), Eigen::Vector3f(2, 2, .1F)));
  EXPECT_GT(distance(colorAt(testing::chairPoint()), QColor(190, 60, 50)), 60);
  EXPECT_LE(distance(colorAt(testing::floorPoint()), QColor(120, 130, 140)), kColorTolerance);
  view.settings().setClipBox_m({});
  view.settings().setClipPlane(Eigen::Vector4f(0, 1, 0, 0));
  EXPECT_LE(distance(colorAt(testing::chairPoint()), QColor(190, 60, 50)), kColorTolerance);
  EXPECT_GT(distance(colorAt(testing::floorPoint()), QColor(120, 130, 140)), 60);
  document.setSurface(Surface::Mesh);
  EXPECT_GT(distance(colorAt(testing::floorPoint()), QColor(120, 130, 140)), 60) << "of the mesh too";
}

TEST_F(SceneStyleTest, SizesPointsInPixels) {
  view.settings().setPointSize_px(1);
  const Eigen::Vector3f between = testing::floorPoint() + Eigen::Vector3f(.01F, .01F, 0);
  EXPECT_GT(distance(colorAt(between), QColor(120, 130, 140)), 60);
  view.settings().setPointSize_px(20);
  EXPECT_LE(distance(colorAt(between), QColor(120, 130, 140)), kColorTolerance);
}

TEST_F(SceneStyleTest, ShadesByDepthWhereSomethingStandsBefore) {
  ASSERT_TRUE(page.settle());
  constexpr QSize kSize(640, 480);  // Pictures are of this size on any screen.
  const auto plain = view.picture(kSize, false);
  view.settings().setEyeDome(true);
  const auto shaded = view.picture(kSize, false);
  ASSERT_TRUE(plain && shaded);
  int darker = 0;
  for (int y = 0; y < kSize.height(); ++y) {
    for (int x = 0; x < kSize.width(); ++x) {
      if (shaded->pixelColor(x, y).value() + 25 < plain->pixelColor(x, y).value()) ++darker;
    }
  }
  EXPECT_GT(darker, 10) << "the edge of the patch before the floor; none without the shading";
  const auto chair = view.camera().project(testing::chairPoint(), {kSize.width(), kSize.height()});
  const QColor on_a_plane = shaded->pixelColor(qRound(chair->x()), qRound(chair->y()));
  EXPECT_LE(distance(on_a_plane, QColor(190, 60, 50)), 40) << "not on a plane";
}

TEST_F(SceneStyleTest, DrawsManyPointsByPiecesUntilAllAreThere) {
  auto scene = std::make_shared<Scene>();
  scene->name = "many";
  constexpr int kSide = 1600;
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x)
      scene->mesh.vertices.positions_m.emplace_back(.002F * static_cast<float>(x), .002F * static_cast<float>(y), 0);
  }
  document.setScene(scene);
  bool was_partial = false;
  ASSERT_TRUE(testing::waitFor(
      [&] {
        was_partial = was_partial || (view.numShown() > 0 && view.numShown() < view.numPoints());
        return view.isComplete() && view.numShown() == view.numPoints();
      },
      60'000));
  EXPECT_TRUE(was_partial);
  EXPECT_EQ(view.numBytesOnGpu(), 16 * view.numPoints());
}

}  // namespace
}  // namespace tagscape

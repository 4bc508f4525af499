// Layers, picking and navigation of the 3D view, looked at by the pixels of its picture.

#include "core/geometry/reference_depth.h"
#include "tests/ui/support/pages.h"
#include "tests/ui/support/patch_scene.h"
#include "ui/dialogs/picture_dialog.h"
#include "ui/render/colors.h"
#include "ui/services/observing_frame_finder.h"
#include "ui/view3d/scene_view.h"

#include <QFile>
#include <QPushButton>
#include <QSpinBox>
#include <QTemporaryDir>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using testing::distance;
using testing::kChairClass;
using testing::kFloorClass;

constexpr int kColorTolerance = 14;  // Sum over three channels; rounding of shader and table.

const Eigen::Vector3f kLeftOnChair(-.2F, .5F, .3F), kRightOnChair(.2F, .5F, .3F);  // 2D CAM 1 and 0.
const PointLayer kObservingFrames{"observing-frames"};
const Eigen::Vector3f kBehindChair(0, .8F, 0);  // Hidden from frame 0.

/// [points] how many frames see each, frame by frame.
std::vector<std::uint16_t> countedFrames(const Scene& scene, DepthTolerance tolerance) {
  std::vector<std::uint16_t> counts(scene.points().size());
  ReferenceDepth reference(scene);
  for (std::size_t frame = 0; frame < scene.frames.size(); ++frame) {
    const auto depth = reference.of(frame);
    if (!depth || !scene.frames[frame].world_from_camera) continue;
    VisibilityResult visibility;
    computeVisibility(scene.points().positions_m,
                      {scene.frames[frame].world_from_camera, scene.color_intrinsics, depth->camera, &depth->image},
                      tolerance,
                      visibility);
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += visibility.reason[i] == Visibility::Visible ? 1 : 0;
  }
  return counts;
}

/// The patch with true classes: the chair, of the floor the half at x < 0; the other half is called a chair.
SharedScene labelledPatch() {
  auto scene = std::make_shared<Scene>(*testing::patchScene());
  for (const auto& position : scene->points().positions_m)
    scene->point_labels.push_back(position.z() > 0 || position.x() > .01F ? kChairClass : kFloorClass);
  return scene;
}

struct SceneLayersTest : ::testing::Test {
  SceneLayersTest() : finder(document), view(document), page(view) {
    view.setAnimated(false);
    view.resize(640, 480);
    view.show();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(&view));
    document.setScene(labelledPatch());
    EXPECT_TRUE(document.setCams(testing::patchCams(*document.scene())));
    document.setClassIndex(kChairClass);
    view.settings().setShowsFrames(false);
  }
  ~SceneLayersTest() override { EXPECT_EQ(view.numGlErrors(), 0); }

  QColor colorAt(const Eigen::Vector3f& point) { return page.picture().pixelColor(page.place(point)); }
  void lookFromAbove() {
    view.setStandardView(StandardView::Top);
    ASSERT_TRUE(page.settle());
  }

  Document document;
  ObservingFrameFinder finder;
  SceneView view;
  testing::SceneViewPage page;
};

TEST_F(SceneLayersTest, LiftsTheCamsOfFramesToThePoints) {
  document.setLayer(PointLayer::LiftedCam);
  EXPECT_LE(distance(colorAt(kLeftOnChair), toQColor(viridis(1))), kColorTolerance);
  EXPECT_GT(distance(colorAt(kRightOnChair), toQColor(viridis(1))), 150) << "the frame's CAM is 0 there";
  EXPECT_TRUE(view.layers().has(PointLayer::LiftedCam));
}

TEST_F(SceneLayersTest, ShowsWhereLiftedAndPointCamsDisagree) {
  document.setLayer(PointLayer::Disagreement);
  EXPECT_LE(distance(colorAt(kLeftOnChair), toQColor(viridis(0))), kColorTolerance) << "both are 1";
  EXPECT_LE(distance(colorAt(kRightOnChair), toQColor(viridis(1))), kColorTolerance) << "1 and 0";
}

TEST_F(SceneLayersTest, SaysWhatALayerLacks) {
  document.setLayer(PointLayer::LiftedCam);
  ASSERT_TRUE(page.settle());
  EXPECT_TRUE(view.layers().note(PointLayer::LiftedCam).isEmpty());
  auto cams = std::make_shared<SceneCams>(*document.cams());
  cams->frames.clear();
  document.clearCams();
  ASSERT_TRUE(document.setCams(cams));
  ASSERT_TRUE(page.settle());
  EXPECT_FALSE(view.layers().note(PointLayer::LiftedCam).isEmpty());
  EXPECT_LE(distance(colorAt(kLeftOnChair), QColor(190, 60, 50)), kColorTolerance) << "own colours meanwhile";
}

TEST_F(SceneLayersTest, ShowsHowSurePredictionsAre) {
  auto cams = std::make_shared<SceneCams>(*document.cams());
  for (std::size_t i = 0; i < cams->numPoints(); ++i) {
    if (document.scene()->points().positions_m[i].z() > 0) cams->point_values[i * kNumClasses + kFloorClass] = 1;
  }
  ASSERT_TRUE(document.setCams(cams));
  document.setLayer(PointLayer::Confidence);
  EXPECT_LE(distance(colorAt(testing::chairPoint()), toQColor(viridis(.5F))), kColorTolerance);
  EXPECT_LE(distance(colorAt(testing::floorPoint()), toQColor(viridis(1))), kColorTolerance);
}

TEST_F(SceneLayersTest, ShowsWhyTheCurrentFrameDoesNotSeeAPoint) {
  lookFromAbove();
  document.setLayer(PointLayer::Reason);
  EXPECT_LE(distance(colorAt(testing::floorPoint()), toQColor(reasonColor(Visibility::Visible))), kColorTolerance);
  EXPECT_LE(distance(colorAt(kBehindChair), toQColor(reasonColor(Visibility::Occluded))), kColorTolerance);
  document.setFrameIndex(3);
  EXPECT_FALSE(page.picture().isNull());
  EXPECT_FALSE(view.layers().note(PointLayer::Reason).isEmpty()) << "the frame has no pose";
  EXPECT_GT(distance(colorAt(kBehindChair), toQColor(reasonColor(Visibility::Occluded))), 60);
}

TEST_F(SceneLayersTest, ShowsHowManyFramesSeeEachPoint) {
  lookFromAbove();
  document.setLayer(kObservingFrames);
  ASSERT_TRUE(page.settle());
  DepthTolerance tolerance;
  tolerance.absolute_m = document.tolerance_m();
  const auto expected = countedFrames(*document.scene(), tolerance);
  const auto shown = view.layers().column(kObservingFrames).values;
  EXPECT_TRUE(std::equal(shown.begin(), shown.end(), expected.begin(), expected.end()));
  const std::uint16_t most = *std::max_element(expected.begin(), expected.end());
  EXPECT_EQ(most, 3) << "the fourth frame has no pose";
  EXPECT_EQ(view.rangeOf(kObservingFrames), (HeatRange{1, 3}));
  EXPECT_LE(distance(colorAt(testing::floorPoint()), toQColor(viridis(1))), kColorTolerance);
  EXPECT_LE(distance(colorAt(kBehindChair), toQColor(colorLayer(kObservingFrames.id).no_value().color)),
            kColorTolerance);
  document.displayStyle().lockRange(.2F, .4F);
  EXPECT_EQ(view.rangeOf(kObservingFrames), (HeatRange{1, 3})) << "counts have no place in a range of CAMs";
}

TEST(PointLayers, CountObservingFramesAsTheIndexGrows) {
  Document document;
  PointLayers layers(document);
  const SharedScene scene = testing::patchScene();
  document.setScene(scene);
  document.setLayer(kObservingFrames);
  layers.setWanted({kObservingFrames});
  EXPECT_FALSE(layers.has(kObservingFrames));
  EXPECT_TRUE(layers.isBusy());
  auto index = std::make_shared<VisibilityIndex>(scene->points().size(), scene->frames.size());
  VisibilityResult visibility;
  visibility.reason.assign(scene->points().size(), Visibility::Occluded);
  visibility.reason[5] = Visibility::Visible;
  index->add(0, visibility);
  document.link().setVisibilityIndex(index);
  ASSERT_TRUE(layers.has(kObservingFrames));
  EXPECT_EQ(layers.column(kObservingFrames).values[5], 1);
  EXPECT_EQ(layers.column(kObservingFrames).values[6], kUnseenValue) << "a frame to come may see it";
  EXPECT_TRUE(layers.isBusy());
  EXPECT_TRUE(layers.note(kObservingFrames).contains("25 %")) << layers.note(kObservingFrames).toStdString();
  int num_changes = 0;
  QObject::connect(
      &layers, &PointLayers::columnChanged, [&](PointLayer layer) { num_changes += layer == kObservingFrames; });
  for (const std::size_t frame : {std::size_t{1}, std::size_t{2}}) index->add(frame, visibility);
  index->addBlind(3);
  document.link().setVisibilityIndex(index);
  EXPECT_EQ(num_changes, 1);
  EXPECT_EQ(layers.column(kObservingFrames).values[5], 3);
  EXPECT_EQ(layers.column(kObservingFrames).values[6], 0) << "no frame sees it";
  EXPECT_FALSE(layers.isBusy());
  EXPECT_TRUE(layers.note(kObservingFrames).isEmpty());
  document.setScene(testing::smallScene());
  EXPECT_FALSE(layers.has(kObservingFrames)) << "the index is of another scene";
}

TEST_F(SceneLayersTest, ShowsWherePredictionsAreWrong) {
  document.setLayer(PointLayer::Error);
  EXPECT_LE(distance(colorAt({-.4F, -.4F, 0}), toQColor(kRightRgb)), kColorTolerance);
  EXPECT_LE(distance(colorAt({.4F, -.4F, 0}), toQColor(kWrongRgb)), kColorTolerance);
}

TEST_F(SceneLayersTest, ShowsTheSegmentsOfTheSurface) {
  document.setLayer(PointLayer::Segment);
  const QColor floor = colorAt(testing::floorPoint());
  EXPECT_EQ(colorAt({.4F, -.4F, 0}), floor) << "flat, so one piece";
  EXPECT_NE(floor, QColor(120, 130, 140));
}

TEST_F(SceneLayersTest, DividesACloudWithoutTriangles) {
  auto scene = std::make_shared<Scene>(*labelledPatch());
  scene->mesh.triangles.clear();
  document.setScene(scene);
  document.setLayer(PointLayer::Segment);
  const QColor floor = colorAt(testing::floorPoint());
  EXPECT_EQ(colorAt({.4F, -.4F, 0}), floor) << "flat, so one piece";
  EXPECT_GT(distance(colorAt(testing::chairPoint()), floor), 60) << "another, as it stands on it";
  EXPECT_EQ(view.layers().segmentSource(), "Computed, as for training");
  EXPECT_TRUE(view.layers().note(PointLayer::Segment).isEmpty());
}

TEST_F(SceneLayersTest, TellsThatNothingIsThereToDivide) {
  document.setScene(std::make_shared<Scene>());
  document.setLayer(PointLayer::Segment);
  ASSERT_TRUE(page.settle());
  EXPECT_FALSE(view.layers().has(PointLayer::Segment));
  EXPECT_EQ(view.layers().note(PointLayer::Segment), "This scene has no points");
}

/// A folder as ScanNet's, of which only the segments are read here.
SharedScene patchWithSegments(const QTemporaryDir& folder, const QByteArray& segments) {
  auto scene = std::make_shared<Scene>(*labelledPatch());
  scene->path = folder.path().toStdString();
  for (const char* name : {"scene0000_00_vh_clean_2.ply", "scene0000_00_vh_clean_2.0.010000.segs.json"}) {
    QFile file(folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(segments) < 0) throw std::runtime_error("no temporary file");
  }
  return scene;
}

TEST_F(SceneLayersTest, DrawsTheScansOwnSegmentsAsTheyAreInTheFile) {
  // Where no computed ones would end: in the middle of the floor, and across it and the chair.
  const auto segment = [](const Eigen::Vector3f& at) {
    return at.x() < .005F ? 7U : (at.z() > .3F ? 1'000'000U : 12U);
  };
  QByteArrayList numbers;
  for (const auto& at : document.scene()->points().positions_m) numbers += QByteArray::number(segment(at));
  const QTemporaryDir folder;
  document.setScene(patchWithSegments(folder, R"({"params": {}, "segIndices": [)" + numbers.join(", ") + "]}"));
  view.layers().setUsesScanSegments(true);
  document.setLayer(PointLayer::Segment);
  for (const Eigen::Vector3f& at :
       {Eigen::Vector3f(-.4F, -.4F, 0), {.4F, -.4F, 0}, {-.2F, .5F, .1F}, {.2F, .5F, .4F}}) {
    const std::uint32_t number = segment(at);
    const Rgb8 color = segmentColor(packSegments(std::span(&number, 1)).front());
    EXPECT_LE(distance(colorAt(at), toQColor(color)), kColorTolerance) << number;
  }
  EXPECT_EQ(view.layers().segmentSource(), "The scan's own segments");
  const auto& positions = document.scene()->points().positions_m;
  const auto rows = view.layers().segmentOf(0);
  EXPECT_EQ(static_cast<long>(rows.size()),
            std::count_if(positions.begin(), positions.end(), [&](const auto& at) { return segment(at) == 7; }));
}

TEST_F(SceneLayersTest, ShowsWhatTrainingUsesUnlessTheScansOwnSegmentsAreAskedFor) {
  const std::size_t num_points = document.scene()->points().size();
  QByteArrayList numbers;
  for (std::size_t i = 0; i < num_points; ++i) numbers += "7";
  const QTemporaryDir folder;
  document.setScene(patchWithSegments(folder, R"({"segIndices": [)" + numbers.join(", ") + "]}"));
  document.setLayer(PointLayer::Segment);
  ASSERT_TRUE(page.settle());
  EXPECT_EQ(view.layers().segmentSource(), "Computed, as for training");
  EXPECT_LT(view.layers().segmentOf(0).size(), num_points);
  view.layers().setUsesScanSegments(true);
  ASSERT_TRUE(page.settle());
  EXPECT_EQ(view.layers().segmentSource(), "The scan's own segments");
  EXPECT_EQ(view.layers().segmentOf(0).size(), num_points) << "one for all";
  view.layers().setUsesScanSegments(false);
  ASSERT_TRUE(page.settle());
  EXPECT_LT(view.layers().segmentOf(0).size(), num_points);
}

TEST_F(SceneLayersTest, TellsThatNoSegmentsAreTheScansOwn) {
  view.layers().setUsesScanSegments(true);
  document.setLayer(PointLayer::Segment);
  ASSERT_TRUE(page.settle());
  EXPECT_EQ(view.layers().segmentSource(), "Computed: the scan has none of its own");
}

TEST_F(SceneLayersTest, TellsThatTheScansOwnSegmentsDoNotFit) {
  const QTemporaryDir folder;
  document.setScene(patchWithSegments(folder, R"({"segIndices": [1, 2]})"));
  const std::size_t num_before = document.warnings().size();
  view.layers().setUsesScanSegments(true);
  document.setLayer(PointLayer::Segment);
  ASSERT_TRUE(page.settle());
  ASSERT_EQ(document.warnings().size(), num_before + 1);
  const QString refusal = QString::fromStdString(document.warnings().back().message);
  EXPECT_TRUE(refusal.contains("segs.json") && refusal.contains("2 vertices")) << refusal.toStdString();
  EXPECT_TRUE(view.layers().has(PointLayer::Segment)) << "the computed ones";
}

TEST_F(SceneLayersTest, WarnsOfBrokenSegmentsOnceIfOpeningDidSo) {
  const QTemporaryDir folder;
  auto scene = std::make_shared<Scene>(*patchWithSegments(folder, R"({"segIndices": [1, )"));
  // As a person may have named the folder: not as the scene does.
  const std::string file = "/./scene0000_00_vh_clean_2.0.010000.segs.json";
  scene->warnings = {{folder.path().toStdString() + file, "no JSON at byte 18"}};
  document.setScene(scene);
  view.layers().setUsesScanSegments(true);
  document.setLayer(PointLayer::Segment);
  ASSERT_TRUE(page.settle());
  EXPECT_EQ(document.warnings().size(), 1U);
  EXPECT_EQ(view.layers().segmentSource(), "Computed: the scan's own cannot be used");
}

TEST_F(SceneLayersTest, MixesTwoLayers) {
  document.setLayer(PointLayer::Prediction);
  view.settings().setOtherLayer(PointLayer::Rgb);
  view.settings().setBlend(.25F);
  const QColor chair = classColor(kChairClass);
  const QColor mixed((chair.red() * 3 + 190) / 4, (chair.green() * 3 + 60) / 4, (chair.blue() * 3 + 50) / 4);
  EXPECT_LE(distance(colorAt(testing::chairPoint()), mixed), kColorTolerance);
  view.settings().setBlend(1);
  EXPECT_LE(distance(colorAt(testing::chairPoint()), QColor(190, 60, 50)), kColorTolerance);
}

TEST_F(SceneLayersTest, TakesEachHeatMap) {
  document.setLayer(PointLayer::Cam);
  for (int i = 0; i < kNumHeatMaps; ++i) {
    const auto map = static_cast<HeatMap>(i);
    document.displayStyle().setHeatMap(map);
    EXPECT_LE(distance(colorAt(testing::chairPoint()), toQColor(heatColor(map, 1))), kColorTolerance) << i;
  }
}

TEST_F(SceneLayersTest, SpreadsTheHeatMapOverALockedRange) {
  auto cams = std::make_shared<SceneCams>(*document.cams());
  for (float& value : cams->point_values) value *= .5F;
  ASSERT_TRUE(document.setCams(cams));
  document.setLayer(PointLayer::Cam);
  document.displayStyle().lockRange(.25F, .5F);
  EXPECT_LE(distance(colorAt(testing::chairPoint()), toQColor(viridis(1))), kColorTolerance);
  document.displayStyle().lockRange(.5F, 1);
  EXPECT_LE(distance(colorAt(testing::chairPoint()), toQColor(viridis(0))), kColorTolerance);
}

TEST_F(SceneLayersTest, LocksTheRangeByTheOverlay) {
  auto cams = std::make_shared<SceneCams>(*document.cams());
  for (float& value : cams->point_values) value *= .5F;
  for (float& value : cams->frames.front().values)
    value *= .5F;  // Where one is 0 and the other not, they differ by .5.
  ASSERT_TRUE(document.setCams(cams));
  document.setLayer(PointLayer::Disagreement);
  (void)page.picture();
  QTest::qWait(50);
  const QRectF box = view.overlay().controlRect("lock");
  ASSERT_FALSE(box.isNull());
  QTest::mousePress(&view, Qt::LeftButton, {}, QPoint(qRound(box.left()) + 8, qRound(box.center().y())));
  QTest::qWait(80);
  QTest::mouseRelease(&view, Qt::LeftButton, {}, QPoint(qRound(box.left()) + 8, qRound(box.center().y())));
  EXPECT_TRUE(testing::waitFor([&] { return document.displayStyle().isRangeLocked(); }, 3000));
  EXPECT_NEAR(document.displayStyle().heatRange().high, .5, .01);
}

TEST_F(SceneLayersTest, HidesClasses) {
  document.setLayer(PointLayer::Prediction);
  document.displayStyle().setShown(kChairClass, false);
  EXPECT_GT(distance(colorAt(testing::chairPoint()), classColor(kChairClass)), 60);
  EXPECT_LE(distance(colorAt(testing::floorPoint()), classColor(kFloorClass)), kColorTolerance);
  document.setSurface(Surface::Mesh);
  document.displayStyle().solo(kChairClass);
  EXPECT_GT(distance(colorAt(testing::floorPoint()), classColor(kFloorClass)), 60) << "of the mesh too";
}

TEST_F(SceneLayersTest, ColoursClassesByTheChosenPalette) {
  document.setLayer(PointLayer::Prediction);
  document.displayStyle().setPalette(ClassPalette::Distinct);
  const auto rgb = classColors(ClassPalette::Distinct)[kChairClass];
  EXPECT_LE(distance(colorAt(testing::chairPoint()), QColor(rgb[0], rgb[1], rgb[2])), kColorTolerance);
}

TEST_F(SceneLayersTest, MixesEveryLayerWithItselfAndTheNext) {
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

TEST_F(SceneLayersTest, SendsNothingButColoursWhenTheLookChanges) {
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

TEST_F(SceneLayersTest, CutsAwayWhatIsOutsideTheBoxOrBeforeThePlane) {
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

TEST_F(SceneLayersTest, SizesPointsInPixels) {
  view.settings().setPointSize_px(1);
  const Eigen::Vector3f between = testing::floorPoint() + Eigen::Vector3f(.01F, .01F, 0);
  EXPECT_GT(distance(colorAt(between), QColor(120, 130, 140)), 60);
  view.settings().setPointSize_px(20);
  EXPECT_LE(distance(colorAt(between), QColor(120, 130, 140)), kColorTolerance);
}

TEST_F(SceneLayersTest, ShadesByDepthWhereSomethingStandsBefore) {
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

TEST_F(SceneLayersTest, PicksThePointThatIsDrawnUnderThePixel) {
  ASSERT_TRUE(page.settle());
  const auto& points = document.scene()->points().positions_m;
  int num_picked = 0;
  for (int y = 40; y < view.height() - 40; y += 23) {
    for (int x = 280; x < view.width() - 20; x += 23) {
      const auto point = view.pointAt({x + .5, y + .5});
      if (!point) continue;
      ++num_picked;
      const auto pixel = view.camera().project(points[*point], view.viewSize());
      ASSERT_TRUE(pixel);
      // A sprite is 1.5 spacings of 2 cm wide; at the nearest point that is its radius on screen.
      const float radius_px = .75F * .02F * view.camera().focalLength_px(view.viewSize()) /
                              (points[*point] - view.camera().eyeInWorld()).norm() * 1.2F;
      EXPECT_LE(
          (*pixel - Eigen::Vector2f(static_cast<float>(x) + .5F, static_cast<float>(y) + .5F)).cwiseAbs().maxCoeff(),
          radius_px + 1);
    }
  }
  EXPECT_GT(num_picked, 40);
  EXPECT_FALSE(view.pointAt({view.width() - 3., 3.})) << "the background";
}

TEST_F(SceneLayersTest, PicksWhatIsInFront) {
  ASSERT_TRUE(page.settle());
  const auto point = view.pointAt(page.place(testing::chairPoint()));
  ASSERT_TRUE(point);
  EXPECT_NEAR(document.scene()->points().positions_m[*point].y(), .5, 1e-4);
  document.setSurface(Surface::Mesh);
  ASSERT_TRUE(page.settle());
  const auto corner = view.pointAt(page.place(testing::floorPoint()));
  ASSERT_TRUE(corner);
  EXPECT_LE((document.scene()->points().positions_m[*corner] - testing::floorPoint()).norm(), .03);
}

TEST_F(SceneLayersTest, TellsWhatTheCursorIsOver) {
  ASSERT_TRUE(page.settle());
  qint64 hovered = -1;
  QObject::connect(&view, &SceneView::pointHovered, &view, [&hovered](qint64 point) { hovered = point; });
  const QPoint place = page.place(testing::chairPoint());
  QMouseEvent move(QEvent::MouseMove, place, view.mapToGlobal(place), Qt::NoButton, Qt::NoButton, {});
  QApplication::sendEvent(&view, &move);
  ASSERT_TRUE(testing::waitFor([&] { return hovered >= 0; }));
  EXPECT_EQ(static_cast<std::size_t>(hovered), view.pointAt(place).value_or(0));
}

TEST_F(SceneLayersTest, FliesIntoTheFrameWhoseCameraIsClicked) {
  view.settings().setShowsFrames(true);
  document.setFrameIndex(0);
  view.setStandardView(StandardView::Top);
  view.orbitBy(0, -60);
  OrbitCamera camera = view.camera();
  camera.zoomAbout(camera.targetInWorld(), 2.5F);
  view.setCamera(camera);
  ASSERT_TRUE(page.settle());
  const Pose& pose = *document.scene()->frames[1].world_from_camera;
  const QPoint place = page.place(pose.translation().cast<float>());
  ASSERT_TRUE(view.rect().contains(place));
  QTest::mouseClick(&view, Qt::LeftButton, {}, place);
  EXPECT_EQ(document.frameIndex(), 1);
  EXPECT_NEAR((view.camera().eyeInWorld() - pose.translation().cast<float>()).norm(), 0, 1e-3);
}

TEST_F(SceneLayersTest, FliesWhileTheRightButtonIsHeld) {
  ASSERT_TRUE(page.settle());
  const Eigen::Vector3f eye = view.camera().eyeInWorld();
  const Eigen::Vector3f forward = (view.camera().targetInWorld() - eye).normalized();
  QTest::keyPress(&view, Qt::Key_W);
  QTest::qWait(60);
  EXPECT_EQ(view.camera().eyeInWorld(), eye) << "keys alone do nothing";
  QTest::mousePress(&view, Qt::RightButton, {}, QPoint(400, 300));
  QTest::keyPress(&view, Qt::Key_W);
  EXPECT_TRUE(testing::waitFor([&] { return (view.camera().eyeInWorld() - eye).dot(forward) > .05F; }, 3000));
  QTest::keyRelease(&view, Qt::Key_W);
  QTest::mouseRelease(&view, Qt::RightButton, {}, QPoint(400, 300));
  const Eigen::Vector3f stopped = view.camera().eyeInWorld();
  QTest::qWait(60);
  EXPECT_EQ(view.camera().eyeInWorld(), stopped);
}

TEST_F(SceneLayersTest, TakesAViewAsText) {
  const QString text = view.viewText();
  view.orbitBy(150, 20);
  ASSERT_NE(view.viewText(), text);
  ASSERT_TRUE(view.setViewText(text));
  EXPECT_EQ(view.viewText(), text);
  EXPECT_FALSE(view.setViewText("somewhere"));
  EXPECT_EQ(view.viewText(), text);
}

TEST_F(SceneLayersTest, MakesPicturesOfAnySizeAndTransparent) {
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

TEST_F(SceneLayersTest, PictureOfManyTilesIsThatOfOne) {
  constexpr QSize kSize(900, 700);
  constexpr double kMostDifferent = .0001;  // Rounding may move an edge by a pixel; without margins it is .0003.
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
      EXPECT_LE(differingPart(*whole, *tiled), kMostDifferent) << is_mesh << is_transparent;
    }
  }
  const auto stopped = view.picture(kSize, false, [](int done, int) { return done < 3; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

TEST_F(SceneLayersTest, PicturesMayBeLargerThanTheDriverMakesThem) {
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

TEST_F(SceneLayersTest, DialogSavesALargePictureUnlessItIsStopped) {
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

TEST_F(SceneLayersTest, ViewGoesOnWhileAPictureIsMade) {
  const QColor chair = colorAt(testing::chairPoint());
  view.setLargestTile_px(200);
  const auto picture = view.picture({900, 700}, false, [&](int done, int) {
    if (done == 1) document.setLayer(PointLayer::Prediction);
    QTest::qWait(20);  // Paints.
    return true;
  });
  ASSERT_TRUE(picture);
  const auto pixel = view.camera().project(testing::chairPoint(), {900, 700});
  EXPECT_LE(distance(picture->pixelColor(qRound(pixel->x()), qRound(pixel->y())), chair), kColorTolerance);
  EXPECT_LE(distance(colorAt(testing::chairPoint()), classColor(kChairClass)), kColorTolerance);
}

TEST_F(SceneLayersTest, DrawsManyPointsByPiecesUntilAllAreThere) {
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

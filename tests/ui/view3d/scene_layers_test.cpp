// Layers of the 3D view, looked at by the pixels of its picture.

#include "core/geometry/reference_depth.h"
#include "tests/ui/support/scene_view_fixture.h"
#include "ui/render/colors.h"

#include <algorithm>

namespace tagscape {
namespace {

using testing::distance;
using testing::kChairClass;
using testing::kColorTolerance;
using testing::kFloorClass;

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

using SceneLayersTest = testing::SceneViewFixture;

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
  const auto expected = countedFrames(*document.scene(), document.tolerance());
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

}  // namespace
}  // namespace tagscape

// Linked views as the user works with them: point at a place in one, look at the marker in the other. Where markers
// must be is computed from the cameras.

#include "tests/support/tolerances.h"
#include "tests/ui/support/pages.h"
#include "tests/ui/support/patch_scene.h"
#include "ui/view3d/marker_layer.h"
#include "ui/window/link_controller.h"

#include <QLabel>
#include <QStackedWidget>
#include <QToolButton>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace tagscape {
namespace {

using testing::control;
using testing::kChairClass;
using testing::kFloorClass;

constexpr double kPixelTolerance = .02;
constexpr float kPlaceTolerance_m = .03F;  // one and a half of the distance between points

/// The pixel of a frame that a world point projects to, by the pinhole formula.
QPointF pixelOf(const Scene& scene, std::size_t frame, const Eigen::Vector3f& point) {
  const Eigen::Vector3d in_camera = scene.frames[frame].world_from_camera->inverse() * point.cast<double>();
  const Intrinsics& camera = scene.color_intrinsics;
  return {camera.fx * in_camera.x() / in_camera.z() + camera.cx, camera.fy * in_camera.y() / in_camera.z() + camera.cy};
}

struct LinkedViews : ::testing::Test {
  LinkedViews() : window(false), image(window), view(window.sceneView()), link(window) {
    window.resize(1280, 800);
    window.show();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(&window));
    document().setScene(testing::patchScene());
    EXPECT_TRUE(document().setCams(testing::patchCams(scene())));
    window.findChild<QStackedWidget*>()->setCurrentWidget(&window.sceneView());
    EXPECT_TRUE(view.settle());
    EXPECT_TRUE(image.settle());
    EXPECT_TRUE(link.settle());
  }
  ~LinkedViews() override { EXPECT_EQ(window.sceneView().numGlErrors(), 0); }
  Document& document() { return window.document(); }
  const Scene& scene() { return *document().scene(); }
  ImageCanvas& canvas() { return window.imagePanel().canvas(); }

  MainWindow window;
  testing::ImagePage image;
  testing::SceneViewPage view;
  testing::LinkPage link;
};

TEST_F(LinkedViews, RectangleInThe3dViewSelectsWhatItShowsAndTheImageMarksIt) {
  const QPoint chair = view.place(testing::chairPoint());
  view.drag(chair - QPoint(8, 8), chair + QPoint(8, 8), Qt::LeftButton, Qt::ControlModifier);
  const auto& points = document().selection().points();
  ASSERT_FALSE(points.empty());
  for (const std::uint32_t point : points)
    EXPECT_LT((scene().points().positions_m[point] - testing::chairPoint()).norm(), .3F) << "nothing behind it";
  EXPECT_FALSE(canvas().dots().isEmpty());
  EXPECT_FALSE(control<QLabel>(window, "selectionState").isHidden());
  window.findChild<QAction*>("escapeAction")->trigger();
  EXPECT_TRUE(document().selection().isEmpty());
  EXPECT_TRUE(canvas().dots().isEmpty());
}

TEST_F(LinkedViews, ShiftAddsToTheSelectionInThe3dView) {
  const auto select = [this](const Eigen::Vector3f& point, Qt::KeyboardModifiers keys) {
    const QPoint place = view.place(point);
    view.drag(place - QPoint(8, 8), place + QPoint(8, 8), Qt::LeftButton, keys);
    return document().selection().points();
  };
  const auto chair = select(testing::chairPoint(), Qt::ControlModifier);
  ASSERT_FALSE(chair.empty());
  const auto both = select(testing::floorPoint(), Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_GT(both.size(), chair.size());
  EXPECT_TRUE(std::includes(both.begin(), both.end(), chair.begin(), chair.end()));
  const auto floor = select(testing::floorPoint(), Qt::ControlModifier);
  EXPECT_EQ(floor.size() + chair.size(), both.size()) << "without Shift the chair is deselected";
}

TEST_F(LinkedViews, ShiftAddsToTheSelectionInTheImage) {
  constexpr double kHalf_px = 4;
  const auto select = [this](const Eigen::Vector3f& point, Qt::KeyboardModifiers keys) {
    image.select(pixelOf(scene(), 0, point), kHalf_px, keys);
    return document().selection().points();
  };
  const auto chair = select(testing::chairPoint(), Qt::ControlModifier);
  ASSERT_FALSE(chair.empty());
  for (const std::uint32_t point : chair) {
    EXPECT_EQ(scene().points().positions_m[point].y(), .5F) << "not the floor behind it";
    const QPointF apart =
        pixelOf(scene(), 0, scene().points().positions_m[point]) - pixelOf(scene(), 0, testing::chairPoint());
    EXPECT_LE(std::max(std::abs(apart.x()), std::abs(apart.y())), kHalf_px + 1);
  }
  const auto both = select(testing::floorPoint(), Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_GT(both.size(), chair.size());
  EXPECT_TRUE(std::includes(both.begin(), both.end(), chair.begin(), chair.end()));
  EXPECT_EQ(select(testing::floorPoint(), Qt::ControlModifier).size() + chair.size(), both.size());
}

TEST_F(LinkedViews, AClickInTheSuperpointsLayerSelectsTheSuperpoint) {
  const auto click = [this](const Eigen::Vector3f& point) {
    EXPECT_TRUE(view.settle());
    QTest::mouseClick(&window.sceneView(), Qt::LeftButton, {}, view.place(point));
    return document().selection().points();
  };
  EXPECT_TRUE(click(testing::floorPoint()).empty()) << "in another layer";
  document().setLayer(PointLayer::Superpoints);
  const auto floor = click(testing::floorPoint());
  const auto& positions = scene().points().positions_m;
  const auto is_floor = [](const Eigen::Vector3f& point) { return point.z() == 0; };
  // Points at the rim of the floor may belong to what stands there: their normals are those of both.
  constexpr double kMinPartOfFloor = .95;
  const auto num_floor = static_cast<double>(std::count_if(positions.begin(), positions.end(), is_floor));
  EXPECT_GE(static_cast<double>(floor.size()), kMinPartOfFloor * num_floor);
  for (const std::uint32_t point : floor) ASSERT_EQ(positions[point].z(), 0);
  EXPECT_EQ(control<QLabel>(window, "selectionState").text().left(15), "Selected points");
  const auto chair = click(testing::chairPoint());
  ASSERT_FALSE(chair.empty());
  EXPECT_GT(positions[chair.front()].z(), 0) << "in place of the floor";
}

TEST_F(LinkedViews, PressingTheOverlaySelectsNothingBehindIt) {
  document().setLayer(PointLayer::Superpoints);
  ASSERT_TRUE(view.settle());
  const QPoint slider = window.sceneView().overlay().controlRect("point size").center().toPoint();
  ASSERT_FALSE(slider.isNull());
  OrbitCamera camera = window.sceneView().camera();
  camera.zoomAbout(camera.targetInWorld(), .3F);  // So that points are behind the overlay.
  window.sceneView().setCamera(camera);
  ASSERT_TRUE(view.settle());
  ASSERT_TRUE(window.sceneView().picker().pointAt(slider));
  QTest::mouseClick(&window.sceneView(), Qt::LeftButton, {}, slider);
  EXPECT_TRUE(document().selection().isEmpty());
  EXPECT_FALSE(document().link().selected());
  view.drag(slider, slider + QPoint(30, 10), Qt::LeftButton, Qt::ControlModifier);
  EXPECT_TRUE(document().selection().isEmpty());
}

TEST_F(LinkedViews, PlaceUnderTheCursorInTheImageIsMarkedInThe3dView) {
  const QPointF pixel = pixelOf(scene(), 0, testing::chairPoint());
  link.hoverImage(pixel);
  const auto marker = link.sceneMarker();
  ASSERT_TRUE(marker);
  EXPECT_LT((marker->position_m - testing::chairPoint()).norm(), kPlaceTolerance_m);
  EXPECT_EQ(marker->text, "visible");
  EXPECT_TRUE(marker->is_seen);
  const auto place = window.sceneView().markers().placeOf(*marker);
  ASSERT_TRUE(place);
  EXPECT_LE((*place - QPointF(view.place(testing::chairPoint()))).manhattanLength(), 12);
  ASSERT_TRUE(document().link().hovered()->row);
  const auto& nearest = scene().points().positions_m[*document().link().hovered()->row];
  EXPECT_LT((nearest - testing::chairPoint()).norm(), kPlaceTolerance_m);
  link.leaveImage();
  EXPECT_FALSE(link.sceneMarker());
}

TEST_F(LinkedViews, APlaceInTheImageWithoutAPlaceIn3dSaysWhy) {
  link.hoverImage({1, 1});
  EXPECT_FALSE(link.sceneMarker());
  EXPECT_EQ(control<QLabel>(window, "placeText").text(), "no depth here, so no 3D point");
  link.leaveImage();
  EXPECT_EQ(control<QLabel>(window, "placeText").text(), "");
  document().setFrameIndex(3);
  ASSERT_TRUE(image.settle());
  link.hoverImage({80, 60});
  EXPECT_EQ(control<QLabel>(window, "placeText").text(), "the frame has no pose");
}

TEST_F(LinkedViews, PlaceUnderTheCursorInThe3dViewIsMarkedInTheImageAsTheProjectionSays) {
  link.hoverScene(testing::chairPoint());
  ASSERT_TRUE(testing::waitFor([&] { return document().link().hovered().has_value(); }));
  const auto marker = canvas().hoverMarker();
  ASSERT_TRUE(marker);
  EXPECT_EQ(marker->text, "visible");
  const QPointF expected = pixelOf(scene(), 0, document().link().hovered()->position_m);
  EXPECT_NEAR(marker->pixel.x(), expected.x(), kPixelTolerance);
  EXPECT_NEAR(marker->pixel.y(), expected.y(), kPixelTolerance);
  EXPECT_LT((document().link().hovered()->position_m - testing::chairPoint()).norm(), kPlaceTolerance_m);
}

TEST_F(LinkedViews, MarkerSaysByHowMuchAPlaceIsOccluded) {
  // On the floor behind the patch, as the first camera sees it.
  const Eigen::Vector3f behind(0, .8F, 0);
  document().link().setHovered(LinkedPoint{LinkedPoint::Source::Scene, behind, std::nullopt});
  const auto marker = canvas().hoverMarker();
  ASSERT_TRUE(marker);
  EXPECT_FALSE(marker->is_seen);
  // The ray to that place meets the patch (y = .5) where y went 2.5 of 2.8 m: depths in the same proportion.
  const Eigen::Vector3d in_camera = scene().frames[0].world_from_camera->inverse() * behind.cast<double>();
  const double hidden_cm = 100 * in_camera.z() * (1 - 2.5 / 2.8);
  EXPECT_EQ(marker->text, QString("occluded by %1 cm").arg(hidden_cm, 0, 'f', 0));
}

TEST_F(LinkedViews, PlacesThatTheFrameCannotShowAreNotMarkedInIt) {
  document().link().setHovered(LinkedPoint{LinkedPoint::Source::Scene, {0, -5, 1}, std::nullopt});
  EXPECT_FALSE(canvas().hoverMarker());
  EXPECT_TRUE(control<QLabel>(window, "placeText").text().contains("behind the camera"));
  document().setFrameIndex(3);  // without a pose
  ASSERT_TRUE(image.settle());
  EXPECT_TRUE(control<QLabel>(window, "placeText").text().contains("no pose"));
}

TEST_F(LinkedViews, ClickInOneViewStaysMarkedInBothUntilEscape) {
  QTest::mouseClick(&window.sceneView(), Qt::LeftButton, {}, view.place(testing::chairPoint()));
  ASSERT_TRUE(document().link().selected());
  EXPECT_TRUE(canvas().selectionMarker());
  ASSERT_EQ(window.sceneView().markers().markers().size(), 1U);
  EXPECT_TRUE(window.sceneView().markers().markers()[0].is_selection);
  link.clickImage(pixelOf(scene(), 0, testing::floorPoint()));
  ASSERT_EQ(window.sceneView().markers().markers().size(), 1U);
  EXPECT_LT((window.sceneView().markers().markers()[0].position_m - testing::floorPoint()).norm(), kPlaceTolerance_m);
  EXPECT_LT((document().link().selected()->position_m - testing::floorPoint()).norm(), kPlaceTolerance_m);
  window.activateWindow();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
  QTest::keyClick(&window, Qt::Key_Escape);
  EXPECT_FALSE(document().link().selected());
  EXPECT_TRUE(window.sceneView().markers().markers().empty());
}

TEST_F(LinkedViews, DragIsNoClick) {
  view.drag(view.place(testing::chairPoint()), view.place(testing::chairPoint()) + QPoint(60, 0));
  EXPECT_FALSE(document().link().selected());
}

TEST_F(LinkedViews, ObservingFramesAreThoseThatSeeThePoint) {
  document().setClassIndex(kChairClass);
  link.hoverImage(pixelOf(scene(), 0, testing::chairPoint()));
  ASSERT_TRUE(testing::waitFor([&] { return document().link().observing_frames().size() == 3; }, 30'000))
      << "three of the four frames have a pose, and all of them see the patch";
  const auto row = *document().link().hovered()->row;
  for (const ObservingFrame& observing_frame : document().link().observing_frames()) {
    const auto index = static_cast<std::size_t>(observing_frame.frame_index);
    const auto depth = scene().pixels->depth(index).value();
    const FrameView frame{
        scene().frames[index].world_from_camera, scene().color_intrinsics, scene().depth_intrinsics, &depth};
    EXPECT_EQ(computeVisibility(std::span(&scene().points().positions_m[row], 1), frame).reason[0],
              Visibility::Visible);
  }
}

TEST_F(LinkedViews, JumpsToTheFrameWhose2dCamDisagreesMost) {
  document().setClassIndex(kChairClass);
  // Frame 20 says nothing of the chair at this place, frame 0 much; the 3D CAM is 1 there.
  auto cams = std::make_shared<SceneCams>(*document().cams());
  cams->frames.clear();
  for (const auto& [number, value] : {std::pair(0, .9F), std::pair(10, .6F), std::pair(20, .1F)})
    cams->frames.push_back({number, 2, 2, std::vector<float>(kNumClasses * 4, value)});
  ASSERT_TRUE(document().setCams(cams));
  link.hoverImage(pixelOf(scene(), 0, testing::chairPoint()));
  ASSERT_TRUE(testing::waitFor([&] { return document().link().observing_frames().size() == 3; }, 30'000));
  EXPECT_NEAR(document().link().observing_frames()[1].disagreement, .4F, testing::kFloatRounding);
  QTest::mouseClick(&control<QToolButton>(window, "mostDisagreeing"), Qt::LeftButton);
  EXPECT_EQ(document().frameIndex(), 2);
  QTest::mouseClick(&control<QToolButton>(window, "previousObservingFrame"), Qt::LeftButton);
  EXPECT_EQ(document().frameIndex(), 1);
  EXPECT_FALSE(document().link().observingFrameBeside(2, 1)) << "the fourth frame has no pose";
}

TEST_F(LinkedViews, MarkersFollowThePointerWithoutADrawingOfThePoints) {
  // The times are printed for comparisons between versions; they depend on the machine.
  using Cost = testing::LinkPage::Cost;
  std::vector<Cost> to_scene, to_image;
  for (int i = 0; i < 60; ++i) {
    const Eigen::Vector3f place(-.2F + .006F * static_cast<float>(i), .5F, .3F);
    to_scene.push_back(
        link.costUntilPainted(window.findChild<MarkerLayer*>(), [&] { link.hoverImage(pixelOf(scene(), 0, place)); }));
    ASSERT_TRUE(link.sceneMarker());
    EXPECT_LT((link.sceneMarker()->position_m - place).norm(), kPlaceTolerance_m) << i;
    EXPECT_TRUE(window.sceneView().isComplete()) << "the picture of the points is still valid";
    link.leaveImage();
    to_image.push_back(link.costUntilPainted(&canvas(), [&] { link.hoverScene(place); }));
  }
  const auto median = [](std::vector<Cost>& costs, double Cost::*which) {
    std::sort(costs.begin(), costs.end(), [which](const Cost& a, const Cost& b) { return a.*which < b.*which; });
    return costs[costs.size() / 2].*which;
  };
  const double scene_ms = median(to_scene, &Cost::cpu_ms), image_ms = median(to_image, &Cost::cpu_ms);
  std::printf("hover in the image to marker in the 3D view: median %.1f ms of processors, %.1f ms by the clock\n",
              scene_ms,
              median(to_scene, &Cost::wall_ms));
  std::printf("hover in the 3D view to marker in the image: median %.1f ms of processors, %.1f ms by the clock\n",
              image_ms,
              median(to_image, &Cost::wall_ms));
}

}  // namespace
}  // namespace tagscape

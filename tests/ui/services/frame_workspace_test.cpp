#include "ui/services/frame_workspace.h"

#include "tests/ui/support/patch_scene.h"
#include "ui/render/colors.h"

#include <gtest/gtest.h>

namespace tagscape {
namespace {

using testing::kChairClass;
using testing::kFloorClass;

struct FrameWorkspaceTest : ::testing::Test {
  FrameWorkspaceTest() {
    request.scene = testing::patchScene();
    request.cams = testing::patchCams(*request.scene);
    request.class_index = kChairClass;
  }
  FramePicture make() { return workspace.make(request, {}).value(); }

  /// The pixel of the first frame that shows this world point.
  QPoint pixelOf(const Eigen::Vector3f& point) const {
    const Pose& pose = *request.scene->frames[0].world_from_camera;
    const Eigen::Vector3d in_camera = pose.inverse() * point.cast<double>();
    const Intrinsics& camera = request.scene->color_intrinsics;
    return {qRound(camera.fx * in_camera.x() / in_camera.z() + camera.cx),
            qRound(camera.fy * in_camera.y() / in_camera.z() + camera.cy)};
  }

  FrameRequest request;
  FrameWorkspace workspace;
};

TEST_F(FrameWorkspaceTest, GivesTheFramesColour) {
  request.frame_index = 1;
  EXPECT_EQ(make().color.pixelColor(5, 5), toQColor(testing::frameColor(1)));
}

TEST_F(FrameWorkspaceTest, ProjectsTheClassWhereItsPointsAreAndOnlyThere) {
  request.overlay = FrameOverlay::ProjectedCam;
  const QImage chair = make().overlay;
  EXPECT_EQ(chair.pixelColor(pixelOf(testing::chairPoint())), toQColor(viridis(1)));
  EXPECT_EQ(chair.pixelColor(pixelOf(testing::floorPoint())).alpha(), 0);
  request.class_index = kFloorClass;
  const QImage floor = make().overlay;
  EXPECT_EQ(floor.pixelColor(pixelOf(testing::chairPoint())).alpha(), 0);
  EXPECT_EQ(floor.pixelColor(pixelOf(testing::floorPoint())), toQColor(viridis(1)));
}

TEST_F(FrameWorkspaceTest, ShowsThe2dCamOfTheClass) {
  request.overlay = FrameOverlay::Cam2d;
  const QImage overlay = make().overlay;
  EXPECT_EQ(overlay.pixelColor(10, 60), toQColor(viridis(1)));
  EXPECT_EQ(overlay.pixelColor(150, 60).alpha(), 0);
}

TEST_F(FrameWorkspaceTest, ShowsFloorBehindThePatchAsOccluded) {
  request.overlay = FrameOverlay::Occlusion;
  const FramePicture picture = make();
  ASSERT_TRUE(picture.reason_counts);
  EXPECT_GT((*picture.reason_counts)[static_cast<std::size_t>(Visibility::Occluded)], 50U);
  EXPECT_EQ(picture.overlay.pixelColor(pixelOf(testing::chairPoint())), toQColor(reasonColor(Visibility::Visible)));
}

TEST_F(FrameWorkspaceTest, FollowsAnotherTolerance) {
  request.overlay = FrameOverlay::Occlusion;
  const auto strict = *make().reason_counts;
  request.tolerance.absolute_m = 5;
  const auto loose = *make().reason_counts;
  EXPECT_EQ(loose[static_cast<std::size_t>(Visibility::Occluded)], 0U);
  EXPECT_GT(loose[static_cast<std::size_t>(Visibility::Visible)],
            strict[static_cast<std::size_t>(Visibility::Visible)]);
}

TEST_F(FrameWorkspaceTest, SaysWhatIsWrongWithABrokenImageAndStillProjects) {
  request.frame_index = 2;
  request.overlay = FrameOverlay::ProjectedCam;
  const FramePicture picture = make();
  EXPECT_NE(picture.problem.find("color/2.jpg"), std::string::npos);
  EXPECT_TRUE(picture.color.isNull());
  EXPECT_FALSE(picture.overlay.isNull());
}

TEST_F(FrameWorkspaceTest, SaysThatAFrameWithoutPoseCannotBeProjectedInto) {
  request.frame_index = 3;
  request.overlay = FrameOverlay::Occlusion;
  const FramePicture picture = make();
  EXPECT_FALSE(picture.color.isNull());
  EXPECT_TRUE(picture.overlay.isNull());
  EXPECT_NE(picture.problem.find("has no pose"), std::string::npos);
}

TEST_F(FrameWorkspaceTest, NotesThatAFrameHasNoLabelImage) {
  request.overlay = FrameOverlay::Truth;
  const FramePicture picture = make();
  EXPECT_TRUE(picture.overlay.isNull());
  EXPECT_NE(picture.note.find("label image"), std::string::npos);
}

TEST_F(FrameWorkspaceTest, NotesMissingCamsWithoutCallingThemAProblem) {
  request.cams = nullptr;
  request.overlay = FrameOverlay::Cam2d;
  const FramePicture picture = make();
  EXPECT_TRUE(picture.problem.empty());
  EXPECT_FALSE(picture.note.empty());
}

TEST_F(FrameWorkspaceTest, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  const auto result = workspace.make(request, {{}, stop.get_token()});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace tagscape

#include "core/scans/camera_text.h"

#include "core/scans/conventions.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

void expectCamera(const CameraModel& camera, double fx, double fy, double cx, double cy) {
  EXPECT_EQ(camera.fx, fx);
  EXPECT_EQ(camera.fy, fy);
  EXPECT_EQ(camera.cx, cx);
  EXPECT_EQ(camera.cy, cy);
}

TEST(CameraText, TakesMatricesOfEveryShapeAndFourNumbers) {
  for (const char* text : {"500 0 320\n0 510 240\n0 0 1\n",
                           "500 0 320 0\n0 510 240 0\n0 0 1 0\n0 0 0 1\n",
                           "500 0 320 0\n0 510 240 0\n0 0 1 0\n",
                           "[[500, 0, 320],\n [0, 510, 240],\n [0, 0, 1]]",
                           "500 510 320 240",
                           "# fx fy cx cy\n500;510;320;240\n",
                           "\xef\xbb\xbf"
                           "500,0 510,0 320,0 240,0"}) {
    const auto camera = parseCamera(text, "k.txt");
    ASSERT_TRUE(camera) << text << ": " << camera.error().message;
    expectCamera(*camera, 500, 510, 320, 240);
    EXPECT_EQ(camera->width, 0);
  }
}

TEST(CameraText, TakesTheSizeOfImagesBeforeAndAfter) {
  for (const char* text : {"640 480 500 510 320 240", "500 510 320 240 640 480"}) {
    const CameraModel camera = parseCamera(text, "k.pincam").value();
    expectCamera(camera, 500, 510, 320, 240);
    EXPECT_EQ(camera.width, 640);
    EXPECT_EQ(camera.height, 480);
  }
}

TEST(CameraText, RefusesOtherCounts) {
  EXPECT_FALSE(parseCamera("500 510 320", "k.txt"));
  EXPECT_FALSE(parseCamera("", "k.txt"));
  EXPECT_FALSE(parseCamera("fx fy cx cy", "k.txt"));
}

/// Centres of pixels are at whole numbers, so a camera is scaled about the corner (-.5, -.5).
TEST(CameraText, IsScaledToImagesOfAnotherSize) {
  std::string note;
  const Intrinsics half = fitCamera({1000, 1000, 639.5, 479.5, 1280, 960}, 640, 480, "k.txt", note).value();
  EXPECT_DOUBLE_EQ(half.fx, 500);
  EXPECT_DOUBLE_EQ(half.cx, 319.5);
  EXPECT_EQ(half.width, 640);
  EXPECT_EQ(note, "");
}

TEST(CameraText, ThatOnlyItsPrincipalPointTellsIsScaledWithANote) {
  std::string note;
  const Intrinsics quarter = fitCamera({1170, 1170, 647, 483}, 324, 242, "k.txt", note).value();
  EXPECT_NEAR(quarter.fx, 1170 / 4., 1);  // by the mean of both axes' ratios, which round differently
  EXPECT_NEAR(quarter.cx, 161.5, 1);
  EXPECT_THAT(note, HasSubstr("4 times as large"));
}

TEST(CameraText, OfImagesOfAnotherShapeIsRefused) {
  std::string note;
  EXPECT_FALSE(fitCamera({1000, 1000, 640, 480, 1280, 960}, 640, 360, "k.txt", note));
}

TEST(CameraOption, IsNumbersOrAFile) {
  expectCamera(readCameraOption("500,510,320,240").value(), 500, 510, 320, 240);
  EXPECT_EQ(readCameraOption("500,510,320,240,640,480")->height, 480);
  const testing::TemporaryFolder folder;
  expectCamera(
      readCameraOption(folder.write("k.txt", "500 0 320\n0 510 240\n0 0 1\n").string()).value(), 500, 510, 320, 240);
  EXPECT_FALSE(readCameraOption("500,510"));
  EXPECT_FALSE(readCameraOption("no such file"));
}

TEST(Conventions, AreOptionsOfACommand) {
  EXPECT_TRUE(Conventions().options().empty());
  const Conventions given{.depth_units_per_m = 6553.5,
                          .poses = PoseDirection::WorldToCamera,
                          .axes = CameraAxes::OpenGl,
                          .depth_camera = CameraModel{500, 510, 320, 240, 640, 480},
                          .label_ids = LabelIds::Train};
  EXPECT_THAT(given.options(),
              ElementsAre("--depth-scale",
                          "6553.5",
                          "--poses",
                          "world-to-camera",
                          "--axes",
                          "opengl",
                          "--depth-intrinsics",
                          "500,510,320,240,640,480",
                          "--label-ids",
                          "train"));
}

}  // namespace
}  // namespace tagscape

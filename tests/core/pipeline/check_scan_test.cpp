#include "core/pipeline/check_scan.h"

#include "core/pipeline/open_scene.h"
#include "core/synth/sample_room.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tolerances.h"

#include <gtest/gtest.h>

namespace tagscape {
namespace {

using testing::kDoubleSumRounding;

/// The same scan with every camera turned about its own place.
Scene turned(const Scene& scene, double yaw_deg) {
  Scene copy = scene;
  for (auto& frame : copy.frames) {
    if (!frame.world_from_camera) continue;
    const Eigen::Matrix3d rotation =
        Eigen::AngleAxisd(yaw_deg * 3.14159265358979 / 180, Eigen::Vector3d::UnitZ()).toRotationMatrix();
    frame.world_from_camera->linear() = rotation * frame.world_from_camera->linear();
  }
  return copy;
}

class CheckScan : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const testing::TemporaryFolder folder;
    ASSERT_TRUE(writeSampleRoom(folder.path() / "room", {.num_frames = 10, .width = 128, .height = 96}, {}));
    auto scene = openScene(folder.path() / "room", {}, {});
    ASSERT_TRUE(scene);
    // Pixels are kept in memory, so that the folder may go.
    kept_ = new SharedScene(withPixelsInMemory(**scene));
  }
  static void TearDownTestSuite() { delete kept_; }

  class MemoryPixels final : public FrameSource {
   public:
    explicit MemoryPixels(const Scene& scene) {
      for (std::size_t i = 0; i < scene.frames.size(); ++i) {
        colors_.push_back(scene.pixels->color(i).value());
        depths_.push_back(scene.pixels->depth(i).value());
      }
    }
    Result<RgbImage> color(std::size_t index) const override { return colors_.at(index); }
    Result<DepthImage> depth(std::size_t index) const override { return depths_.at(index); }

   private:
    std::vector<RgbImage> colors_;
    std::vector<DepthImage> depths_;
  };
  static SharedScene withPixelsInMemory(const Scene& scene) {
    auto copy = std::make_shared<Scene>(scene);
    copy->pixels = std::make_shared<MemoryPixels>(scene);
    return copy;
  }
  static SharedScene* kept_;
};
SharedScene* CheckScan::kept_ = nullptr;

TEST_F(CheckScan, FindsAGoodScanGood) {
  const ScanCheck check = checkScan(**kept_, {.every = 1}, {}).value();
  EXPECT_EQ(check.consistency, ScanConsistency::Good);
  EXPECT_EQ(check.frames.size(), 10U);
  EXPECT_GT(check.overall.fraction_close, 0.6);
  EXPECT_LT(check.overall.fraction_in_front, 0.1);
  constexpr double kDepthNoise_m = .02;  // of the room's sensor, and of its fused surface
  EXPECT_NEAR(check.overall.median_difference_m, 0, kDepthNoise_m);
  EXPECT_GT(check.overall.fraction_close_unhidden.value(), 0.9);
  EXPECT_GT(check.overall.color_correlation, 0.7);
}

TEST_F(CheckScan, SharesAddUpToOne) {
  const ScanCheck check = checkScan(**kept_, {.every = 1}, {}).value();
  for (const auto& frame : check.frames) {
    EXPECT_NEAR(frame.fraction_close + frame.fraction_behind + frame.fraction_in_front, 1, kDoubleSumRounding);
  }
}

TEST_F(CheckScan, TellsTurnedPosesFromGoodOnes) {
  const double good = checkScan(**kept_, {.every = 1}, {})->overall.fraction_close;
  const ScanCheck wrong = checkScan(turned(**kept_, 30), {.every = 1}, {}).value();
  EXPECT_LT(wrong.overall.fraction_close, 0.5 * good);
  EXPECT_EQ(wrong.consistency, ScanConsistency::Wrong);
}

TEST_F(CheckScan, CountsFramesWithoutAPose) {
  Scene scene = **kept_;
  scene.frames[2].world_from_camera.reset();
  const ScanCheck check = checkScan(scene, {.every = 1}, {}).value();
  EXPECT_EQ(check.num_bad_poses, 1);
  EXPECT_EQ(check.frames.size(), 9U);
}

TEST_F(CheckScan, SamplesEveryKthFrame) {
  EXPECT_EQ(checkScan(**kept_, {.every = 4}, {})->frames.size(), 3U);
  EXPECT_FALSE(checkScan(**kept_, {.every = 0}, {}));
}

TEST_F(CheckScan, RefusesAScanWithoutPointsOrFrames) {
  Scene without_points = **kept_;
  without_points.mesh = {};
  EXPECT_EQ(checkScan(without_points, {}, {}).error().code, ErrorCode::InvalidInput);
  Scene without_frames = **kept_;
  without_frames.frames.clear();
  EXPECT_EQ(checkScan(without_frames, {}, {}).error().code, ErrorCode::InvalidInput);
}

TEST(CheckScanOfficeCapture, ThreeDegreesOfYawAreToldFromGoodPoses) {
  const auto office = testing::officeCapture();
  if (!office) GTEST_SKIP() << testing::kNoOffice;
  const auto scene = openScene(*office, {}, {}).value();
  const ScanCheck good = checkScan(*scene, {.every = 5}, {}).value();
  const ScanCheck yawed = checkScan(turned(*scene, 3), {.every = 5}, {}).value();
  EXPECT_EQ(good.consistency, ScanConsistency::Good);
  EXPECT_EQ(yawed.consistency, ScanConsistency::Wrong);
  EXPECT_LT(yawed.overall.fraction_close, 0.65 * good.overall.fraction_close);
  EXPECT_GT(good.overall.fraction_close_unhidden.value(), 0.85);
  EXPECT_LT(yawed.overall.fraction_close_unhidden.value(), 0.6);
  EXPECT_GT(yawed.overall.fraction_in_front, 3 * good.overall.fraction_in_front);
}

}  // namespace
}  // namespace tagscape

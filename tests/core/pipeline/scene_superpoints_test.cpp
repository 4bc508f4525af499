#include "core/pipeline/scene_superpoints.h"

#include "core/geometry/point_superpoints.h"
#include "tests/support/temporary_folder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;

/// A floor of 20 x 20 points 3 cm apart, in the folder of a scan as ScanNet has it.
class SceneSuperpointsTest : public ::testing::Test {
 protected:
  SceneSuperpointsTest() {
    scene_.path = folder_.path();
    for (int y = 0; y < 20; ++y) {
      for (int x = 0; x < 20; ++x)
        scene_.mesh.vertices.positions_m.emplace_back(.03F * static_cast<float>(x), .03F * static_cast<float>(y), 0.F);
    }
    folder_.write("scene0000_00_vh_clean_2.ply", "");
  }
  void writeSegments(const std::vector<int>& segments) {
    folder_.write("scene0000_00_vh_clean_2.0.010000.segs.json",
                  fmt::format(R"({{"segIndices": [{}]}})", fmt::join(segments, ", ")));
  }
  [[nodiscard]] SceneSuperpoints found(SuperpointSource wanted) const {
    return sceneSuperpoints(scene_, wanted, {}).value();
  }
  testing::TemporaryFolder folder_;
  Scene scene_;
};

TEST_F(SceneSuperpointsTest, AreComputedThoughTheScanHasItsOwn) {
  writeSegments(std::vector<int>(400, 7));
  const SceneSuperpoints superpoints = found(SuperpointSource::Computed);
  EXPECT_EQ(superpoints.source, SuperpointSource::Computed);
  EXPECT_EQ(superpoints.of_point, pointSuperpoints(scene_.points()));
  EXPECT_FALSE(superpoints.problem);
}

TEST_F(SceneSuperpointsTest, AreTheScansOwnWhenAskedFor) {
  writeSegments(std::vector<int>(400, 7));
  const SceneSuperpoints superpoints = found(SuperpointSource::ScanFile);
  EXPECT_EQ(superpoints.source, SuperpointSource::ScanFile);
  EXPECT_EQ(superpoints.of_point.size(), 400U);
  EXPECT_THAT(superpoints.of_point, Each(7U));
}

TEST_F(SceneSuperpointsTest, AreComputedWithoutAWordWhereTheScanHasNone) {
  const SceneSuperpoints superpoints = found(SuperpointSource::ScanFile);
  EXPECT_EQ(superpoints.source, SuperpointSource::Computed);
  EXPECT_EQ(superpoints.of_point.size(), 400U);
  EXPECT_FALSE(superpoints.problem);
}

TEST_F(SceneSuperpointsTest, TellWhyTheScansOwnDoNotFit) {
  writeSegments({1, 2});
  const SceneSuperpoints superpoints = found(SuperpointSource::ScanFile);
  EXPECT_EQ(superpoints.source, SuperpointSource::Computed);
  EXPECT_EQ(superpoints.of_point.size(), 400U);
  ASSERT_TRUE(superpoints.problem);
  EXPECT_THAT(superpoints.problem->file.string(), HasSubstr("segs.json"));
  EXPECT_THAT(superpoints.problem->message, HasSubstr("2 vertices, but the scan has 400 points"));
}

TEST_F(SceneSuperpointsTest, StopWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = sceneSuperpoints(scene_, SuperpointSource::Computed, Job{{}, stop.get_token()});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace tagscape

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
  const SceneSuperpoints by_color = found(SuperpointSource::ShapeAndColor);
  EXPECT_EQ(by_color.source, SuperpointSource::ShapeAndColor);
  EXPECT_EQ(by_color.of_point, pointSuperpoints(scene_.points()));
  EXPECT_FALSE(by_color.problem);
  const SceneSuperpoints by_shape = found(SuperpointSource::Shape);
  EXPECT_EQ(by_shape.source, SuperpointSource::Shape);
  EXPECT_THAT(by_shape.of_point, Each(0U)) << "a flat floor is one";
}

TEST_F(SceneSuperpointsTest, ByShapeAreThoseOfTheFinestScale) {
  scene_.mesh.triangles.push_back({0, 1, 20});  // The others are no part of the surface: each is one of its own.
  const auto normals = vertexNormals(scene_.mesh, {}).value();
  const auto scales = superpointsAtScales(scene_.mesh, normals, superpointScales(), {}).value();
  ASSERT_EQ(scales.size(), superpointScales().size());
  EXPECT_EQ(found(SuperpointSource::Shape).of_point, scales.front());
  EXPECT_EQ(scales.front(), surfaceSuperpoints(scene_.mesh, superpointScales().front()));
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
  EXPECT_EQ(superpoints.source, SuperpointSource::Shape);
  EXPECT_EQ(superpoints.of_point.size(), 400U);
  EXPECT_FALSE(superpoints.problem);
}

TEST_F(SceneSuperpointsTest, TellWhyTheScansOwnDoNotFit) {
  writeSegments({1, 2});
  const SceneSuperpoints superpoints = found(SuperpointSource::ScanFile);
  EXPECT_EQ(superpoints.source, SuperpointSource::Shape);
  EXPECT_EQ(superpoints.of_point.size(), 400U);
  ASSERT_TRUE(superpoints.problem);
  EXPECT_THAT(superpoints.problem->file.string(), HasSubstr("segs.json"));
  EXPECT_THAT(superpoints.problem->message, HasSubstr("2 vertices, but the scan has 400 points"));
}

TEST_F(SceneSuperpointsTest, AreNoneOfASceneWithoutPoints) {
  scene_.mesh = {};
  for (const auto source : {SuperpointSource::Shape, SuperpointSource::ShapeAndColor})
    EXPECT_TRUE(found(source).of_point.empty());
}

TEST_F(SceneSuperpointsTest, StopWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = sceneSuperpoints(scene_, SuperpointSource::Shape, Job{{}, stop.get_token()});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace tagscape

#include "core/pipeline/open_scene.h"

#include "core/base/files.h"
#include "core/geometry/visibility.h"
#include "core/pipeline/mesh_cache.h"
#include "core/synth/sample_room.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace tagscape {
namespace {

namespace fs = std::filesystem;

/// Of the points that project into a frame and have a depth there, the share whose depth agrees with it.
double shareVisible(const Scene& scene) {
  std::size_t visible = 0;
  std::size_t evaluated = 0;
  for (std::size_t i = 0; i < scene.frames.size(); i += 5) {
    const auto depth = scene.pixels->depth(i).value();
    const auto visibility =
        computeVisibility(scene.points().positions_m,
                          {scene.frames[i].world_from_camera, scene.color_intrinsics, scene.depth_intrinsics, &depth});
    visible += visibility.count(Visibility::Visible);
    evaluated += visibility.count(Visibility::Visible) + visibility.count(Visibility::InFront);
  }
  return static_cast<double>(visible) / static_cast<double>(evaluated);
}

class OpenScene : public ::testing::Test {
 protected:
  OpenScene() : room_(folder_.path() / "room") {
    EXPECT_TRUE(writeSampleRoom(room_, {.num_frames = 8, .width = 96, .height = 72}, {}));
    fs::remove_all(userCacheFolder());
  }
  Result<SharedScene> open(const OpenOptions& options = {}, const Job& job = {}) const {
    return openScene(room_, options, job);
  }

  testing::TemporaryFolder folder_;
  fs::path room_;
};

TEST_F(OpenScene, FusesAScanThatAgreesWithItsOwnDepth) {
  const auto scene = open();
  ASSERT_TRUE(scene) << scene.error().message;
  EXPECT_GT((*scene)->points().size(), 2000U);
  EXPECT_GT(shareVisible(**scene), 0.9);
}

TEST_F(OpenScene, TakesTheMeshFromTheCacheTheSecondTime) {
  const auto first = open().value();
  bool fused = false;
  const Job watching{[&](const Progress& progress) { fused = fused || progress.stage == "Fusing depth maps"; }, {}};
  const auto second = open({}, watching).value();
  EXPECT_FALSE(fused);
  EXPECT_EQ(second->points().positions_m, first->points().positions_m);
  EXPECT_EQ(second->mesh.triangles, first->mesh.triangles);
  EXPECT_EQ(peekScene(room_, {}).value()->points().size(), first->points().size());
}

TEST_F(OpenScene, FusesAnewWhenAFileOrAnOptionChanged) {
  const auto first = open().value();
  const Scene& scene = *first;
  const fs::path before = fusedMeshFile(scene, {});
  EXPECT_NE(fusedMeshFile(scene, {.voxel_m = 0.04}), before);
  fs::remove(room_ / "depth" / "0.png");
  EXPECT_NE(fusedMeshFile(scene, {}), before);
}

TEST_F(OpenScene, ADamagedCacheIsFusedAnew) {
  const auto first = open().value();
  const fs::path cached = fusedMeshFile(*first, {});
  fs::resize_file(cached, fs::file_size(cached) / 2);
  EXPECT_EQ(open().value()->points().size(), first->points().size());
}

TEST_F(OpenScene, WritesNothingBesideTheScan) {
  const auto count = [&] {
    return std::distance(fs::recursive_directory_iterator(room_), fs::recursive_directory_iterator());
  };
  const auto before = count();
  ASSERT_TRUE(open());
  EXPECT_EQ(count(), before);
}

TEST_F(OpenScene, ABrokenFrameIsAWarningAndTheRestIsFused) {
  const auto bytes = readFile(room_ / "color" / "3.jpg").value();
  fs::resize_file(room_ / "color" / "3.jpg", bytes.size() / 2);
  const auto scene = open();
  ASSERT_TRUE(scene) << scene.error().message;
  ASSERT_EQ((*scene)->warnings.size(), 1U);
  EXPECT_THAT((*scene)->warnings[0].message, ::testing::HasSubstr("3.jpg"));
}

TEST_F(OpenScene, TellsOfABrokenFrameAlsoWhenTheMeshIsInTheCache) {
  fs::resize_file(room_ / "color" / "3.jpg", fs::file_size(room_ / "color" / "3.jpg") / 2);
  const auto first = open().value();
  const auto second = open().value();
  ASSERT_EQ(second->warnings.size(), 1U);
  EXPECT_EQ(second->warnings[0].message, first->warnings[0].message);
  EXPECT_EQ(second->warnings[0].file, first->warnings[0].file);
}

TEST_F(OpenScene, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(open({}, {{}, stop.get_token()}).error().code, ErrorCode::Cancelled);
}

TEST(OpenSceneOfficeCapture, FusesTheRealCaptureAndItsDepthAgrees) {
  const auto office = testing::officeCapture();
  if (!office) GTEST_SKIP() << testing::kNoOffice;
  const auto scene = openScene(*office, {.fuse = {.voxel_m = 0.04, .truncation_m = 0.16}}, {});
  ASSERT_TRUE(scene) << scene.error().message;
  EXPECT_GT((*scene)->points().size(), 50'000U);
  EXPECT_GT(shareVisible(**scene), 0.9);
}

}  // namespace
}  // namespace tagscape

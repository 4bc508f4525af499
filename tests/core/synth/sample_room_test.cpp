#include "core/synth/sample_room.h"

#include "core/base/files.h"
#include "core/base/parallel.h"
#include "core/io/image_codec.h"
#include "core/scans/frame_folder.h"
#include "core/scans/tags_file.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace tagscape {
namespace {

namespace fs = std::filesystem;

/// Small enough for the sanitizers; more frames than one batch.
SampleRoomOptions smallRoom() { return {.seed = 3, .num_frames = 6, .width = 64, .height = 48}; }

class SampleRoom : public ::testing::Test {
 protected:
  ~SampleRoom() override { setNumThreads(0); }

  testing::TemporaryFolder folder_;
  const fs::path& place_ = folder_.path();
};

/// The same for tests that only look: one room for all of them.
class FinishedSampleRoom : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new testing::TemporaryFolder;
    place_ = folder_->path();
    written_ = writeSampleRoom(place_ / "room", lookedAt(), {});
  }
  static void TearDownTestSuite() { delete folder_; }
  void SetUp() override { ASSERT_TRUE(written_) << written_.error().message; }

  /// 24 frames go once around the room.
  static SampleRoomOptions lookedAt() { return {.seed = 3, .num_frames = 24, .width = 96, .height = 72}; }

  inline static testing::TemporaryFolder* folder_ = nullptr;
  inline static fs::path place_;
  inline static Status written_;
};

TEST_F(SampleRoom, HasTheSameBytesForAnyNumberOfThreads) {
  setNumThreads(1);
  ASSERT_TRUE(writeSampleRoom(place_ / "one", smallRoom(), {}));
  setNumThreads(3);
  ASSERT_TRUE(writeSampleRoom(place_ / "three", smallRoom(), {}));
  const auto one = testing::filesBelow(place_ / "one");
  EXPECT_EQ(one.size(), 6U * 4 + 4 + 1);
  EXPECT_EQ(one, testing::filesBelow(place_ / "three"));
}

TEST_F(SampleRoom, DiffersForAnotherSeed) {
  auto options = smallRoom();
  ASSERT_TRUE(writeSampleRoom(place_ / "first", options, {}));
  options.seed = 4;
  ASSERT_TRUE(writeSampleRoom(place_ / "second", options, {}));
  EXPECT_NE(readFile(place_ / "first/color/0.jpg").value(), readFile(place_ / "second/color/0.jpg").value());
}

TEST_F(FinishedSampleRoom, IsAFrameFolderThatTheReaderTakesWithoutAWarning) {
  const auto scene = readFrameFolder(place_ / "room");
  ASSERT_TRUE(scene) << scene.error().message;
  EXPECT_TRUE(scene->warnings.empty()) << scene->warnings.front().message;
  EXPECT_EQ(scene->frames.size(), 24U);
  EXPECT_EQ(scene->color_intrinsics.width, 96);
  EXPECT_GE(scene->tags.value().count(), 9U);
}

TEST_F(FinishedSampleRoom, TagsAFrameWithTheClassesThatCoverMoreThanAShareOfIt) {
  const Tags tags = readTags(place_ / "room/tags.json").value();
  ASSERT_EQ(tags.frames.size(), 24U);
  TagSet all;
  for (const auto& [number, frame_tags] : tags.frames) {
    const fs::path file = place_ / "room/label" / (std::to_string(number) + ".png");
    const auto label = decodePng16(readFile(file).value(), file).value();
    std::map<int, int> counts;
    for (const auto id : label.pixels) ++counts[id];
    for (int i = 0; i < kNumClasses; ++i) {
      const int count = counts[classCatalog()[static_cast<std::size_t>(i)].nyu40_id];
      EXPECT_EQ(frame_tags[static_cast<std::size_t>(i)], count > .015 * 96 * 72) << file << " class " << i;
    }
    all |= frame_tags;
  }
  EXPECT_EQ(tags.scene, all);
}

/// Share of the pixels of `from` that land within 5 cm of what `to` measured there, of those that `to` can see.
struct Agreement {
  int num_shared = 0;
  int num_close = 0;
};
Agreement warp(const Scene& scene, std::size_t from, std::size_t to) {
  const auto& camera = scene.depth_intrinsics;
  const DepthImage source = scene.pixels->depth(from).value();
  const DepthImage target = scene.pixels->depth(to).value();
  const Pose to_from_from = scene.frames[to].world_from_camera->inverse() * *scene.frames[from].world_from_camera;
  Agreement agreement;
  for (int y = 0; y < source.height; ++y) {
    for (int x = 0; x < source.width; ++x) {
      const double depth = source.at(x, y);
      if (depth <= 0) continue;
      const Eigen::Vector3d ray((x - camera.cx) / camera.fx, (y - camera.cy) / camera.fy, 1);
      const Eigen::Vector3d point = to_from_from * (depth * ray);
      if (point.z() < .1) continue;
      const auto u = static_cast<int>(std::lround(camera.fx * point.x() / point.z() + camera.cx));
      const auto v = static_cast<int>(std::lround(camera.fy * point.y() / point.z() + camera.cy));
      if (u < 0 || v < 0 || u >= target.width || v >= target.height || target.at(u, v) <= 0) continue;
      ++agreement.num_shared;
      agreement.num_close += std::abs(target.at(u, v) - point.z()) < .05 ? 1 : 0;
    }
  }
  return agreement;
}

TEST_F(FinishedSampleRoom, MeasuresTheSameSurfacesFromNeighbouringFrames) {
  const auto scene = readFrameFolder(place_ / "room");
  ASSERT_TRUE(scene) << scene.error().message;
  Agreement all;
  for (std::size_t i = 0; i + 1 < scene->frames.size(); ++i) {
    const Agreement pair = warp(*scene, i, i + 1);
    all.num_shared += pair.num_shared;
    all.num_close += pair.num_close;
  }
  EXPECT_GT(all.num_shared, 23 * 96 * 72 / 5) << "neighbouring frames hardly overlap";
  // What is left over is occluded from one of the two views, or at an edge.
  EXPECT_GT(all.num_close, .8 * all.num_shared);
}

TEST_F(FinishedSampleRoom, HasDepthInMostPixelsButNotInAll) {
  const fs::path file = place_ / "room/depth/0.png";
  const auto depth = decodePng16(readFile(file).value(), file).value();
  const auto num_holes = std::ranges::count(depth.pixels, 0);
  EXPECT_GT(num_holes, 0);
  EXPECT_LT(num_holes, 96 * 72 / 4);
}

TEST_F(SampleRoom, RefusesAFolderThatHoldsSomething) {
  fs::create_directories(place_ / "mine");
  ASSERT_TRUE(writeFileAtomically(place_ / "mine/thesis.txt", std::string_view("years of work")));
  const auto status = writeSampleRoom(place_ / "mine", smallRoom(), {});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::InvalidInput);
  EXPECT_EQ(readTextFile(place_ / "mine/thesis.txt").value(), "years of work");
}

TEST_F(SampleRoom, FillsAFolderThatIsEmpty) {
  fs::create_directories(place_ / "empty");
  EXPECT_TRUE(writeSampleRoom(place_ / "empty/", smallRoom(), {}));
  EXPECT_TRUE(isFrameFolder(place_ / "empty"));
}

TEST_F(SampleRoom, RefusesAPlaceThatCannotBeWrittenTo) {
  // Even root may not make folders in /proc.
  const auto status = writeSampleRoom("/proc/tagscape-sample-room", smallRoom(), {});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::NotWritable);
}

TEST_F(SampleRoom, RefusesOptionsOutOfRange) {
  for (const SampleRoomOptions& options : {SampleRoomOptions{.num_frames = 0},
                                           SampleRoomOptions{.width = 100'000},
                                           SampleRoomOptions{.depth_noise_m = std::nan("")}}) {
    const auto status = writeSampleRoom(place_ / "room", options, {});
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::InvalidInput);
  }
  EXPECT_TRUE(fs::is_empty(place_));
}

TEST_F(SampleRoom, LeavesNothingBehindWhenItIsStopped) {
  std::stop_source source;
  Job job;
  job.stop = source.get_token();
  job.on_progress = [&](const Progress& progress) {
    if (progress.done > 0) source.request_stop();
  };
  const auto status = writeSampleRoom(place_ / "room", smallRoom(), job);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::Cancelled);
  EXPECT_TRUE(fs::is_empty(place_));
}

}  // namespace
}  // namespace tagscape

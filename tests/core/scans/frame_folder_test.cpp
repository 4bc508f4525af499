#include "core/scans/frame_folder.h"

#include "core/base/files.h"
#include "core/io/image_codec.h"
#include "tests/support/forbidden_folder.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr const char* kIdentity = "1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n";
constexpr const char* kIntrinsic = "40 0 15.5 0\n0 40 11.5 0\n0 0 1 0\n0 0 0 1\n";

/// Three good frames of 32 x 24 pixels; every test spoils one thing.
class FrameFolder : public ::testing::Test {
 protected:
  FrameFolder() {
    for (int i = 0; i < 3; ++i) {
      writeBytes("color/" + std::to_string(i) + ".jpg", encodeJpeg(RgbImage(32, 24, 3, 100), 90).value());
      writeBytes("depth/" + std::to_string(i) + ".png", encodePng16(RawDepthImage(32, 24, 1, 1500)).value());
      folder_.write("pose/" + std::to_string(i) + ".txt", kIdentity);
    }
    folder_.write("intrinsic/intrinsic_color.txt", kIntrinsic);
    folder_.write("intrinsic/intrinsic_depth.txt", kIntrinsic);
    folder_.write("tags.json", R"({"scene": ["wall"], "frames": {"0": ["wall"], "1": ["wall"]}})");
  }
  void writeBytes(const std::string& name, const std::vector<std::byte>& bytes) {
    folder_.write(name, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  }
  void remove(const std::string& name) { fs::remove(folder_.path() / name); }
  Result<Scene> read() const { return readFrameFolder(folder_.path()); }

  /// The scene is read, all frames are there, and exactly one warning names the file.
  Scene expectOneWarning(const std::string& file) {
    auto scene = read();
    EXPECT_TRUE(scene) << scene.error().message;
    EXPECT_EQ(scene->frames.size(), 3U);
    EXPECT_EQ(scene->warnings.size(), 1U);
    EXPECT_THAT(scene->warnings.empty() ? std::string() : scene->warnings[0].message, HasSubstr(file));
    return *scene;
  }
  Error expectRefusal() {
    const auto scene = read();
    EXPECT_FALSE(scene);
    const Error error = scene ? Error{} : scene.error();
    EXPECT_EQ(exitCodeFor(error.code), 2);
    return error;
  }

  testing::TemporaryFolder folder_;
};

TEST_F(FrameFolder, ThatMayNotBeReadIsNotCalledEmpty) {
  const testing::ForbiddenFolder forbidden(folder_.path() / "color");
  const auto scene = read();
  ASSERT_FALSE(scene);
  EXPECT_EQ(scene.error().code, ErrorCode::Io);
  EXPECT_THAT(scene.error().message, HasSubstr("color: Permission denied"));
}

TEST_F(FrameFolder, PosesThatMayNotBeReadAreAWarning) {
  const testing::ForbiddenFolder forbidden(folder_.path() / "pose");
  const auto scene = read();
  ASSERT_TRUE(scene) << scene.error().message;
  ASSERT_FALSE(scene->warnings.empty());
  EXPECT_THAT(scene->warnings.front().message, HasSubstr("pose: Permission denied"));
}

TEST_F(FrameFolder, IsReadWithFramesCamerasAndTags) {
  const Scene scene = read().value();
  EXPECT_EQ(scene.frames.size(), 3U);
  EXPECT_TRUE(scene.warnings.empty());
  EXPECT_EQ(scene.color_intrinsics.width, 32);
  EXPECT_DOUBLE_EQ(scene.depth_intrinsics.cx, 15.5);
  EXPECT_TRUE(scene.frames[0].tags);
  EXPECT_FALSE(scene.frames[2].tags);
  EXPECT_EQ(scene.pixels->color(1)->width, 32);
  EXPECT_FLOAT_EQ(scene.pixels->depth(1)->at(5, 5), 1.5F);
}

TEST_F(FrameFolder, FramesAreSortedByNumberNotByName) {
  fs::rename(folder_.path() / "color/1.jpg", folder_.path() / "color/10.jpg");
  const Scene scene = read().value();
  EXPECT_EQ(scene.frames.back().number, 10);
}

TEST_F(FrameFolder, AMissingDepthMapIsAWarningAndThatFrameHasNone) {
  remove("depth/1.png");
  const Scene scene = expectOneWarning("depth/1.png");
  EXPECT_FALSE(scene.frames[1].has_depth);
  EXPECT_EQ(scene.pixels->depth(1).error().code, ErrorCode::NotFound);
  EXPECT_TRUE(scene.pixels->depth(2));
}

TEST_F(FrameFolder, APoseThatIsNotFiniteIsAWarningAndThatFrameHasNone) {
  for (const char* bad : {"-inf -inf -inf -inf\n-inf -inf -inf -inf\n-inf -inf -inf -inf\n-inf -inf -inf -inf\n",
                          "nan 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n",
                          "1 0 0 0\n0 1 0 0\n",
                          "2 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n",
                          "1 0 0 0\n0 1 0 0\n0 0 -1 0\n0 0 0 1\n",
                          "pose"}) {
    folder_.write("pose/2.txt", bad);
    const Scene scene = expectOneWarning("pose/2.txt");
    EXPECT_FALSE(scene.frames[2].world_from_camera) << bad;
    EXPECT_TRUE(scene.frames[0].world_from_camera);
  }
}

TEST_F(FrameFolder, ACutJpegIsRefusedWhenAskedForAndTheOthersStayUsable) {
  auto bytes = readFile(folder_.path() / "color/1.jpg").value();
  bytes.resize(bytes.size() - 20);
  writeBytes("color/1.jpg", bytes);
  const Scene scene = read().value();
  const auto image = scene.pixels->color(1);
  ASSERT_FALSE(image);
  EXPECT_THAT(image.error().message, HasSubstr("color/1.jpg"));
  EXPECT_TRUE(scene.pixels->color(2));
}

TEST_F(FrameFolder, AFrameOfAnotherSizeIsRefusedWhenAskedFor) {
  writeBytes("color/1.jpg", encodeJpeg(RgbImage(16, 12, 3), 90).value());
  EXPECT_THAT(read()->pixels->color(1).error().message, HasSubstr("16 x 12"));
}

TEST_F(FrameFolder, IntrinsicsThatDoNotFitTheImagesAreRefused) {
  for (const char* bad : {"40 0 315.5 0\n0 40 11.5 0\n0 0 1 0\n0 0 0 1\n",
                          "0 0 15 0\n0 40 11 0\n0 0 1 0\n0 0 0 1\n",
                          "nan 0 15 0\n0 40 11 0\n0 0 1 0\n0 0 0 1\n",
                          "40 0 15\n"}) {
    folder_.write("intrinsic/intrinsic_color.txt", bad);
    EXPECT_THAT(expectRefusal().message, HasSubstr("intrinsic_color.txt")) << bad;
  }
}

TEST_F(FrameFolder, MissingIntrinsicsAreNamed) {
  remove("intrinsic/intrinsic_depth.txt");
  EXPECT_EQ(expectOneWarning("intrinsic_depth.txt: missing").depth_intrinsics.cx, 15.5);  // colour's serve
  remove("intrinsic/intrinsic_color.txt");
  EXPECT_THAT(readFrameFolder(folder_.path()).error().message, HasSubstr("intrinsic_color.txt: missing"));
}

TEST_F(FrameFolder, AFolderThatIsNoSceneIsRefusedWithWhatIsExpected) {
  fs::remove_all(folder_.path() / "pose");
  EXPECT_THAT(expectRefusal().message, HasSubstr("pose/K.txt"));
}

TEST_F(FrameFolder, AFolderWithoutImagesIsRefused) {
  for (const char* part : {"color", "depth"}) {
    fs::remove_all(folder_.path() / part);
    fs::create_directory(folder_.path() / part);
  }
  EXPECT_THAT(expectRefusal().message, HasSubstr("no images"));
}

TEST_F(FrameFolder, AMissingPathIsNotFound) {
  EXPECT_EQ(readFrameFolder(folder_.path() / "none").error().code, ErrorCode::NotFound);
}

TEST_F(FrameFolder, BrokenTagsAreAWarningAndTheSceneHasNone) {
  folder_.write("tags.json", R"({"scene": ["wal"]})");
  const Scene scene = expectOneWarning("tags.json");
  EXPECT_FALSE(scene.tags);
}

TEST_F(FrameFolder, AFrameTagThatTheSceneLacksIsAWarning) {
  folder_.write("tags.json", R"({"scene": ["wall"], "frames": {"1": ["sofa"]}})");
  expectOneWarning("frame 1");
}

TEST(FrameFolderOfficeCapture, IsReadWithoutAWarning) {
  const auto office = testing::officeCapture();
  if (!office) GTEST_SKIP() << testing::kNoOffice;
  const Scene scene = readFrameFolder(*office).value();
  EXPECT_EQ(scene.frames.size(), 42U);
  EXPECT_TRUE(scene.warnings.empty());
  EXPECT_EQ(scene.tags->count(), 13U);
  EXPECT_TRUE(std::all_of(scene.frames.begin(), scene.frames.end(), [](const Frame& f) {
    return f.world_from_camera && f.tags && f.has_depth;
  }));
}

}  // namespace
}  // namespace tagscape

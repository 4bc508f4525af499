#include "core/scans/sens_file.h"

#include "core/base/files.h"
#include "core/scans/sens_index.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <limits>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr int kNumFrames = 5;

SensHeader smallHeader(SensColor color, SensDepth depth) {
  SensHeader header;
  header.sensor_name = "StructureSensor";
  header.color_type = color;
  header.depth_type = depth;
  header.color_width = 24;
  header.color_height = 16;
  header.depth_width = 12;
  header.depth_height = 8;
  header.color_intrinsic(0, 0) = 20;
  return header;
}

SensFrameData frameOf(std::size_t index) {
  SensFrameData frame;
  frame.timestamp_color_us = 1000 * index;
  frame.world_from_camera(0, 3) = static_cast<float>(index);
  if (index == 3) frame.world_from_camera.setConstant(-std::numeric_limits<float>::infinity());
  frame.color = RgbImage(24, 16, 3, static_cast<std::uint8_t>(10 * index));
  frame.depth = RawDepthImage(12, 8, 1, static_cast<std::uint16_t>(1000 + index));
  return frame;
}

class SensFileTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::remove_all(userCacheFolder() / "sens"); }
  fs::path write(SensColor color = SensColor::Jpeg, SensDepth depth = SensDepth::Zlib) const {
    const fs::path path = folder_.path() / "scene0000_00.sens";
    EXPECT_TRUE(writeSens(path, smallHeader(color, depth), kNumFrames, [](std::size_t i) -> Result<SensFrameData> {
      return frameOf(i);
    }));
    return path;
  }
  /// Writes the good file with `value` at `offset`, and returns what opening it says.
  template <class T>
  Error refusalWith(std::size_t offset, T value) const {
    auto bytes = readFile(write()).value();
    std::memcpy(bytes.data() + offset, &value, sizeof(T));
    const auto file = SensFile::parse(bytes, "bad.sens");
    EXPECT_FALSE(file);
    return file ? Error{} : file.error();
  }
  testing::TemporaryFolder folder_;
};

constexpr std::size_t kNameBytes = 15;
constexpr std::size_t kColorType = 4 + 8 + kNameBytes + 4 * 64;
constexpr std::size_t kNumFramesAt = kColorType + 8 + 16 + 4;

TEST_F(SensFileTest, RoundTripKeepsEveryKindOfColourAndDepth) {
  for (const auto color : {SensColor::Raw, SensColor::Png, SensColor::Jpeg}) {
    for (const auto depth : {SensDepth::Raw, SensDepth::Zlib}) {
      const auto file = SensFile::open(write(color, depth), {.use_cache = false});
      ASSERT_TRUE(file) << file.error().message;
      EXPECT_EQ(file->header().sensor_name, "StructureSensor");
      EXPECT_EQ(file->header().color_intrinsic(0, 0), 20);
      ASSERT_EQ(file->frames().size(), std::size_t{kNumFrames});
      EXPECT_EQ(file->frames()[2].world_from_camera(0, 3), 2);
      EXPECT_EQ(file->frames()[4].timestamp_color_us, 4000U);
      EXPECT_NEAR(file->color(2)->at(5, 5, 1), 20, 1);  // JPEG rounds
      EXPECT_EQ(file->depth(4)->at(11, 7), 1004);
    }
  }
}

TEST_F(SensFileTest, LostTrackingIsKeptAsNotFinite) {
  EXPECT_FALSE(SensFile::open(write())->frames()[3].world_from_camera.allFinite());
}

TEST_F(SensFileTest, TheIndexIsKeptAndUsedTheSecondTime) {
  const fs::path path = write();
  ASSERT_TRUE(SensFile::open(path));
  ASSERT_TRUE(fs::exists(sens_detail::keptFramesFile(path)));
  const auto kept = sens_detail::readKeptFrames(path);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->size(), std::size_t{kNumFrames});
  const auto again = SensFile::open(path).value();
  EXPECT_EQ(again.frames()[2].world_from_camera(0, 3), 2);
  EXPECT_EQ(again.depth(2)->at(0, 0), 1002);
}

TEST_F(SensFileTest, AKeptIndexOfAnOlderFileIsNotUsed) {
  const fs::path path = write();
  ASSERT_TRUE(SensFile::open(path));
  write(SensColor::Raw);
  EXPECT_FALSE(sens_detail::readKeptFrames(path));
  EXPECT_EQ(SensFile::open(path)->color(2)->at(0, 0), 20);
}

TEST_F(SensFileTest, ADamagedIndexIsBuiltAnewWhereverItIsCutOrFlipped) {
  const fs::path path = write();
  ASSERT_TRUE(SensFile::open(path));
  const fs::path kept = sens_detail::keptFramesFile(path);
  const auto good = readFile(kept).value();
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto flipped = good;
    flipped[at] ^= std::byte{1};
    ASSERT_TRUE(writeFileAtomically(kept, flipped));
    EXPECT_FALSE(sens_detail::readKeptFrames(path)) << at;
  }
  ASSERT_TRUE(writeFileAtomically(kept, std::span(good).first(good.size() / 2)));
  EXPECT_EQ(SensFile::open(path)->depth(1)->at(0, 0), 1001);
  EXPECT_TRUE(sens_detail::readKeptFrames(path));
}

TEST_F(SensFileTest, OcciDepthIsRefusedByName) {
  const Error error = refusalWith(kColorType + 4, std::int32_t{2});
  EXPECT_EQ(error.code, ErrorCode::Unsupported);
  EXPECT_THAT(error.message, HasSubstr("occi_ushort"));
}

TEST_F(SensFileTest, AnotherVersionIsRefused) {
  EXPECT_THAT(refusalWith(0, std::uint32_t{3}).message, HasSubstr("version 4"));
}

TEST_F(SensFileTest, CountsBeyondTheFileAreRefused) {
  EXPECT_THAT(refusalWith(kNumFramesAt, std::uint64_t{1} << 63).message, HasSubstr("frames"));
  EXPECT_THAT(refusalWith(4, std::uint64_t{1} << 63).message, HasSubstr("sensor name"));
  EXPECT_THAT(refusalWith(kNumFramesAt + 8 + 64 + 16, ~std::uint64_t{0}).message, HasSubstr("frame 0"));
  EXPECT_THAT(refusalWith(kNumFramesAt + 8 + 64 + 24, std::uint64_t{1} << 63).message, HasSubstr("frame 0"));
}

TEST_F(SensFileTest, PixelsOfAnotherSizeThanTheHeaderSaysAreRefused) {
  auto bytes = readFile(write()).value();
  const std::uint32_t width = 25;
  std::memcpy(bytes.data() + kColorType + 8, &width, sizeof(width));
  const auto file = SensFile::parse(bytes, "bad.sens").value();
  EXPECT_THAT(file.color(1).error().message, HasSubstr("24 x 16"));
  EXPECT_THAT(file.color(1).error().message, HasSubstr("frame 1"));
}

TEST_F(SensFileTest, AnErrorOfAFrameLeavesNoFileBehind) {
  const fs::path path = folder_.path() / "new.sens";
  const auto written =
      writeSens(path, smallHeader(SensColor::Raw, SensDepth::Raw), 2, [](std::size_t i) -> Result<SensFrameData> {
        if (i == 1) return fail(ErrorCode::Cancelled, "stopped");
        return frameOf(i);
      });
  EXPECT_EQ(written.error().code, ErrorCode::Cancelled);
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

}  // namespace
}  // namespace tagscape

#include "core/io/cam_file.h"

#include "core/io/safetensors.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace tagscape {
namespace {

using ::testing::HasSubstr;

SceneCams smallCams() {
  SceneCams cams;
  cams.scene_name = "room";
  cams.step = 120;
  cams.uses_tags = false;
  cams.point_labels = {0, 5, kNoClass};
  cams.point_values.resize(3 * kNumClasses, 0.25F);
  cams.point_values[1 * kNumClasses + 5] = 1;
  for (const int number : {12, 3})
    cams.frames.push_back({number, 4, 3, std::vector<float>(kNumClasses * 12, static_cast<float>(number))});
  return cams;
}

TEST(CamFile, RoundTripKeepsValuesAndSortsFrames) {
  const testing::TemporaryFolder folder;
  ASSERT_TRUE(writeCams(folder.path() / "room.safetensors", smallCams()));
  const SceneCams read = readCams(folder.path() / "room.safetensors").value();
  EXPECT_EQ(read.scene_name, "room");
  EXPECT_EQ(read.step, 120);
  EXPECT_FALSE(read.uses_tags);
  EXPECT_EQ(read.point_labels, smallCams().point_labels);
  EXPECT_EQ(read.point_values, smallCams().point_values);
  ASSERT_EQ(read.frames.size(), 2U);
  EXPECT_EQ(read.frames[0].frame_number, 3);
  EXPECT_EQ(read.frame(12)->values, smallCams().frames[0].values);
  EXPECT_EQ(read.frame(4), nullptr);
}

TEST(CamFile, KeepsWhereCellsLie) {
  const testing::TemporaryFolder folder;
  const auto path = folder.path() / "room.safetensors";
  SceneCams cams = smallCams();
  cams.frames[0].grid = {8, 0};
  ASSERT_TRUE(writeCams(path, cams));
  const SceneCams read = readCams(path).value();
  EXPECT_EQ(read.frame(12)->grid, (CellGrid{8, 0}));
  EXPECT_TRUE(read.frame(3)->grid.isCentred());
}

TEST(CamFile, RefusesCellsThatLieNowhere) {
  const testing::TemporaryFolder folder;
  const auto path = folder.path() / "room.safetensors";
  for (const CellGrid grid : {CellGrid{0, 0}, CellGrid{8, 9}, CellGrid{8, std::numeric_limits<double>::infinity()}}) {
    SceneCams cams = smallCams();
    cams.frames[0].grid = grid;
    ASSERT_TRUE(writeCams(path, cams));
    const auto read = readCams(path);
    ASSERT_FALSE(read) << grid.stride_px << " " << grid.first_px;
    EXPECT_EQ(read.error().code, ErrorCode::InvalidInput);
    EXPECT_THAT(read.error().message, HasSubstr("cells/000012"));
  }
}

TEST(CamFile, KeepsLogitsAndOriginWhichIsReadByItself) {
  const testing::TemporaryFolder folder;
  const auto path = folder.path() / "room.safetensors";
  SceneCams cams = smallCams();
  cams.origin = "step 120, weights 0123";
  cams.scene_path = "/scans/room";
  cams.point_logits.assign(3 * kNumClasses, -2.F);
  cams.frames[1].logits.assign(kNumClasses * 12, 7.F);
  ASSERT_TRUE(writeCams(path, cams));
  const SceneCams read = readCams(path).value();
  EXPECT_EQ(read.origin, cams.origin);
  EXPECT_EQ(read.point_logits, cams.point_logits);
  EXPECT_EQ(read.frame(3)->logits, cams.frames[1].logits);
  EXPECT_TRUE(read.frame(12)->logits.empty());
  const CamsOrigin origin = readCamsOrigin(path).value();
  EXPECT_EQ(origin.scene_name, "room");
  EXPECT_EQ(origin.scene_path, "/scans/room");
  EXPECT_EQ(origin.step, 120);
  EXPECT_FALSE(origin.uses_tags);
  EXPECT_EQ(origin.origin, cams.origin);
  // The header is whole though the arrays are cut; a cut header is refused.
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 100);
  EXPECT_TRUE(readCamsOrigin(path));
  for (const int size : {100, 8, 3}) {
    std::filesystem::resize_file(path, static_cast<std::uintmax_t>(size));
    EXPECT_EQ(readCamsOrigin(path).error().code, ErrorCode::InvalidInput) << size;
  }
  EXPECT_EQ(readCamsOrigin(folder.path() / "none").error().code, ErrorCode::NotFound);
}

TEST(CamFile, RefusesLogitsThatDoNotFit) {
  const testing::TemporaryFolder folder;
  const auto path = folder.path() / "x.safetensors";
  ASSERT_TRUE(writeCams(path, smallCams()));
  TensorFile file = readSafetensors(path).value();
  TensorFile changed = file;
  changed.tensors["point_logits"] = {"F32", {1, kNumClasses}, std::vector<std::byte>(4 * kNumClasses)};
  ASSERT_TRUE(writeSafetensors(path, changed));
  EXPECT_THAT(readCams(path).error().message, HasSubstr("point logits"));
  file.tensors["frame_logits/000003"] = {"F32", {1, 1, 1}, std::vector<std::byte>(4)};
  ASSERT_TRUE(writeSafetensors(path, file));
  EXPECT_THAT(readCams(path).error().message, HasSubstr("frame_logits/000003"));
}

TEST(CamFile, RefusesOtherTensorsByName) {
  const testing::TemporaryFolder folder;
  const auto path = folder.path() / "weights.safetensors";
  TensorFile other;
  other.metadata["step"] = "1";
  other.tensors["conv.weight"] = {"F32", {1}, testing::bytesOf("1234")};
  ASSERT_TRUE(writeSafetensors(path, other));
  const auto cams = readCams(path);
  ASSERT_FALSE(cams);
  EXPECT_THAT(cams.error().message, HasSubstr("point_labels"));
  EXPECT_THAT(cams.error().message, HasSubstr(path.string()));
}

TEST(CamFile, RefusesLabelsThatAreNoClass) {
  const testing::TemporaryFolder folder;
  SceneCams cams = smallCams();
  cams.point_labels[0] = 77;
  ASSERT_TRUE(writeCams(folder.path() / "x.safetensors", cams));
  EXPECT_FALSE(readCams(folder.path() / "x.safetensors"));
}

}  // namespace
}  // namespace tagscape

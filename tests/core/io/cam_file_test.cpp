#include "core/io/cam_file.h"

#include "core/io/safetensors.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

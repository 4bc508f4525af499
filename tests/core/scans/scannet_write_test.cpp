// What the writers of ScanNet's files write, read back by its readers and looked at byte by byte where other programs
// do.

#include "core/scans/scannet_write.h"

#include "core/base/files.h"
#include "core/clouds/ply.h"
#include "core/io/zip_archive.h"
#include "core/io/zip_write.h"
#include "core/scans/frame_folder.h"
#include "core/scans/frame_folder_write.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tagscape {
namespace {

using testing::bytesOf;
using ::testing::HasSubstr;

class ScanNetWriters : public ::testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path place(const std::string& name) const { return folder_.path() / name; }
  testing::TemporaryFolder folder_;
};

TEST_F(ScanNetWriters, GiveSegmentsBack) {
  const std::vector<std::int64_t> segments{0, 0, 7, 123'456'789, 2};
  ASSERT_TRUE(writeSegments(place("a.segs.json"), "scene0000_00", segments));
  EXPECT_EQ(readSegments(place("a.segs.json")).value(), segments);
  const auto document = nlohmann::json::parse(readTextFile(place("a.segs.json")).value());
  EXPECT_EQ(document["sceneId"], "scene0000_00");
  EXPECT_TRUE(document["params"].is_object());
}

TEST_F(ScanNetWriters, GiveObjectsBack) {
  ASSERT_TRUE(writeAggregation(place("a.json"), "scene0000_00", {{"office chair", {4, 5}}, {"wall", {0}}}));
  const auto groups = readAggregation(place("a.json")).value();
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].label, "office chair");
  EXPECT_EQ(groups[0].segments, (std::vector<std::int64_t>{4, 5}));
  const auto document = nlohmann::json::parse(readTextFile(place("a.json")).value());
  EXPECT_EQ(document["segGroups"][1]["objectId"], 1);
  EXPECT_EQ(document["segmentsFile"], "scannet.scene0000_00_vh_clean_2.0.010000.segs.json");
}

TEST_F(ScanNetWriters, GiveTheLabelTableBack) {
  ASSERT_TRUE(writeLabelTable(place("t.tsv"), {{101, "wall", 1, "wall"}, {109, "couch", 6, "sofa"}}));
  const auto map = LabelMap::read(place("t.tsv")).value();
  EXPECT_EQ(map.nyu40OfCategory("couch"), 6);
  EXPECT_EQ(map.nyu40OfId(101), 1);
  EXPECT_FALSE(map.nyu40OfId(1));
}

TEST_F(ScanNetWriters, GiveTheSceneTextBack) {
  ASSERT_TRUE(writeSceneText(place("s.txt"), {{"axisAlignment", "1 0 0"}, {"sceneType", "Bathroom"}}));
  EXPECT_EQ(readTextFile(place("s.txt")).value(), "axisAlignment = 1 0 0\nsceneType = Bathroom\n");
  EXPECT_EQ(parseSceneText(readTextFile(place("s.txt")).value()).at("sceneType"), "Bathroom");
}

TEST_F(ScanNetWriters, WriteColoursWithAlphaAndLabelsAsWholeNumbers) {
  PlyContent content;
  content.mesh.vertices.positions_m = {{1, 2, 3}, {4, 5, 6}};
  content.mesh.vertices.colors = {{10, 20, 30}, {40, 50, 60}};
  content.vertex_scalars["label"] = {39, 1};
  ASSERT_TRUE(writePly(place("a.ply"), content, {}, {.has_alpha = true, .ushort_scalars = {"label"}}));
  const std::string text = readTextFile(place("a.ply")).value();
  EXPECT_THAT(text, HasSubstr("property uchar blue\nproperty uchar alpha\nproperty ushort label\n"));
  constexpr std::size_t kVertexBytes = 12 + 4 + 2;
  EXPECT_EQ(text.size() - text.find("end_header\n") - 11, 2 * kVertexBytes);
  const auto back = readPly(place("a.ply")).value();
  EXPECT_EQ(back.vertex_scalars.at("label"), (std::vector<float>{39, 1}));
  EXPECT_EQ(back.mesh.vertices.colors, content.mesh.vertices.colors);
}

TEST_F(ScanNetWriters, GiveZippedFilesBack) {
  const std::vector<ZipEntry> entries{{"label-filt/0.png", bytesOf("first")}, {"label-filt/1.png", bytesOf("")}};
  ASSERT_TRUE(writeZip(place("a.zip"), entries));
  const auto archive = ZipArchive::open(place("a.zip")).value();
  ASSERT_EQ(archive->names(), (std::vector<std::string>{"label-filt/0.png", "label-filt/1.png"}));
  EXPECT_EQ(archive->read(0, 100).value(), bytesOf("first"));
  EXPECT_EQ(archive->read(1, 100).value(), bytesOf(""));
}

TEST_F(ScanNetWriters, GiveExportedFramesBack) {
  const Intrinsics camera{50, 51, 31.5, 23.5, 64, 48};
  Pose pose = Pose::Identity();
  pose.translation() = Eigen::Vector3d(1, -2, 3);
  RawDepthImage depth(64, 48, 1, 1500);
  depth.at(3, 4) = 0;
  ASSERT_TRUE(writeExportedCameras(place("room"), camera, camera));
  ASSERT_TRUE(writeExportedFrame(place("room"), 0, RgbImage(64, 48, 3, 100), depth, pose, 92));
  const auto scene = readFrameFolder(place("room")).value();
  EXPECT_TRUE(scene.warnings.empty());
  EXPECT_EQ(scene.color_intrinsics.fy, 51);
  EXPECT_TRUE(scene.frames.at(0).world_from_camera->isApprox(pose));
  EXPECT_FLOAT_EQ(scene.pixels->depth(0)->at(0, 0), 1.5F);
  EXPECT_EQ(scene.pixels->depth(0)->at(3, 4), 0);
}

}  // namespace
}  // namespace tagscape

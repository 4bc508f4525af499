#include "core/layouts/scan_layout.h"

#include "core/base/files.h"
#include "core/clouds/ply.h"
#include "core/io/image_codec.h"
#include "core/scans/data_set.h"
#include "core/scans/sens_file.h"
#include "core/scene/class_catalog.h"
#include "tests/support/forbidden_folder.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numbers>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr const char* kIdentity = "1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n";
constexpr const char* kIntrinsic = "40 0 15.5 0\n0 40 11.5 0\n0 0 1 0\n0 0 0 1\n";
constexpr const char* kId = "scene0000_00";

PlyContent fourVertices(const std::vector<float>& labels = {}) {
  PlyContent content;
  content.mesh.vertices.positions_m = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  content.mesh.vertices.colors.resize(4);
  content.mesh.triangles = {{0, 1, 2}};
  if (!labels.empty()) content.vertex_scalars["label"] = labels;
  return content;
}

/// A data set of one scene, as downloaded.
class ScanNetScene : public ::testing::Test {
 protected:
  ScanNetScene() {
    EXPECT_TRUE(writePly(file("_vh_clean_2.ply"), fourVertices()));
    EXPECT_TRUE(writePly(file("_vh_clean_2.labels.ply"), fourVertices({1, 5, 5, 0})));
    write("_vh_clean_2.0.010000.segs.json", R"({"segIndices": [10, 20, 20, 30]})");
    write(".aggregation.json", R"({"segGroups": [{"label": "wall", "segments": [10]},
                                                  {"label": "chair", "segments": [20]}]})");
    write(".txt", "axisAlignment = 0 -1 0 2 1 0 0 0 0 0 1 0 0 0 0 1\nsceneType = Office\n");
    SensHeader header;
    header.color_type = SensColor::Raw;
    header.color_width = header.depth_width = 32;
    header.color_height = header.depth_height = 24;
    header.color_intrinsic.topLeftCorner<2, 3>() << 40, 0, 15.5F, 0, 40, 11.5F;
    header.depth_intrinsic = header.color_intrinsic;
    EXPECT_TRUE(writeSens(file(".sens"), header, 2, [](std::size_t i) -> Result<SensFrameData> {
      SensFrameData frame;
      frame.color = RgbImage(32, 24, 3, 90);
      frame.depth = RawDepthImage(32, 24, 1, 1500);
      frame.world_from_camera(0, 3) = 1;
      if (i == 1) frame.world_from_camera.setConstant(-std::numeric_limits<float>::infinity());
      return frame;
    }));
  }
  fs::path scene() const { return folder_.path() / "scans" / kId; }
  fs::path file(const std::string& suffix) const { return scene() / (kId + suffix); }
  void write(const std::string& suffix, std::string_view text) const {
    EXPECT_TRUE(writeFileAtomically(file(suffix), text));
  }
  Scene read() const { return readScan(scene()).value(); }
  static std::string warningsOf(const Scene& scene) {
    std::string all;
    for (const auto& warning : scene.warnings) all += warning.message + "\n";
    return all;
  }
  testing::TemporaryFolder folder_;
};

TEST_F(ScanNetScene, IsReadWithFramesMeshLabelsAndTags) {
  const Scene scene = read();
  EXPECT_EQ(detectLayout(this->scene()).kind, ScanKind::ScanNetScene);
  EXPECT_EQ(scene.name, kId);
  EXPECT_EQ(scene.frames.size(), 2U);
  EXPECT_TRUE(scene.frames[0].world_from_camera);
  EXPECT_FALSE(scene.frames[1].world_from_camera);
  EXPECT_FLOAT_EQ(scene.pixels->depth(0)->at(3, 3), 1.5F);
  EXPECT_EQ(scene.pixels->color(1)->at(3, 3), 90);
  EXPECT_DOUBLE_EQ(scene.color_intrinsics.cx, 15.5);
  EXPECT_THAT(scene.point_labels, ::testing::ElementsAre(0, 4, 4, kNoClass));
  EXPECT_EQ(scene.tag_source, TagSource::Derived);
  EXPECT_EQ(scene.tags->count(), 2U);
  EXPECT_EQ(scene.warnings.size(), 1U) << warningsOf(scene);  // lost tracking
}

TEST_F(ScanNetScene, TheAxisAlignmentMovesVerticesAndPosesAlike) {
  const Scene scene = read();
  EXPECT_TRUE(scene.points().positions_m[1].isApprox(Eigen::Vector3f(2, 1, 0)));
  EXPECT_TRUE(scene.frames[0].world_from_camera->translation().isApprox(Eigen::Vector3d(2, 1, 0)));
  EXPECT_TRUE((scene.world_from_file * Eigen::Vector3d(1, 0, 0)).isApprox(Eigen::Vector3d(2, 1, 0)));
}

TEST_F(ScanNetScene, WithoutAnAlignmentNothingMoves) {
  write(".txt", "sceneType = Office\n");
  EXPECT_TRUE(read().world_from_file.isApprox(Pose::Identity()));
  write(".txt", "axisAlignment = 2 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1\n");
  const Scene scene = read();
  EXPECT_TRUE(scene.points().positions_m[1].isApprox(Eigen::Vector3f(1, 0, 0)));
  EXPECT_THAT(warningsOf(scene), HasSubstr("axisAlignment"));
}

TEST_F(ScanNetScene, LabelsThatDisagreeAreCounted) {
  write("_vh_clean_2.0.010000.segs.json", R"({"segIndices": [20, 20, 20, 30]})");
  const Scene scene = read();
  EXPECT_THAT(warningsOf(scene), HasSubstr("1 of 4 vertices"));
  EXPECT_EQ(scene.point_labels[0], 0);
}

TEST_F(ScanNetScene, SegmentsAloneGiveTheSameLabels) {
  const auto labels = read().point_labels;
  fs::remove(file("_vh_clean_2.labels.ply"));
  EXPECT_EQ(read().point_labels, labels);
}

TEST_F(ScanNetScene, LabelsOfAnotherNumberOfVerticesAreLeftOut) {
  auto fewer = fourVertices({1, 1, 1, 1});
  fewer.mesh.vertices.positions_m.pop_back();
  fewer.mesh.vertices.colors.pop_back();
  fewer.vertex_scalars["label"].pop_back();
  ASSERT_TRUE(writePly(file("_vh_clean_2.labels.ply"), fewer));
  write("_vh_clean_2.0.010000.segs.json", R"({"segIndices": [20, 20]})");
  const Scene scene = read();
  EXPECT_TRUE(scene.point_labels.empty());
  EXPECT_FALSE(scene.tags);
  EXPECT_THAT(warningsOf(scene), HasSubstr("it has 3 vertices, but the mesh has 4"));
  EXPECT_THAT(warningsOf(scene), HasSubstr("segments of 2 vertices"));
}

TEST_F(ScanNetScene, GivenTagsComeBeforeDerivedOnes) {
  ASSERT_TRUE(writeFileAtomically(scene() / "tags.json", std::string_view(R"({"scene": ["bed"]})")));
  const Scene scene = read();
  EXPECT_EQ(scene.tag_source, TagSource::Given);
  EXPECT_EQ(scene.tags->count(), 1U);
}

TEST_F(ScanNetScene, ABrokenRecordingLeavesTheMesh) {
  fs::resize_file(file(".sens"), 100);
  const Scene scene = read();
  EXPECT_TRUE(scene.frames.empty());
  EXPECT_EQ(scene.points().size(), 4U);
  EXPECT_THAT(warningsOf(scene), HasSubstr(".sens"));
}

/// Frames in the two other layouts, of the same scene.
class OtherScanLayouts : public ScanNetScene {
 protected:
  void writeFrames(const fs::path& folder, const fs::path& color, const fs::path& depth, const fs::path& pose) const {
    EXPECT_TRUE(writeFileAtomically(folder / color, encodeJpeg(RgbImage(32, 24, 3, 100), 90).value()));
    EXPECT_TRUE(writeFileAtomically(folder / depth, encodePng16(RawDepthImage(32, 24, 1, 1200)).value()));
    EXPECT_TRUE(writeFileAtomically(folder / pose, std::string_view(kIdentity)));
  }
};

TEST_F(OtherScanLayouts, Frames25kTakeMeshAndLabelsFromScans) {
  const fs::path folder = folder_.path() / "scannet_frames_25k" / kId;
  writeFrames(folder, "color/000100.jpg", "depth/000100.png", "pose/000100.txt");
  for (const char* name : {"intrinsics_color.txt", "intrinsics_depth.txt"})
    ASSERT_TRUE(writeFileAtomically(folder / name, std::string_view(kIntrinsic)));
  ASSERT_TRUE(writeFileAtomically(folder / "label/000100.png", encodePng16(RawDepthImage(16, 12, 1, 5)).value()));
  EXPECT_EQ(detectLayout(folder).kind, ScanKind::Frames25k);
  const Scene scene = readScan(folder).value();
  ASSERT_EQ(scene.frames.size(), 1U);
  EXPECT_EQ(scene.frames[0].number, 100);
  EXPECT_EQ(scene.points().size(), 4U);
  EXPECT_EQ(scene.pixels->labels(0)->at(31, 23), *classByName("chair"));
  EXPECT_TRUE(scene.frames[0].world_from_camera->translation().isApprox(Eigen::Vector3d(2, 0, 0)));
}

TEST_F(OtherScanLayouts, PosedImagesAreRead) {
  const fs::path folder = folder_.path() / "elsewhere" / "posed_images" / kId;
  writeFrames(folder, "00003.jpg", "00003.png", "00003.txt");
  for (const char* name : {"intrinsic.txt", "depth_intrinsic.txt"})
    ASSERT_TRUE(writeFileAtomically(folder / name, std::string_view(kIntrinsic)));
  EXPECT_EQ(detectLayout(folder).kind, ScanKind::PosedImages);
  const Scene scene = readScan(folder).value();
  EXPECT_TRUE(scene.warnings.empty());
  EXPECT_EQ(scene.frames.at(0).number, 3);
  EXPECT_FLOAT_EQ(scene.pixels->depth(0)->at(1, 1), 1.2F);
  EXPECT_EQ(scene.points().size(), 0U);
}

TEST(PointFiles, OpenAsScenesWithoutFrames) {
  const testing::TemporaryFolder folder;
  ASSERT_TRUE(writePly(folder.path() / "a.ply", fourVertices()));
  folder.write("b.xyz", "0 0 0\n1 2 3\n4 5 6\n");
  folder.write("c.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n");
  folder.write("d.stl",
               "solid x\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\n"
               "endfacet\nendsolid x\n");
  folder.write("e.pcd",
               "VERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH 2\nHEIGHT 1\n"
               "VIEWPOINT 0 0 0 1 0 0 0\nPOINTS 2\nDATA ascii\n1 2 3\n4 5 6\n");
  for (const auto& [name, count] :
       {std::pair{"a.ply", 4U}, {"b.xyz", 3U}, {"c.obj", 3U}, {"d.stl", 3U}, {"e.pcd", 2U}}) {
    const auto scene = readScan(folder.path() / name);
    ASSERT_TRUE(scene) << scene.error().message;
    EXPECT_EQ(scene->points().size(), count) << name;
    EXPECT_TRUE(scene->frames.empty());
  }
}

TEST(PointFiles, OthersAreRefusedWithWhatCanBeRead) {
  const testing::TemporaryFolder folder;
  folder.write("a.fbx", "x");
  folder.write("b.obj", "");
  EXPECT_THAT(readScan(folder.path() / "a.fbx").error().message, HasSubstr("PLY"));
  EXPECT_FALSE(readScan(folder.path() / "b.obj"));
  EXPECT_EQ(readScan(folder.path() / "c.ply").error().code, ErrorCode::NotFound);
  EXPECT_THAT(readScan(folder.path()).error().message, HasSubstr("b.obj"));
}

TEST(ScanFolders, ThatMayNotBeReadAreNotCalledNoScan) {
  const testing::TemporaryFolder folder;
  fs::create_directories(folder.path() / "scan" / "color");
  const testing::ForbiddenFolder forbidden(folder.path() / "scan");
  for (const char* name : {"scan", "scan/color"}) {
    const auto scene = readScan(folder.path() / name);
    ASSERT_FALSE(scene);
    EXPECT_THAT(scene.error().message, HasSubstr("Permission denied")) << name;
  }
}

TEST(ScanDataSet, AreListedBySplitWithoutOpeningAScene) {
  const testing::TemporaryFolder folder;
  constexpr int kNumScenes = 1513;
  std::string train;
  for (int i = 0; i < kNumScenes; ++i) {
    const std::string id = "scene" + std::to_string(10000 + i).substr(1) + "_00";
    fs::create_directories(folder.path() / "scans" / id);
    train += id + "\r\n";
  }
  folder.write("scannetv2_train.txt", train + "scene9999_00\n");
  const DataSet data = scanDataSet(folder.path()).value();
  EXPECT_EQ(data.scenes.size(), std::size_t{kNumScenes});
  EXPECT_EQ(data.splits.at("train").size(), std::size_t{kNumScenes});
  EXPECT_EQ(data.scenes[data.splits.at("train")[7]].id, "scene0007_00");
  ASSERT_EQ(data.warnings.size(), 1U) << "the folders are empty, which opening any would tell";
  EXPECT_THAT(data.warnings[0], HasSubstr("scene9999_00"));
}

TEST(ScanDataSet, AListWithAPathInItIsRefused) {
  EXPECT_THAT(parseSplitList("a\n../../etc\n", "x").error().message, HasSubstr("line 2"));
  EXPECT_FALSE(scanDataSet("/nowhere"));
}

}  // namespace
}  // namespace tagscape

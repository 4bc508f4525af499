#include "core/exports/label_export.h"

#include "core/base/files.h"
#include "core/clouds/ply.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace tagscape {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class LabelExport : public ::testing::Test {
 protected:
  LabelExport() {
    scene_.name = "room";
    scene_.mesh.vertices.positions_m = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}};
    scene_.mesh.vertices.colors.resize(3);
    scene_.mesh.triangles = {{0, 1, 2}};
  }
  testing::TemporaryFolder folder_;
  Scene scene_;
  const PointLabels labels_{"prediction", "at step 120, with tags", {0, 19, kNoClass}, {0, 0.5F, 0}, {}};
};

TEST_F(LabelExport, WritesOneNyu40IdPerVertexInOrder) {
  ASSERT_TRUE(exportLabels(scene_, labels_, folder_.path(), {LabelFormat::ScanNet}, {}));
  EXPECT_EQ(readTextFile(folder_.path() / "room.txt").value(), "1\n39\n0\n");
}

TEST_F(LabelExport, WritesThePlyWithScalarFieldsThatCloudCompareShows) {
  const auto files = exportLabels(scene_, labels_, folder_.path(), {LabelFormat::Ply}, {}).value();
  const PlyContent content = readPly(files.at(0)).value();
  EXPECT_EQ(content.vertex_scalars.at("scalar_Classification"), (std::vector<float>{1, 39, 0}));
  EXPECT_EQ(content.vertex_scalars.at("scalar_CAM"), (std::vector<float>{0, 0.5F, 0}));
  EXPECT_EQ(content.mesh.triangles, scene_.mesh.triangles);
}

TEST_F(LabelExport, NamesTheSceneAndTheProvenanceInThePly) {
  const auto files = exportLabels(scene_, labels_, folder_.path(), {LabelFormat::Ply}, {}).value();
  const std::string text = readTextFile(files.at(0)).value();
  EXPECT_THAT(text, HasSubstr("comment labels of room at step 120, with tags"));
}

TEST_F(LabelExport, RefusesAPredictionOfAnotherCloud) {
  scene_.mesh.vertices.positions_m.emplace_back(0, 0, 0);
  const auto files = exportLabels(scene_, labels_, folder_.path(), {LabelFormat::Ply}, {});
  ASSERT_FALSE(files);
  EXPECT_THAT(files.error().message, HasSubstr("3 points, the scene 4"));
}

TEST_F(LabelExport, RefusesAPlaceThatCannotBeWritten) {
  const auto files = exportLabels(scene_, labels_, "/proc/out", {LabelFormat::Ply}, {});
  ASSERT_FALSE(files);
  EXPECT_EQ(exitCodeFor(files.error().code), 2);
  EXPECT_THAT(files.error().message, HasSubstr("/proc/out"));
}

TEST_F(LabelExport, ReadsNyu40TextAndNamesTheBadLine) {
  EXPECT_EQ(readScanNetLabels(folder_.write("crlf.txt", "1\r\n2\r\n")).value(), (std::vector<int>{1, 2}));
  const auto bad = readScanNetLabels(folder_.write("bad.txt", "1\nwall\n"));
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error().message, HasSubstr("line 2"));
}

TEST_F(LabelExport, IsImportedAsItWas) {
  const auto files =
      exportLabels(scene_, labels_, folder_.path(), {LabelFormat::Ply, LabelFormat::ScanNet}, {}).value();
  const PointLabels ply = importLabels(files.at(0)).value();
  EXPECT_EQ(ply.classes(), labels_.classes());
  EXPECT_EQ(ply.confidence(1), 0.5F);
  EXPECT_EQ(ply.sourceOf(0), LabelSource{LabelOrigin::Import});
  EXPECT_EQ(ply.provenance(), "from room_labels.ply");
  const PointLabels text = importLabels(files.at(1)).value();
  EXPECT_EQ(text.classes(), labels_.classes());
  EXPECT_EQ(text.confidence(1), 1) << "the file says nothing of it";
}

TEST_F(LabelExport, ImportsIdsOfOtherClassesAsNoLabel) {
  const PointLabels labels = importLabels(folder_.write("ids.txt", "13\n-4\n0\n2\n")).value();
  EXPECT_THAT(labels.classes(), ElementsAre(kNoClass, kNoClass, kNoClass, 1)) << "13 is NYU40's blinds";
}

TEST_F(LabelExport, ImportsNoConfidencesThatAreNone) {
  PlyContent content{scene_.mesh, {}};
  content.vertex_scalars["scalar_Classification"] = {1, 2, 0};
  content.vertex_scalars["scalar_CAM"] = {0, 2, std::numeric_limits<float>::quiet_NaN()};
  ASSERT_TRUE(writePly(folder_.path() / "other.ply", content, ""));
  EXPECT_EQ(importLabels(folder_.path() / "other.ply").value().confidence(0), 1);
}

TEST_F(LabelExport, ImportSaysWhatAFileLacks) {
  ASSERT_TRUE(writePly(folder_.path() / "plain.ply", {scene_.mesh, {}}, ""));
  const auto labels = importLabels(folder_.path() / "plain.ply");
  ASSERT_FALSE(labels);
  EXPECT_THAT(labels.error().message, HasSubstr("scalar_Classification"));
  EXPECT_EQ(importLabels(folder_.path() / "none.txt").error().code, ErrorCode::NotFound);
}

TEST(LabelFormat, UnknownNamesAreRefusedWithTheKnownOnes) {
  EXPECT_TRUE(labelFormatByName("ply"));
  EXPECT_THAT(labelFormatByName("pcd").error().message, HasSubstr("ply or scannet"));
}

}  // namespace
}  // namespace tagscape

#include "core/exports/label_export.h"

#include "core/base/files.h"
#include "core/clouds/ply.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using ::testing::HasSubstr;

class LabelExport : public ::testing::Test {
 protected:
  LabelExport() {
    scene_.name = "room";
    scene_.mesh.vertices.positions_m = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}};
    scene_.mesh.vertices.colors.resize(3);
    scene_.mesh.triangles = {{0, 1, 2}};
    cams_.point_labels = {0, 19, kNoClass};
    cams_.point_values.resize(3 * kNumClasses);
    cams_.point_values[1 * kNumClasses + 19] = 0.5F;
  }
  testing::TemporaryFolder folder_;
  Scene scene_;
  SceneCams cams_;
};

TEST_F(LabelExport, WritesOneNyu40IdPerVertexInOrder) {
  ASSERT_TRUE(exportLabels(scene_, cams_, folder_.path(), {LabelFormat::ScanNet}, {}));
  EXPECT_EQ(readTextFile(folder_.path() / "room.txt").value(), "1\n39\n0\n");
}

TEST_F(LabelExport, WritesThePlyWithScalarFieldsThatCloudCompareShows) {
  const auto files = exportLabels(scene_, cams_, folder_.path(), {LabelFormat::Ply}, {}).value();
  const PlyContent content = readPly(files.at(0)).value();
  EXPECT_EQ(content.vertex_scalars.at("scalar_Classification"), (std::vector<float>{1, 39, 0}));
  EXPECT_EQ(content.vertex_scalars.at("scalar_CAM"), (std::vector<float>{0, 0.5F, 0}));
  EXPECT_EQ(content.mesh.triangles, scene_.mesh.triangles);
}

TEST_F(LabelExport, RefusesAPredictionOfAnotherCloud) {
  scene_.mesh.vertices.positions_m.emplace_back(0, 0, 0);
  const auto files = exportLabels(scene_, cams_, folder_.path(), {LabelFormat::Ply}, {});
  ASSERT_FALSE(files);
  EXPECT_THAT(files.error().message, HasSubstr("3 points, the scene 4"));
}

TEST_F(LabelExport, RefusesAPlaceThatCannotBeWritten) {
  const auto files = exportLabels(scene_, cams_, "/proc/out", {LabelFormat::Ply}, {});
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

TEST(LabelFormat, UnknownNamesAreRefusedWithTheKnownOnes) {
  EXPECT_TRUE(labelFormatByName("ply"));
  EXPECT_THAT(labelFormatByName("pcd").error().message, HasSubstr("ply or scannet"));
}

}  // namespace
}  // namespace tagscape

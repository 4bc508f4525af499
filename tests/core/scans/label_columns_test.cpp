#include "core/scans/label_columns.h"

#include "core/scans/point_scene.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

LabelReading read(const std::string& name, std::vector<std::int32_t> ids, LabelIds given = LabelIds::Auto) {
  return readLabelColumn({name, std::move(ids), {}}, given, nullptr);
}

TEST(LabelColumns, AreNyu40WhereTheirNameOrARangeSaysSo) {
  EXPECT_THAT(read("NYU40", {1, 2, 7}).classes, ElementsAre(0, 1, 6));
  EXPECT_THAT(read("label", {1, 39, 0}).classes, ElementsAre(0, 19, kNoClass));
  EXPECT_THAT(read("label", {1, 39, 0}).note, HasSubstr("NYU40"));
}

TEST(LabelColumns, AreTrainIdsWhereTheUnlabelledSayIt) {
  EXPECT_THAT(read("class", {0, 19, 255}).classes, ElementsAre(0, 19, kNoClass));
  EXPECT_THAT(read("label", {0, 19, -1}).classes, ElementsAre(0, 19, kNoClass));
}

TEST(LabelColumns, ThatMayBeEitherStayAsTheyAreAndAreSaidTo) {
  const LabelReading reading = read("label", {0, 1, 5});
  EXPECT_THAT(reading.classes, IsEmpty());
  EXPECT_THAT(reading.note, HasSubstr("--label-ids"));
  EXPECT_THAT(read("label", {0, 1, 5}, LabelIds::Train).classes, ElementsAre(0, 1, 5));
  EXPECT_THAT(read("label", {0, 1, 5}, LabelIds::Nyu40).classes, ElementsAre(kNoClass, 0, 4));
  EXPECT_THAT(read("label", {-100, 11, 77}).classes, IsEmpty());
}

TEST(LabelColumns, AreTakenByTheirNames) {
  const LabelColumn column{"classification", {2, 7, 3}, {{2, "chair"}, {7, "Table"}, {3, "lamp post"}}};
  EXPECT_THAT(readLabelColumn(column, LabelIds::Auto, nullptr).classes, ElementsAre(4, 6, kNoClass));
}

/// A PLY file as other tools write it: the column is shown as labels of the points, and said to be.
TEST(LabelColumns, OfAPlyFileBecomeLabelsOfItsPoints) {
  const testing::TemporaryFolder folder;
  const auto file =
      folder.write("a.ply",
                   "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\n"
                   "property float z\nproperty float scalar_Label\nend_header\n0 0 0 1\n1 0 0 2\n0 1 0 39\n");
  const Scene scene = readPointScene(file, LabelIds::Auto).value();
  EXPECT_THAT(scene.point_labels, ElementsAre(0, 1, 19));
  ASSERT_EQ(scene.label_columns.size(), 1U);
  EXPECT_EQ(scene.label_columns[0].name, "scalar_Label");
  ASSERT_EQ(scene.warnings.size(), 1U);
  EXPECT_THAT(scene.warnings[0].message, HasSubstr("NYU40"));
}

TEST(LabelColumns, ThatAreNoWholeNumbersAreSaidNotToBe) {
  const testing::TemporaryFolder folder;
  const auto file = folder.write("a.ply",
                                 "ply\nformat ascii 1.0\nelement vertex 2\nproperty float x\nproperty float y\n"
                                 "property float z\nproperty float label\nend_header\n0 0 0 1.5\n1 0 0 2\n");
  const Scene scene = readPointScene(file, LabelIds::Auto).value();
  EXPECT_TRUE(scene.label_columns.empty());
  ASSERT_EQ(scene.warnings.size(), 1U);
  EXPECT_THAT(scene.warnings[0].message, HasSubstr("no whole numbers"));
}

}  // namespace
}  // namespace tagscape

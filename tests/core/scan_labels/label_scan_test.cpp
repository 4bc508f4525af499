#include "core/scan_labels/label_scan.h"

#include "tests/support/box_scene.h"
#include "tests/support/tolerances.h"

#include <gtest/gtest.h>

namespace tagscape {
namespace {

using testing::boxScene;
using testing::kFloor;
using testing::kSofa;
using testing::kTable;

Result<CellMaps> noLogits(std::size_t) { return CellMaps{}; }

double accuracy(const ClassValues& posterior, const Scene& scene) {
  std::size_t right = 0;
  for (Eigen::Index i = 0; i < posterior.rows(); ++i) {
    Eigen::Index label = 0;
    posterior.row(i).maxCoeff(&label);
    right += static_cast<std::size_t>(label) == scene.point_labels[static_cast<std::size_t>(i)] ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(posterior.rows());
}

TEST(ScanLabeller, LabelsASceneFromTagsAndItsShape) {
  const auto scene = boxScene();
  const auto labeller = ScanLabeller::create(scene, {}, {});
  ASSERT_TRUE(labeller) << labeller.error().message;
  const auto labels = labeller->label(noLogits, nullptr, {});
  ASSERT_TRUE(labels) << labels.error().message;
  // The sides of the boxes have no label.
  EXPECT_GT(accuracy(labels->vertices, *scene), .9);
  EXPECT_NEAR(labels->frame_areas.row(1).sum(), 1, testing::kFloatSumRounding);
  EXPECT_GT(labels->frame_areas(0, kTable), .05F);
  EXPECT_LT(labels->frame_areas(0, kSofa), .05F);
}

TEST(ScanLabeller, TellsTableFromSofaByTagsAlone) {
  const auto scene = boxScene();
  ScanLabelOptions options;
  options.room_prior = 0;
  const auto labels = ScanLabeller::create(scene, options, {})->label(noLogits, nullptr, {});
  ASSERT_TRUE(labels);
  const auto table = 50 * 201 + 50, sofa = 50 * 201 + 150;
  EXPECT_GT(labels->vertices(table, kTable), labels->vertices(table, kSofa));
  EXPECT_GT(labels->vertices(sofa, kSofa), labels->vertices(sofa, kTable));
}

TEST(ScanLabeller, TakesTagsOfTheSceneAlone) {
  const auto scene = boxScene();
  for (Frame& frame : scene->frames) frame.tags.reset();
  scene->tags = TagSet().set(kFloor).set(kTable).set(kSofa);
  const auto labels = ScanLabeller::create(scene, {}, {})->label(noLogits, nullptr, {});
  ASSERT_TRUE(labels);
  EXPECT_GT(accuracy(labels->vertices, *scene), .8);
}

TEST(ScanLabeller, FollowsTheLogitsOfFrames) {
  const auto scene = boxScene();
  scene->frames[1].tags = TagSet().set(kFloor).set(kTable).set(kSofa);
  scene->frames[0].tags = scene->frames[2].tags = std::nullopt;
  ScanLabelOptions options;
  options.room_prior = 0;
  std::vector<float> values(kNumClasses * 2, 0.F);
  values[kSofa * 2] = 4;       // The left half of the frame is a sofa,
  values[kTable * 2 + 1] = 4;  // the right half a table.
  const auto maps = [&](std::size_t index) -> Result<CellMaps> {
    return index == 1 ? CellMaps{values, 2, 1, {30, 14.5}} : CellMaps{};
  };
  const auto labels = ScanLabeller::create(scene, options, {})->label(maps, nullptr, {});
  ASSERT_TRUE(labels);
  const auto left = 50 * 201 + 50, right = 50 * 201 + 150;
  EXPECT_GT(labels->vertices(left, kSofa), labels->vertices(left, kTable));
  EXPECT_GT(labels->vertices(right, kTable), labels->vertices(right, kSofa));
}

TEST(ScanLabeller, HearsMapsOfATagThatMayBeForgotten) {
  const auto scene = boxScene();
  for (const std::size_t frame : {0, 1}) scene->frames[frame].tags = TagSet().set(kFloor).set(kSofa);
  scene->frames[2].tags = TagSet().set(kTable);  // It does not show the table; the scene has the class all the same.
  std::vector<float> values(kNumClasses, 0.F);
  values[kTable] = 3;
  const auto maps = [&](std::size_t) -> Result<CellMaps> { return CellMaps{values, 1, 1, {60, 29.5}}; };
  ScanLabelOptions options;
  options.room_prior = 0;
  const auto labeller = ScanLabeller::create(scene, options, {});
  ASSERT_TRUE(labeller) << labeller.error().message;
  TagReliability reliability{ClassValues::Zero(3, kNumClasses), ClassValues::Zero(3, kNumClasses)};
  reliability.forgotten(0, kTable) = reliability.forgotten(1, kTable) = .9F;
  const auto table = 50 * 201 + 50;
  const auto believed = labeller->label(maps, nullptr, {}), doubted = labeller->label(maps, &reliability, {});
  ASSERT_TRUE(believed && doubted);
  EXPECT_GT(doubted->vertices(table, kTable), believed->vertices(table, kTable) + .2F);
}

TEST(ScanLabeller, RefusesScenesWithoutPointsOrTags) {
  auto scene = boxScene();
  for (Frame& frame : scene->frames) frame.tags.reset();
  EXPECT_EQ(ScanLabeller::create(scene, {}, {}).error().code, ErrorCode::InvalidInput);
  scene->tags = TagSet().set(kFloor);
  scene->mesh = {};
  EXPECT_EQ(ScanLabeller::create(scene, {}, {}).error().code, ErrorCode::InvalidInput);
}

TEST(ScanLabeller, CanBeStopped) {
  std::stop_source source;
  source.request_stop();
  const Job job{{}, source.get_token()};
  EXPECT_EQ(ScanLabeller::create(boxScene(), {}, job).error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace tagscape

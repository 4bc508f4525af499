#include "core/workflows/scan_label_store.h"

#include "core/recipe/presets.h"
#include "core/workflows/scan_job.h"
#include "tests/support/box_scene.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tagscape {
namespace {

using testing::boxScene;
using testing::kTable;

/// Labels that call everything a table, in 2D by a map of one cell.
SceneCams allTables(const Scene& scene) {
  SceneCams cams;
  cams.scene_name = scene.name;
  const std::size_t count = scene.points().size();
  cams.point_labels.assign(count, static_cast<std::uint8_t>(kTable));
  cams.point_values.assign(count * kNumClasses, 0.F);
  for (std::size_t i = 0; i < count; ++i) cams.point_values[i * kNumClasses + kTable] = 1;
  cams.point_logits = cams.point_values;
  for (const Frame& frame : scene.frames) {
    FrameCams maps{frame.number, 1, 1, std::vector<float>(kNumClasses, 0.F)};
    maps.values[kTable] = 1;
    maps.logits = maps.values;
    cams.frames.push_back(std::move(maps));
  }
  return cams;
}

class ScanLabelStore : public ::testing::Test {
 protected:
  ScanLabelStore() : run_(RunDirectory::create(folder_.path() / "run", false).value()) {}
  testing::TemporaryFolder folder_;
  RunDirectory run_;
};

TEST_F(ScanLabelStore, FindsLabelsOfACopyOfTheScan) {
  const auto scene = boxScene();
  ASSERT_TRUE(writeScanLabels(run_, *scene, allTables(*scene)));
  auto copy = boxScene();
  copy->name = "a copy";
  copy->path = "/elsewhere";
  const auto labels = readScanLabels(run_.path(), *copy);
  ASSERT_TRUE(labels);
  EXPECT_EQ(labels->point_labels, allTables(*scene).point_labels);
  EXPECT_EQ(labels->frames.size(), 3U);
  EXPECT_EQ(labels->frames[0].logits[kTable], 1);
}

TEST_F(ScanLabelStore, KnowsOtherScansApart) {
  const auto scene = boxScene();
  ASSERT_TRUE(writeScanLabels(run_, *scene, allTables(*scene)));
  auto moved = boxScene();
  moved->mesh.vertices.positions_m[5].x() += .001F;
  EXPECT_FALSE(readScanLabels(run_.path(), *moved));
}

TEST_F(ScanLabelStore, HasNothingBeforeItIsWritten) { EXPECT_FALSE(readScanLabels(run_.path(), *boxScene())); }

TEST_F(ScanLabelStore, PassesOverABrokenFile) {
  folder_.write("run/labels/boxes.safetensors", "no tensors");
  EXPECT_FALSE(readScanLabels(run_.path(), *boxScene()));
}

TEST(SceneWithLabels, PutsTheLabelsInPlaceOfTheTruth) {
  const auto scene = boxScene();
  const SharedScene labelled = sceneWithLabels(scene, allTables(*scene));
  EXPECT_EQ(labelled->point_labels, allTables(*scene).point_labels);
  ASSERT_TRUE(labelled->frames[0].has_labels);
  const auto image = labelled->pixels->labels(0);
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(image->width, 60);
  EXPECT_TRUE(std::ranges::all_of(image->pixels, [](std::uint8_t label) { return label == kTable; }));
  EXPECT_NE(scene->point_labels, labelled->point_labels) << "the scan itself stays as it is";
}

Recipe scanRecipe(ScanQuality quality) {
  Recipe recipe = presetRecipe(kScanPreset).value();
  setScanQuality(recipe, quality);
  return recipe;
}

TEST(ScanQuality, TakesLongerTheBetterItIs) {
  const Recipe fast = scanRecipe(ScanQuality::Fast), balanced = scanRecipe(ScanQuality::Balanced),
               best = scanRecipe(ScanQuality::Best);
  EXPECT_LT(expectedSeconds(fast, .2, 100), expectedSeconds(balanced, .2, 100));
  EXPECT_LT(expectedSeconds(balanced, .2, 100), expectedSeconds(best, .2, 100));
  EXPECT_LT(expectedSeconds(fast, .2, 100), 60);
  EXPECT_LT(expectedSeconds(best, .2, 100), 300);
}

}  // namespace
}  // namespace tagscape

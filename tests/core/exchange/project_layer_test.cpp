#include "core/exchange/project_layer.h"

#include "core/exchange/exporter.h"
#include "core/exchange/format_table.h"
#include "tests/core/exchange/layer_samples.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using ::testing::HasSubstr;

class ProjectLayers : public ::testing::Test {
 protected:
  ProjectLayers() {
    scene_->path = folder_.path() / "boxes";
    layer_.frames = projectedFrames(scene_, std::make_shared<LayerPoints>(layer_.points));
    // A project keeps confidence in a byte.
    for (float& confidence : layer_.points.confidence) confidence = confidence == 0 ? 0.F : 51.F / 255.F;
  }
  [[nodiscard]] std::shared_ptr<Project> newProject(const char* set = "scannet20") {
    auto project = Project::create(folder_.path() / (std::string(set) + ".tagscape"), builtInClassSet(set).value());
    return std::make_shared<Project>(std::move(*project));
  }
  testing::TemporaryFolder folder_;
  std::shared_ptr<Scene> scene_ = testing::boxScene();
  ExchangeLayer layer_ = testing::boxLayer(*scene_);
};

TEST_F(ProjectLayers, GiveBackWhatWasImported) {
  const auto project = newProject();
  ASSERT_TRUE(addToProject(*project, scene_, "theirs", layer_, {}));
  const ExchangeLayer found = layerOfProject(project, scene_, "theirs").value();
  EXPECT_TRUE(areScanNetClasses(found.classes));
  EXPECT_EQ(found.points.classes, layer_.points.classes);
  EXPECT_EQ(found.points.confidence, layer_.points.confidence);
  EXPECT_EQ(found.points.instances, layer_.points.instances);
  EXPECT_EQ(found.points.origins[1], LabelOrigin::Import);
  ASSERT_NE(found.frames, nullptr);
  ASSERT_EQ(found.frames->indices(), layer_.frames->indices());
  for (const std::size_t index : layer_.frames->indices())
    EXPECT_EQ(found.frames->read(index)->classes.pixels, layer_.frames->read(index)->classes.pixels);
}

TEST_F(ProjectLayers, AreImportedAsOneEditThatCanBeUndone) {
  const auto project = newProject();
  ASSERT_TRUE(addToProject(*project, scene_, "theirs", layer_, {}));
  EXPECT_EQ(project->history(10).size(), 1U);
  ASSERT_TRUE(project->undo().value());
  const ExchangeLayer found = layerOfProject(project, scene_, "theirs").value();
  EXPECT_THAT(found.points.classes, ::testing::Each(kUnlabelled));
}

TEST_F(ProjectLayers, KeepLabelsWhereTheImportHasNone) {
  const auto project = newProject();
  ASSERT_TRUE(addToProject(*project, scene_, "theirs", layer_, {}));
  ExchangeLayer empty = layer_;
  empty.points.classes.assign(empty.points.size(), kUnlabelled);
  empty.frames = nullptr;
  ASSERT_TRUE(addToProject(*project, scene_, "theirs", empty, {}));
  EXPECT_EQ(layerOfProject(project, scene_, "theirs")->points.classes, layer_.points.classes);
}

TEST_F(ProjectLayers, NameThoseThatThereAre) {
  const auto project = newProject();
  ASSERT_TRUE(addToProject(*project, scene_, "theirs", layer_, {}));
  EXPECT_THAT(layerOfProject(project, scene_, "ours").error().message, HasSubstr("\"theirs\""));
  scene_->path = "/elsewhere";
  scene_->mesh.vertices.positions_m[0].x() += 1;
  EXPECT_EQ(layerOfProject(project, scene_, "theirs").error().code, ErrorCode::NotFound);
}

TEST_F(ProjectLayers, AreExportedInTheClassesOfTheirProject) {
  for (const char* set : {"nyu40", "scannet200", "s3dis13", "matterport21"}) {
    const ExchangeClasses classes = exchangeClassesOf(builtInClassSet(set).value());
    ExportOptions options;
    options.formats = exchangeFormatsNamed({"ply", "npy"}).value();
    EXPECT_TRUE(Exporter::create(folder_.path() / set, options, classes)) << set;
  }
  const ExchangeClasses many = exchangeClassesOf(builtInClassSet("scannet200").value());
  ExportOptions options;
  options.formats = exchangeFormatsNamed({"labelcloud"}).value();
  EXPECT_THAT(Exporter::create(folder_.path() / "many", options, many).error().message,
              HasSubstr("holds ids up to 127"));
}

}  // namespace
}  // namespace tagscape

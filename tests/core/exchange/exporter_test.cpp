#include "core/exchange/exporter.h"

#include "core/base/files.h"
#include "core/exchange/format_table.h"
#include "tests/core/exchange/layer_samples.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ExporterTest : public ::testing::Test {
 protected:
  [[nodiscard]] Result<ExportedScene> exportTo(const fs::path& folder,
                                               std::vector<std::string> formats,
                                               LayerOptions layer_options = {},
                                               bool again = false) {
    ExportOptions options;
    TAGSCAPE_ASSIGN(options.formats, exchangeFormatsNamed(formats));
    options.layer = std::move(layer_options);
    options.again = again;
    options.program = "test";
    TAGSCAPE_ASSIGN(Exporter exporter, Exporter::create(folder, options, layer_.classes));
    return exporter.add(scene_, layer_, {});
  }
  [[nodiscard]] fs::path out() const { return folder_.path() / "out"; }

  testing::TemporaryFolder folder_;
  std::shared_ptr<Scene> scene_ = testing::boxScene();
  ExchangeLayer layer_ = testing::boxLayer(*scene_);
};

TEST_F(ExporterTest, RecordsLabelsAndChecksums) {
  const auto record = exportTo(out(), {"ply", "scannet"});
  ASSERT_TRUE(record) << record.error().message;
  EXPECT_EQ(record->num_points, scene_->points().size());
  EXPECT_EQ(record->layer, "corrected");
  EXPECT_THAT(record->tags, ::testing::Contains("table"));
  ASSERT_TRUE(record->mean_iou) << "the truth is known";
  EXPECT_GT(*record->mean_iou, .8);
  const ExportedScene stored = readSceneManifest(sceneManifestFile(out(), "boxes")).value();
  EXPECT_EQ(stored.fingerprint, record->fingerprint);
  EXPECT_THAT(stored.files, SizeIs(record->files.size()));
  const ExportCheck check = verifyExport(out(), {}).value();
  EXPECT_THAT(check.problems, IsEmpty());
  EXPECT_EQ(check.num_files, stored.files.size());
}

TEST_F(ExporterTest, WritesAgainOnlyWhatChanged) {
  ASSERT_TRUE(exportTo(out(), {"scannet"}));
  EXPECT_TRUE(exportTo(out(), {"scannet"})->was_there);
  EXPECT_FALSE(exportTo(out(), {"scannet"}, {}, true)->was_there) << "asked to write again";
  EXPECT_FALSE(exportTo(out(), {"scannet"}, {.min_confidence = .5F})->was_there);
  layer_.points.classes[1] = 0;
  EXPECT_FALSE(exportTo(out(), {"scannet"})->was_there);
  fs::remove(out() / "scannet/boxes.txt");
  EXPECT_FALSE(exportTo(out(), {"scannet"})->was_there) << "a file was missing";
}

TEST_F(ExporterTest, VerifyNamesWhatIsNotAsItWasWritten) {
  ASSERT_TRUE(exportTo(out(), {"scannet", "ply"}));
  std::string text = readTextFile(out() / "scannet/boxes.txt").value();
  text[0] = text[0] == '2' ? '3' : '2';
  ASSERT_TRUE(writeFileAtomically(out() / "scannet/boxes.txt", text));
  fs::remove(out() / "ply/boxes_labels.ply");
  EXPECT_THAT(verifyExport(out(), {})->problems,
              ::testing::UnorderedElementsAre(HasSubstr("ply/boxes_labels.ply: it is missing"),
                                              HasSubstr("scannet/boxes.txt: its content")));
  EXPECT_EQ(verifyExport(folder_.path(), {}).error().code, ErrorCode::NotFound);
}

TEST_F(ExporterTest, KeepsClassesAndConfidencesThatAreAskedFor) {
  LayerOptions options{.classes = {testing::kTable}, .min_confidence = .5F, .unlabelled_as = std::uint16_t{19}};
  ASSERT_TRUE(exportTo(out(), {"scannet"}, options));
  const std::string text = readTextFile(out() / "scannet/boxes.txt").value();
  std::size_t at = 0;
  for (std::size_t i = 0; i < layer_.points.size(); ++i) {
    const bool stays = layer_.points.classes[i] == testing::kTable && layer_.points.confidence[i] >= .5F;
    const std::size_t end = text.find('\n', at);
    ASSERT_EQ(text.substr(at, end - at), stays ? "7" : "39") << "point " << i;
    at = end + 1;
  }
}

TEST_F(ExporterTest, FindsConnectedPartsOfAClass) {
  LayerPoints points = layer_.points;
  for (std::size_t i = 0; i < points.size(); ++i) points.classes[i] = scene_->point_labels[i];
  const auto instances = connectedInstances(scene_->mesh, points, layer_.classes, 100);
  EXPECT_EQ(*std::max_element(instances.begin(), instances.end()), 2U) << "a table and a sofa";
  for (std::size_t i = 0; i < instances.size(); ++i)
    ASSERT_EQ(instances[i] == 0, points.classes[i] == testing::kFloor) << "the floor is no object";
  Mesh cloud{scene_->mesh.vertices, {}};
  EXPECT_EQ(connectedInstances(cloud, points, layer_.classes, 100), instances) << "without triangles, by cells";
  EXPECT_THAT(connectedInstances(scene_->mesh, points, layer_.classes, 100'000), ::testing::Each(0U));
}

TEST_F(ExporterTest, AFullDiskLeavesTheOldFileWhole) {
  ASSERT_TRUE(exportTo(out(), {"ply"}));
  const auto before = readFile(out() / "ply/boxes_labels.ply").value();
  layer_.points.classes.assign(layer_.points.size(), 3);
  {
    constexpr rlim_t kTooSmall = 100'000;
    const testing::FileSizeLimit full(kTooSmall);
    const auto refused = exportTo(out(), {"ply"});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::NotWritable);
    EXPECT_THAT(refused.error().message, HasSubstr("boxes_labels.ply"));
  }
  EXPECT_EQ(readFile(out() / "ply/boxes_labels.ply").value(), before);
  EXPECT_FALSE(fs::exists(sceneManifestFile(out(), "boxes"))) << "nobody may take the scene for whole";
  EXPECT_TRUE(exportTo(out(), {"ply"})) << "and it goes on when there is space";
}

TEST_F(ExporterTest, RefusesAPlaceThatCannotBeWritten) {
  const auto refused = exportTo("/proc/out", {"ply"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(exitCodeFor(refused.error().code), 2);
  EXPECT_THAT(refused.error().message, HasSubstr("/proc/out"));
}

TEST_F(ExporterTest, RefusesLabelsOfAnotherCloud) {
  scene_->mesh.vertices.positions_m.emplace_back(0, 0, 0);
  EXPECT_THAT(exportTo(out(), {"ply"}).error().message, HasSubstr("points, the scene"));
}

TEST_F(ExporterTest, SaysWhatAFormatCannotHold) {
  layer_.classes[0].id = 300;
  EXPECT_THAT(exportTo(out(), {"las"}).error().message, HasSubstr("class \"wall\" has 300"));
  EXPECT_THAT(exportTo(out(), {"label-images"}).error().message, HasSubstr("up to 255"));
  EXPECT_TRUE(exportTo(out(), {"npy"}));
  layer_.classes[0] = {"a name of more than 15 bytes", 1, {1, 2, 3}};
  EXPECT_THAT(exportTo(out(), {"las"}).error().message, HasSubstr("up to 15 bytes"));
  layer_.classes[0] = {"wall:2", 1, {1, 2, 3}};
  EXPECT_THAT(exportTo(out(), {"cvat"}).error().message, HasSubstr("place 5 of the class name \"wall:2\""));
  layer_.classes[0] = layer_.classes[1];
  EXPECT_THAT(exportTo(out(), {"ply"}).error().message, HasSubstr("two classes are \"floor\""));
}

TEST_F(ExporterTest, SaysWhenThereAreMoreObjectsThanAFormatHolds) {
  layer_.points.instances[1] = 70'000;
  EXPECT_THAT(exportTo(out(), {"semantickitti"}).error().message,
              HasSubstr("instances up to 65535, and there is 70000"));
  EXPECT_TRUE(exportTo(out(), {"semantickitti"}, {.instances = LayerOptions::Instances::None}));
}

TEST_F(ExporterTest, SaysWhenALayerHasNothingForAFormat) {
  scene_->frames.clear();
  const auto refused = exportTo(out(), {"coco"});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("coco has nothing to write"));
}

TEST_F(ExporterTest, StopsWhenItIsAskedTo) {
  ExportOptions options;
  options.formats = exchangeFormatsNamed({"ply"}).value();
  Exporter exporter = Exporter::create(out(), options, layer_.classes).value();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(exporter.add(scene_, layer_, {{}, stop.get_token()}).error().code, ErrorCode::Cancelled);
  EXPECT_FALSE(fs::exists(sceneManifestFile(out(), "boxes")));
}

TEST_F(ExporterTest, GivesAPipeTheFileThatAFolderGets) {
  ASSERT_TRUE(exportTo(out(), {"las"}));
  ExportOptions options;
  options.formats = exchangeFormatsNamed({"las"}).value();
  EXPECT_EQ(exportToBytes(scene_, layer_, options).value(), readFile(out() / "las/boxes.las").value());
  options.formats = exchangeFormatsNamed({"coco"}).value();
  EXPECT_EQ(exportToBytes(scene_, layer_, options).error().code, ErrorCode::InvalidInput);
}

TEST_F(ExporterTest, UnknownFormatsAreRefusedWithTheKnownOnes) {
  EXPECT_THAT(exportTo(out(), {"docx"}).error().message, HasSubstr("ply, pcd, scannet"));
}

}  // namespace
}  // namespace tagscape

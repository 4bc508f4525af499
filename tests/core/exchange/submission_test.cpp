#include "core/exchange/submission.h"

#include "core/exchange/exporter.h"
#include "core/exchange/format_table.h"
#include "core/io/zip_archive.h"
#include "tests/core/exchange/layer_samples.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Submission : public ::testing::Test {
 protected:
  Submission() { scene_->name = "scene0707_00"; }
  [[nodiscard]] Result<std::vector<std::string>> entriesFor(const char* name) {
    ExportOptions options;
    TAGSCAPE_ASSIGN(const ExchangeFormat* format, exchangeFormatNamed(name));
    options.formats = {format};
    TAGSCAPE_ASSIGN(Exporter exporter, Exporter::create(folder_.path(), options, layer_.classes));
    TAGSCAPE_ASSIGN(const ExportedScene record, exporter.add(scene_, layer_, {}));
    TAGSCAPE_ASSIGN(const auto file, writeSubmission(folder_.path(), *format, {}));
    TAGSCAPE_ASSIGN(const auto archive, ZipArchive::open(file));
    return archive->names();
  }
  testing::TemporaryFolder folder_;
  std::shared_ptr<Scene> scene_ = testing::boxScene();
  ExchangeLayer layer_ = testing::boxLayer(*scene_);
};

TEST_F(Submission, HasEverythingAtItsRoot) {
  EXPECT_THAT(entriesFor("scannet").value(), ElementsAre("scene0707_00.txt"));
  EXPECT_THAT(
      entriesFor("scannet-instances").value(),
      ElementsAre("predicted_masks/scene0707_00_000.txt", "predicted_masks/scene0707_00_001.txt", "scene0707_00.txt"));
  EXPECT_THAT(entriesFor("label-images").value(),
              ElementsAre("scene0707_00_000000.png", "scene0707_00_000001.png", "scene0707_00_000002.png"));
}

TEST_F(Submission, KnowsTheNamesOfScenes) {
  scene_->name = "kitchen";
  EXPECT_THAT(entriesFor("scannet").error().message, HasSubstr("no scene 'kitchen'"));
}

TEST_F(Submission, RefusesIdsThatTheBenchmarkDoesNotKnow) {
  layer_.classes[testing::kSofa].id = 13;
  EXPECT_THAT(entriesFor("scannet").error().message, HasSubstr("is 13, which the benchmark does not know"));
  EXPECT_THAT(entriesFor("label-images").error().message, HasSubstr("a pixel is 13"));
}

TEST_F(Submission, NeedsAnExport) {
  const ExchangeFormat& format = *exchangeFormatNamed("scannet").value();
  EXPECT_EQ(writeSubmission(folder_.path(), format, {}).error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace tagscape

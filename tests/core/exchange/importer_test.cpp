#include "core/exchange/importer.h"

#include "core/base/files.h"
#include "core/clouds/ply.h"
#include "core/exchange/format_table.h"
#include "core/io/npy_array.h"
#include "tests/core/exchange/layer_samples.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace tagscape {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;

class Importer : public ::testing::Test {
 protected:
  [[nodiscard]] Result<ImportedLayer> import(const std::filesystem::path& file,
                                             const ImportOptions& options = {},
                                             const ExchangeFormat* format = nullptr) {
    TAGSCAPE_ASSIGN(const ForeignSource source, readForeign(file, {}, format));
    return importLayer(scene_, source, scanNetClasses(), options, {});
  }
  /// The scene's cloud with a column of ids.
  std::filesystem::path writeCloud(const std::string& name, const PointCloud& cloud, std::vector<float> ids) {
    PlyContent content{.mesh = {cloud, {}}};
    content.vertex_scalars["label"] = std::move(ids);
    EXPECT_TRUE(writePly(folder_.path() / name, content));
    return folder_.path() / name;
  }
  [[nodiscard]] std::vector<float> trueNyu40() const {
    std::vector<float> ids;
    for (const std::uint8_t label : scene_->point_labels) ids.push_back(scanNetClasses()[label].id);
    return ids;
  }
  /// One value of ids that is NYU40's for certain, so that they are understood.
  [[nodiscard]] std::vector<float> nyu40WithWitness() const {
    auto ids = trueNyu40();
    ids.back() = 39;
    return ids;
  }

  testing::TemporaryFolder folder_;
  std::shared_ptr<Scene> scene_ = testing::boxScene();
};

TEST_F(Importer, TakesPointsInOrderWhereTheyAreTheSame) {
  const ImportedLayer imported = import(writeCloud("boxes.ply", scene_->points(), nyu40WithWitness())).value();
  EXPECT_EQ(imported.match_note, "in order");
  EXPECT_EQ(imported.share_matched, 1);
  EXPECT_EQ(imported.layer.points.classes[0], scene_->point_labels[0]);
  EXPECT_EQ(imported.layer.points.origins[0], LabelOrigin::Import);
}

TEST_F(Importer, MatchesACloudOfAnotherOrderByTheNearestPoint) {
  PointCloud turned = scene_->points();
  auto ids = nyu40WithWitness();
  std::reverse(turned.positions_m.begin(), turned.positions_m.end());
  std::reverse(ids.begin(), ids.end());
  const ImportedLayer imported = import(writeCloud("boxes.ply", turned, ids)).value();
  EXPECT_THAT(imported.match_note, HasSubstr("nearest point"));
  for (std::size_t i = 0; i + 1 < scene_->point_labels.size(); ++i)
    ASSERT_EQ(imported.layer.points.classes[i], scene_->point_labels[i]) << "point " << i;
}

TEST_F(Importer, SaysHowManyPointsOfASparserCloudHaveANeighbour) {
  PointCloud half;
  std::vector<float> ids;
  const auto all = nyu40WithWitness();
  for (std::size_t i = 0; i < scene_->points().size(); ++i) {
    if (scene_->points().positions_m[i].x() > 0) continue;
    half.positions_m.push_back(scene_->points().positions_m[i]);
    ids.push_back(all[i]);
  }
  ids.back() = 39;
  const ImportedLayer imported = import(writeCloud("half.ply", half, ids)).value();
  EXPECT_GT(imported.share_matched, .5);
  EXPECT_LT(imported.share_matched, .55) << "half of the points, and those within 5 cm of them";
  EXPECT_THAT(imported.notes, Contains(HasSubstr("of the scene's points have no point of the file near them")));
}

TEST_F(Importer, RefusesACloudFromElsewhere) {
  PointCloud far = scene_->points();
  for (auto& position : far.positions_m) position.x() += 100;
  const auto refused = import(writeCloud("far.ply", far, nyu40WithWitness()));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("none of its"));
}

TEST_F(Importer, RefusesAWrongCountWithoutCoordinates) {
  const auto refused = import(folder_.write("boxes.txt", "1\n2\n39\n"));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("labels of 3 points, and the scene has"));
}

TEST_F(Importer, NamesTheLineThatIsNoLabel) {
  EXPECT_THAT(import(folder_.write("bad.txt", "1\nwall\n")).error().message, HasSubstr("bad.txt: line 2"));
}

TEST_F(Importer, UnderstandsIdsByTheMapThatIsGiven) {
  auto ids = trueNyu40();
  std::replace(ids.begin(), ids.end(), 7.F, 4711.F);
  const auto file = writeCloud("boxes.ply", scene_->points(), ids);
  ImportOptions options;
  options.map = parseIdMap("4711 = table  # ours\n2 = floor\n6 = sofa\n", "map.txt", scanNetClasses()).value();
  const ImportedLayer imported = import(file, options).value();
  for (std::size_t i = 0; i < scene_->point_labels.size(); ++i)
    ASSERT_EQ(imported.layer.points.classes[i], scene_->point_labels[i]) << "point " << i;
  const ImportedLayer unmapped = import(file).value();
  EXPECT_THAT(unmapped.notes, Contains(HasSubstr("4711")));
}

TEST_F(Importer, FindsOutTheFormatOfAFile) {
  EXPECT_EQ(readForeign(writeCloud("boxes.ply", scene_->points(), trueNyu40()), {}, nullptr)->format->name, "ply");
  EXPECT_EQ(readForeign(folder_.write("scene.txt", "1\n2\n"), {}, nullptr)->format->name, "scannet");
  EXPECT_EQ(readForeign("/nowhere", {}, nullptr).error().code, ErrorCode::NotFound);
  EXPECT_THAT(readForeign(folder_.write("x/notes.md", "hello"), {}, nullptr).error().message, HasSubstr("--format"));
}

TEST_F(Importer, TakesProbabilitiesAsAPrediction) {
  const std::size_t count = scene_->points().size();
  std::vector<float> shares(count * kNumClasses, .01F);
  for (std::size_t i = 0; i < count; ++i) shares[i * kNumClasses + scene_->point_labels[i]] = .8F;
  const auto bytes = encodeNpy({static_cast<std::int64_t>(count), kNumClasses}, shares);
  ASSERT_TRUE(writeFileAtomically(folder_.path() / "boxes/probabilities.npy", bytes));
  const ImportedLayer imported = import(folder_.path() / "boxes").value();
  ASSERT_NE(imported.prediction, nullptr);
  EXPECT_EQ(imported.prediction->point_labels, scene_->point_labels);
  EXPECT_FLOAT_EQ(imported.prediction->point_values[testing::kFloor], 1) << "divided by the largest of the class";
  EXPECT_FALSE(imported.prediction->uses_tags);
}

TEST_F(Importer, RefusesProbabilitiesOfOtherClasses) {
  const std::size_t count = scene_->points().size();
  const auto bytes = encodeNpy({static_cast<std::int64_t>(count), 13}, std::vector<float>(count * 13, .1F));
  ASSERT_TRUE(writeFileAtomically(folder_.path() / "boxes/probabilities.npy", bytes));
  EXPECT_THAT(import(folder_.path() / "boxes").error().message, HasSubstr("have 13 classes"));
}

TEST_F(Importer, TakesProbabilitiesOfFrames) {
  std::vector<float> shares(kNumClasses * 4 * 6, .01F);
  std::fill_n(shares.begin() + testing::kSofa * 24, 24, .9F);
  ASSERT_TRUE(
      writeFileAtomically(folder_.path() / "boxes/probabilities/1.npy", encodeNpy({kNumClasses, 4, 6}, shares)));
  const ImportedLayer imported = import(folder_.path() / "boxes").value();
  ASSERT_NE(imported.prediction, nullptr);
  ASSERT_EQ(imported.prediction->frames.size(), 1U);
  const LayerFrame frame = predictedFrames(scene_, imported.prediction)->read(1).value();
  EXPECT_THAT(frame.classes.pixels, Each(std::uint16_t{testing::kSofa}));
}

}  // namespace
}  // namespace tagscape

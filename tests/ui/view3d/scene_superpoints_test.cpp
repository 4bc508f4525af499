// The layer of superpoints in the 3D view: the scan's own, or computed ones.

#include "tests/ui/support/scene_view_fixture.h"
#include "ui/render/colors.h"

#include <QFile>
#include <QTemporaryDir>

#include <algorithm>

namespace tagscape {
namespace {

using testing::distance;
using testing::kColorTolerance;

using SceneSuperpointsTest = testing::SceneViewFixture;

TEST_F(SceneSuperpointsTest, ShowsTheSuperpointsOfTheSurface) {
  document.setLayer(PointLayer::Superpoints);
  const QColor floor = colorAt(testing::floorPoint());
  EXPECT_EQ(colorAt({.4F, -.4F, 0}), floor) << "flat, so one piece";
  EXPECT_NE(floor, QColor(120, 130, 140));
}

TEST_F(SceneSuperpointsTest, DividesACloudWithoutTriangles) {
  auto scene = std::make_shared<Scene>(*testing::labelledPatch());
  scene->mesh.triangles.clear();
  document.setScene(scene);
  document.setLayer(PointLayer::Superpoints);
  const QColor floor = colorAt(testing::floorPoint());
  EXPECT_EQ(colorAt({.4F, -.4F, 0}), floor) << "flat, so one piece";
  EXPECT_GT(distance(colorAt(testing::chairPoint()), floor), kColorTolerance) << "another, as it stands on it";
  EXPECT_EQ(view.layers().superpointSource(), "Computed, as for training");
  EXPECT_TRUE(view.layers().note(PointLayer::Superpoints).isEmpty());
}

TEST_F(SceneSuperpointsTest, TellsThatNothingIsThereToDivide) {
  document.setScene(std::make_shared<Scene>());
  document.setLayer(PointLayer::Superpoints);
  ASSERT_TRUE(page.settle());
  EXPECT_FALSE(view.layers().has(PointLayer::Superpoints));
  EXPECT_EQ(view.layers().note(PointLayer::Superpoints), "This scene has no points");
}

/// A folder as ScanNet's, of which only the file of segments is read here.
SharedScene patchWithSegments(const QTemporaryDir& folder, const QByteArray& segments) {
  auto scene = std::make_shared<Scene>(*testing::labelledPatch());
  scene->path = folder.path().toStdString();
  for (const char* name : {"scene0000_00_vh_clean_2.ply", "scene0000_00_vh_clean_2.0.010000.segs.json"}) {
    QFile file(folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(segments) < 0) throw std::runtime_error("no temporary file");
  }
  return scene;
}

TEST_F(SceneSuperpointsTest, DrawsTheScansOwnSuperpointsAsTheyAreInTheFile) {
  // Where no computed ones would end: in the middle of the floor, and across it and the chair.
  const auto superpoint = [](const Eigen::Vector3f& at) {
    return at.x() < .005F ? 7U : (at.z() > .3F ? 1'000'000U : 12U);
  };
  QByteArrayList numbers;
  for (const auto& at : document.scene()->points().positions_m) numbers += QByteArray::number(superpoint(at));
  const QTemporaryDir folder;
  document.setScene(patchWithSegments(folder, R"({"params": {}, "segIndices": [)" + numbers.join(", ") + "]}"));
  view.layers().setUsesScanSuperpoints(true);
  document.setLayer(PointLayer::Superpoints);
  for (const Eigen::Vector3f& at :
       {Eigen::Vector3f(-.4F, -.4F, 0), {.4F, -.4F, 0}, {-.2F, .5F, .1F}, {.2F, .5F, .4F}}) {
    const std::uint32_t number = superpoint(at);
    const Rgb8 color = superpointColor(packSuperpoints(std::span(&number, 1)).front());
    EXPECT_LE(distance(colorAt(at), toQColor(color)), kColorTolerance) << number;
  }
  EXPECT_EQ(view.layers().superpointSource(), "The scan's own superpoints");
  const auto& positions = document.scene()->points().positions_m;
  const auto rows = view.layers().pointsOfSuperpointAt(0);
  EXPECT_EQ(static_cast<long>(rows.size()),
            std::count_if(positions.begin(), positions.end(), [&](const auto& at) { return superpoint(at) == 7; }));
}

TEST_F(SceneSuperpointsTest, ShowsWhatTrainingUsesUnlessTheScansOwnSuperpointsAreAskedFor) {
  const std::size_t num_points = document.scene()->points().size();
  QByteArrayList numbers;
  for (std::size_t i = 0; i < num_points; ++i) numbers += "7";
  const QTemporaryDir folder;
  document.setScene(patchWithSegments(folder, R"({"segIndices": [)" + numbers.join(", ") + "]}"));
  document.setLayer(PointLayer::Superpoints);
  ASSERT_TRUE(page.settle());
  EXPECT_EQ(view.layers().superpointSource(), "Computed, as for training");
  EXPECT_LT(view.layers().pointsOfSuperpointAt(0).size(), num_points);
  view.layers().setUsesScanSuperpoints(true);
  ASSERT_TRUE(page.settle());
  EXPECT_EQ(view.layers().superpointSource(), "The scan's own superpoints");
  EXPECT_EQ(view.layers().pointsOfSuperpointAt(0).size(), num_points) << "one for all";
  view.layers().setUsesScanSuperpoints(false);
  ASSERT_TRUE(page.settle());
  EXPECT_LT(view.layers().pointsOfSuperpointAt(0).size(), num_points);
}

TEST_F(SceneSuperpointsTest, TellsThatNoSuperpointsAreTheScansOwn) {
  view.layers().setUsesScanSuperpoints(true);
  document.setLayer(PointLayer::Superpoints);
  ASSERT_TRUE(page.settle());
  EXPECT_EQ(view.layers().superpointSource(), "Computed: the scan has none of its own");
}

TEST_F(SceneSuperpointsTest, TellsThatTheScansOwnSuperpointsDoNotFit) {
  const QTemporaryDir folder;
  document.setScene(patchWithSegments(folder, R"({"segIndices": [1, 2]})"));
  const std::size_t num_before = document.warnings().size();
  view.layers().setUsesScanSuperpoints(true);
  document.setLayer(PointLayer::Superpoints);
  ASSERT_TRUE(page.settle());
  ASSERT_EQ(document.warnings().size(), num_before + 1);
  const QString refusal = QString::fromStdString(document.warnings().back().message);
  EXPECT_TRUE(refusal.contains("segs.json") && refusal.contains("2 vertices")) << refusal.toStdString();
  EXPECT_TRUE(view.layers().has(PointLayer::Superpoints)) << "the computed ones";
}

TEST_F(SceneSuperpointsTest, WarnsOnceOfABrokenFileOfSegments) {
  const QTemporaryDir folder;
  auto scene = std::make_shared<Scene>(*patchWithSegments(folder, R"({"segIndices": [1, )"));
  // As the user may have named the folder: not as the scene does.
  const std::string file = "/./scene0000_00_vh_clean_2.0.010000.segs.json";
  scene->warnings = {{folder.path().toStdString() + file, "no JSON at byte 18"}};
  document.setScene(scene);
  view.layers().setUsesScanSuperpoints(true);
  document.setLayer(PointLayer::Superpoints);
  ASSERT_TRUE(page.settle());
  EXPECT_EQ(document.warnings().size(), 1U);
  EXPECT_EQ(view.layers().superpointSource(), "Computed: the scan's own cannot be used");
}

}  // namespace
}  // namespace tagscape

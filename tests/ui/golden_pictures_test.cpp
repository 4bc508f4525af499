// Pictures of the 3D view beside those that were looked at and kept in tests/golden. With TAGSCAPE_REGENERATE_GOLDEN
// set they are written anew instead; look at them before you keep them. On failure the picture, and where it differs,
// are written to the folder that the message names.

#include "tests/ui/support/pages.h"
#include "tests/ui/support/patch_scene.h"
#include "ui/services/observing_frame_finder.h"
#include "ui/view3d/scene_view.h"

#include <QDir>
#include <QStandardPaths>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

constexpr QSize kSize(200, 150);
constexpr int kPixelTolerance = 40;     // Sum over three channels; drivers round otherwise.
constexpr double kMaxDifferent = .015;  // Part of the pixels: edges of points fall on other pixels elsewhere.

struct Case {
  const char* name;
  PointLayer layer;
  StandardView view;
  bool is_mesh = false;
  bool is_eye_dome = false;
};

std::ostream& operator<<(std::ostream& out, const Case& picture) { return out << picture.name; }

class GoldenPictures : public ::testing::TestWithParam<Case> {};

/// White where the pictures are the same, dark where they are not.
QImage differenceOf(const QImage& a, const QImage& b, double& part) {
  QImage difference(a.size(), QImage::Format_Grayscale8);
  int num_different = 0;
  for (int y = 0; y < a.height(); ++y) {
    for (int x = 0; x < a.width(); ++x) {
      const int distance = testing::distance(a.pixelColor(x, y), b.pixelColor(x, y));
      if (distance > kPixelTolerance) ++num_different;
      difference.scanLine(y)[x] = static_cast<uchar>(255 - std::min(255, distance));
    }
  }
  part = static_cast<double>(num_different) / (a.width() * a.height());
  return difference;
}

TEST_P(GoldenPictures, LookAsTheyWereKept) {
  const Case& wanted = GetParam();
  Document document;
  const ObservingFrameFinder finder(document);
  SceneView view(document);
  testing::SceneViewPage page(view);
  view.setAnimated(false);
  view.resize(400, 300);
  view.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
  auto scene = std::make_shared<Scene>(*testing::patchScene());
  for (const auto& position : scene->points().positions_m)
    scene->point_labels.push_back(position.z() > 0 ? testing::kChairClass : testing::kFloorClass);
  document.setScene(scene);
  ASSERT_TRUE(document.setCams(testing::patchCams(*scene)));
  document.setClassIndex(testing::kChairClass);
  document.setLayer(wanted.layer);
  document.setSurface(wanted.is_mesh ? Surface::Mesh : Surface::Points);
  view.settings().setEyeDome(wanted.is_eye_dome);
  view.setStandardView(wanted.view);
  ASSERT_TRUE(page.settle());
  const auto picture = view.picture(kSize, false);
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(view.numGlErrors(), 0);
  const QString file = QStringLiteral(GOLDEN_FOLDER "/%1.png").arg(wanted.name);
  if (qEnvironmentVariableIsSet("TAGSCAPE_REGENERATE_GOLDEN")) {
    ASSERT_TRUE(picture->save(file)) << file.toStdString();
    GTEST_SKIP() << "written anew: " << file.toStdString();
  }
  const QImage golden(file);
  ASSERT_EQ(golden.size(), kSize) << file.toStdString();
  double part = 0;
  const QImage difference = differenceOf(*picture, golden, part);
  if (part <= kMaxDifferent) return;
  const QDir folder(QDir::temp().filePath("tagscape-golden"));
  ASSERT_TRUE(QDir().mkpath(folder.path()));
  (void)picture->save(folder.filePath(QStringLiteral("%1.png").arg(wanted.name)));
  (void)difference.save(folder.filePath(QStringLiteral("%1-difference.png").arg(wanted.name)));
  ADD_FAILURE() << 100 * part << " % of the pixels differ; see " << folder.path().toStdString();
}

INSTANTIATE_TEST_SUITE_P(
    Views,
    GoldenPictures,
    ::testing::Values(Case{"rgb_iso", PointLayer::Rgb, StandardView::Isometric},
                      Case{"rgb_iso_mesh", PointLayer::Rgb, StandardView::Isometric, true},
                      Case{"rgb_iso_eye_dome", PointLayer::Rgb, StandardView::Isometric, false, true},
                      Case{"cam_front", PointLayer::Cam, StandardView::Front},
                      Case{"lifted_front", PointLayer::LiftedCam, StandardView::Front},
                      Case{"prediction_top", PointLayer::Prediction, StandardView::Top},
                      Case{"occlusion_top", PointLayer::Reason, StandardView::Top},
                      Case{"observing_frames_top", PointLayer{"observing-frames"}, StandardView::Top}),
    [](const auto& picture) { return std::string(picture.param.name); });

}  // namespace
}  // namespace tagscape

#pragma once

#include "tests/ui/support/pages.h"
#include "tests/ui/support/patch_scene.h"
#include "ui/services/observing_frame_finder.h"
#include "ui/view3d/scene_view.h"

#include <gtest/gtest.h>

namespace tagscape::testing {

/// Sum over three channels; rounding of shader and table.
inline constexpr int kColorTolerance = 14;

/// The patch with true classes: the chair, of the floor the half at x < 0; the other half is called a chair.
inline SharedScene labelledPatch() {
  auto scene = std::make_shared<Scene>(*patchScene());
  for (const auto& position : scene->points().positions_m)
    scene->point_labels.push_back(position.z() > 0 || position.x() > .01F ? kChairClass : kFloorClass);
  return scene;
}

/// A 3D view by itself, with the labelled patch and its CAMs, without cameras.
struct SceneViewFixture : ::testing::Test {
  SceneViewFixture() : finder(document), view(document), page(view) {
    view.setAnimated(false);
    view.resize(640, 480);
    view.show();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(&view));
    document.setScene(labelledPatch());
    EXPECT_TRUE(document.setCams(patchCams(*document.scene())));
    document.setClassIndex(kChairClass);
    view.settings().setShowsFrames(false);
  }
  ~SceneViewFixture() override { EXPECT_EQ(view.numGlErrors(), 0); }

  QColor colorAt(const Eigen::Vector3f& point) { return page.picture().pixelColor(page.place(point)); }
  void lookFromAbove() {
    view.setStandardView(StandardView::Top);
    ASSERT_TRUE(page.settle());
  }

  Document document;
  ObservingFrameFinder finder;
  SceneView view;
  SceneViewPage page;
};

}  // namespace tagscape::testing

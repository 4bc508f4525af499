// The image view as the user works with it: choose layers, drag the divider, zoom to pixels, look.

#include "tests/support/tolerances.h"
#include "tests/ui/support/pages.h"
#include "tests/ui/support/patch_scene.h"
#include "ui/render/colors.h"

#include <QLabel>
#include <QStackedWidget>
#include <QToolButton>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using testing::control;
using testing::distance;
using testing::kChairClass;
using testing::kFloorClass;

const QPointF kOnChair(79, 60);       // of the first frame; FrameWorkspace's tests compute it
const QPointF kLeftOfChair(20, 100);  // on the floor

struct ImageView : ::testing::Test {
  ImageView() : window(false), image(window) {
    window.resize(1280, 800);
    window.show();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(&window));
    document().setScene(testing::patchScene());
    EXPECT_TRUE(document().setCams(testing::patchCams(*document().scene())));
    window.findChild<QStackedWidget*>()->setCurrentWidget(&window.sceneView());
    document().setClassIndex(kChairClass);
    document().setOverlayOpacity(1);
    EXPECT_TRUE(image.settle());
  }
  ~ImageView() override { EXPECT_EQ(window.sceneView().numGlErrors(), 0); }
  Document& document() { return window.document(); }
  ImageCanvas& canvas() { return window.imagePanel().canvas(); }
  void choose(const char* box, int data) {
    auto& combo = control<QComboBox>(window, box);
    combo.setCurrentIndex(combo.findData(data));
  }

  MainWindow window;
  testing::ImagePage image;
};

TEST_F(ImageView, ShowsDepthWithItsMetres) {
  choose("baseChoice", static_cast<int>(FrameBase::Depth));
  ASSERT_TRUE(image.settle());
  const float expected_m = document().scene()->pixels->depth(0)->at(79, 60);
  EXPECT_EQ(canvas().valueText(kOnChair), QString("x 79 y 60 · %1 m").arg(static_cast<double>(expected_m), 0, 'f', 3));
  const QPointF far_floor(10, 22);  // 35 m away
  EXPECT_GT(distance(image.at(kOnChair), image.at(far_floor)), 60);
}

TEST_F(ImageView, PredictionIsTheLabelsOfThePointsInTheColoursChosen) {
  image.chooseOverlay(FrameOverlay::Prediction);
  ASSERT_TRUE(image.settle());
  EXPECT_LE(distance(image.at(kOnChair), classColor(kChairClass)), 6);
  EXPECT_TRUE(canvas().valueText(kOnChair).endsWith("chair"));
  document().displayStyle().setPalette(ClassPalette::Distinct);
  ASSERT_TRUE(image.settle());
  EXPECT_LE(distance(image.at(kOnChair), document().displayStyle().classColor(kChairClass)), 6);
  EXPECT_GT(distance(image.at(kOnChair), classColor(kChairClass)), 40);
}

TEST_F(ImageView, HiddenClassesAreNotPainted) {
  const QColor bare = image.at(kOnChair);
  image.chooseOverlay(FrameOverlay::Prediction);
  document().displayStyle().setShown(kChairClass, false);
  ASSERT_TRUE(image.settle());
  EXPECT_LE(distance(image.at(kOnChair), bare), 6);
  EXPECT_LE(distance(image.at(kLeftOfChair), classColor(kFloorClass)), 6);
}

TEST_F(ImageView, PseudoLabelsAreTheLargest2dCamFromTheThresholdOn) {
  image.chooseOverlay(FrameOverlay::PseudoLabel);
  document().setCamThreshold(.5F);
  ASSERT_TRUE(image.settle());
  // The chair's CAM fills the left half of the frame.
  EXPECT_LE(distance(image.at({10, 60}), classColor(kChairClass)), 6);
  EXPECT_LE(distance(image.at({150, 60}), toQColor(testing::frameColor(0))), 6);
}

TEST_F(ImageView, DividerSeparatesTwoOverlaysAndCanBeDragged) {
  image.chooseOverlay(FrameOverlay::Prediction);
  QTest::mouseClick(&control<QToolButton>(window, "swipeToggle"), Qt::LeftButton);
  choose("comparedChoice", static_cast<int>(FrameOverlay::Occlusion));
  ASSERT_TRUE(image.settle());
  ASSERT_TRUE(image.picture().second);
  const QPointF left_of(70, 60), right_of(86, 60);  // both on the patch, the divider at 80
  const QColor visible = toQColor(reasonColor(Visibility::Visible));
  EXPECT_LE(distance(image.at(left_of), classColor(kChairClass)), 6);
  EXPECT_LE(distance(image.at(right_of), visible), 6);
  image.drag(canvas().widgetFromImage({79.5, 20}).toPoint(), canvas().widgetFromImage({90, 20}).toPoint());
  EXPECT_GT(canvas().divider(), .55);
  EXPECT_LE(distance(image.at(right_of), classColor(kChairClass)), 6);
  EXPECT_LE(distance(image.at({94, 60}), visible), 6);
}

TEST_F(ImageView, DragBesideTheDividerPansAndADoubleClickFits) {
  constexpr double kPixelOfMouse = 1;  // Positions of the mouse are whole pixels.
  const QPointF before = canvas().widgetFromImage({0, 0});
  image.drag({60, 60}, {90, 80});
  EXPECT_NEAR((canvas().widgetFromImage({0, 0}) - before).x(), 30, kPixelOfMouse);
  QTest::mouseDClick(&canvas(), Qt::LeftButton, {}, {60, 60});
  EXPECT_NEAR((canvas().widgetFromImage({0, 0}) - before).manhattanLength(), 0, testing::kDoubleSumRounding);
}

TEST_F(ImageView, LargePixelsShowTheirValues) {
  image.chooseOverlay(FrameOverlay::Cam2d);
  ASSERT_TRUE(image.settle());
  const auto numColors = [&] {
    // Inside one pixel there is one colour, until a number stands in it.
    const QPointF centre = canvas().widgetFromImage({10, 60});
    const double half = canvas().scale() / 2 - 2;
    const QImage picture =
        canvas().grab(QRectF(centre - QPointF(half, half), QSizeF(2 * half, 2 * half)).toRect()).toImage();
    QSet<QRgb> colors;
    for (int y = 0; y < picture.height(); ++y) {
      for (int x = 0; x < picture.width(); ++x) colors += picture.pixel(x, y);
    }
    return colors.size();
  };
  canvas().zoomTo({10, 60}, 20);
  EXPECT_EQ(numColors(), 1);
  canvas().zoomTo({10, 60}, 60);
  EXPECT_GT(numColors(), 3);
  EXPECT_TRUE(canvas().valueText({10, 60}).endsWith("1.00"));
}

TEST_F(ImageView, TellsTheValueUnderTheCursor) {
  image.chooseOverlay(FrameOverlay::Occlusion);
  ASSERT_TRUE(image.settle());
  testing::LinkPage(window).hoverImage(kOnChair);
  EXPECT_EQ(control<QLabel>(window, "pixelValue").text(), "x 79 y 60 · RGB 200 40 40 · visible");
  EXPECT_TRUE(canvas().valueText({-1, 5}).isEmpty());
}

TEST_F(ImageView, LockedRangeSpreadsTheHeatMapOverIt) {
  auto cams = std::make_shared<SceneCams>(*document().cams());
  for (float& value : cams->frames[0].values) value = .4F;
  ASSERT_TRUE(document().setCams(cams));
  image.chooseOverlay(FrameOverlay::Cam2d);
  ASSERT_TRUE(image.settle());
  const auto colorOf = [](float value) { return toQColor(heatColor(HeatMap::Inferno, value)); };
  document().displayStyle().setHeatMap(HeatMap::Inferno);
  ASSERT_TRUE(image.settle());
  EXPECT_LE(distance(image.at({10, 60}), colorOf(.4F)), 6);
  document().displayStyle().lockRange(.2F, .4F);
  ASSERT_TRUE(image.settle());
  EXPECT_LE(distance(image.at({10, 60}), colorOf(1)), 6);
}

}  // namespace
}  // namespace tagscape

// The class panel as the user works with it: toggle tags and classes, choose colours, look at counts.

#include "ui/panels/class_panel.h"

#include "core/metrics/confusion.h"
#include "tests/ui/support/pages.h"
#include "tests/ui/support/patch_scene.h"
#include "ui/services/inference_controller.h"

#include <QAbstractItemModelTester>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QToolButton>
#include <gtest/gtest.h>

#include <algorithm>

namespace tagscape {
namespace {

using testing::control;
using testing::kChairClass;
using testing::kFloorClass;

/// patchScene with annotated points: all are floor but those of the patch's upper half, which are chair.
SharedScene annotatedScene() {
  auto scene = std::make_shared<Scene>(*testing::patchScene());
  for (const auto& position : scene->points().positions_m)
    scene->point_labels.push_back(position.z() > .3F ? kChairClass : kFloorClass);
  return scene;
}

struct ClassPanelTest : ::testing::Test {
  ClassPanelTest() : inference(document), panel(document, inference), page(panel) {
    panel.resize(400, 700);
    panel.show();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(&panel));
    document.setScene(annotatedScene());
    EXPECT_TRUE(document.setCams(testing::patchCams(*document.scene())));
  }
  Document document;
  InferenceController inference;
  ClassPanel panel;
  testing::ClassPage page;
};

TEST_F(ClassPanelTest, CheckBoxesToggleTagsAndTheirNoteOffersTheWayBack) {
  EXPECT_FALSE(control<QToolButton>(panel, "resetTags").isVisible());
  page.toggle(kChairClass, ClassModel::SceneTag);
  EXPECT_FALSE(document.sceneTags().test(kChairClass));
  page.toggle(kFloorClass, ClassModel::FrameTag);
  EXPECT_FALSE(document.frameTags(0).test(kFloorClass));
  EXPECT_TRUE(control<QLabel>(panel, "tagsNote").text().startsWith("Preview with"));
  QTest::mouseClick(&control<QToolButton>(panel, "resetTags"), Qt::LeftButton);
  EXPECT_TRUE(document.sceneTags().test(kChairClass));
  EXPECT_FALSE(control<QLabel>(panel, "tagsNote").isVisible());
}

TEST_F(ClassPanelTest, SaysThatAMaskedPredictionLacksClassesThatAreAdded) {
  page.toggle(0, ClassModel::SceneTag);
  const auto note = [this] { return control<QLabel>(panel, "tagsNote").text(); };
  EXPECT_TRUE(note().contains("does not include: wall") && note().contains("Open a run")) << note().toStdString();
  bool is_asked = false;
  QObject::connect(&panel, &ClassPanel::openRunAsked, &panel, [&is_asked] { is_asked = true; });
  QTest::mouseClick(&control<QToolButton>(panel, "predictLacked"), Qt::LeftButton);
  EXPECT_TRUE(is_asked);
  page.toggle(0, ClassModel::SceneTag);
  EXPECT_FALSE(control<QToolButton>(panel, "predictLacked").isVisible());
  page.toggle(kChairClass, ClassModel::SceneTag);
  EXPECT_TRUE(note().startsWith("Preview with")) << "taken away, which needs no other prediction";
  auto all = std::make_shared<SceneCams>(*document.networkCams());
  all->uses_tags = false;
  ASSERT_TRUE(document.setCams(all));
  page.toggle(0, ClassModel::SceneTag);
  EXPECT_TRUE(note().endsWith("No activation for: wall")) << note().toStdString();
}

TEST_F(ClassPanelTest, WarnsOfATagOfTheFrameThatItsSceneLacks) {
  page.toggle(0, ClassModel::FrameTag);
  const QModelIndex wall = page.index(0, ClassModel::FrameTag);
  EXPECT_TRUE(wall.data(Qt::ToolTipRole).toString().contains("its scene is not"));
  EXPECT_TRUE(page.index(0, ClassModel::Name).data(Qt::ForegroundRole).isValid());
  page.toggle(0, ClassModel::SceneTag);
  EXPECT_FALSE(page.index(0, ClassModel::Name).data(Qt::ForegroundRole).isValid());
}

TEST_F(ClassPanelTest, HidesAndShowsClasses) {
  page.toggle(kFloorClass, ClassModel::Shown);
  EXPECT_FALSE(document.displayStyle().isShown(kFloorClass));
  QTest::mouseClick(&control<QToolButton>(panel, "showAllClasses"), Qt::LeftButton);
  EXPECT_TRUE(document.displayStyle().isShown(kFloorClass));
  page.click(kChairClass);
  QTest::mouseClick(&control<QToolButton>(panel, "soloClass"), Qt::LeftButton);
  EXPECT_FALSE(document.displayStyle().isShown(kFloorClass));
  EXPECT_TRUE(document.displayStyle().isShown(kChairClass));
}

TEST_F(ClassPanelTest, CountsPointsAndComparesThemWithTheTruth) {
  Confusion confusion;
  confusion.add(document.scene()->point_labels, document.cams()->point_labels);
  EXPECT_EQ(page.text(kChairClass, ClassModel::Iou), QString::number(100 * *confusion.iou(kChairClass), 'f', 1));
  EXPECT_LT(page.text(kChairClass, ClassModel::Iou).toDouble(), 60) << "half of the patch is annotated as floor";
  const auto& labels = document.cams()->point_labels;
  const auto num_chair = std::count(labels.begin(), labels.end(), std::uint8_t{kChairClass});
  EXPECT_EQ(page.text(kChairClass, ClassModel::NumPoints), QLocale().toString(static_cast<qlonglong>(num_chair)));
  document.setScene(testing::patchScene());
  EXPECT_TRUE(control<QTreeView>(panel, "classTable").isColumnHidden(ClassModel::Iou));
}

TEST_F(ClassPanelTest, ChoosesColoursForAllViews) {
  control<QComboBox>(panel, "paletteChoice").setCurrentIndex(1);
  EXPECT_EQ(document.displayStyle().palette(), ClassPalette::Distinct);
  EXPECT_EQ(page.index(kChairClass, 0).data(Qt::DecorationRole).value<QColor>(),
            document.displayStyle().classColor(kChairClass));
  control<QComboBox>(panel, "heatMapChoice").setCurrentIndex(2);
  EXPECT_EQ(document.displayStyle().heatMap(), HeatMap::Inferno);
  auto& low = control<QDoubleSpinBox>(panel, "heatLow");
  EXPECT_FALSE(low.isEnabled());
  QTest::mouseClick(&control<QToolButton>(panel, "lockRange"), Qt::LeftButton);
  low.setValue(.3);
  EXPECT_FLOAT_EQ(document.displayStyle().heatRange().low, .3F);
  QTest::mouseClick(&control<QToolButton>(panel, "lockRange"), Qt::LeftButton);
  EXPECT_FALSE(document.displayStyle().isRangeLocked());
}

TEST_F(ClassPanelTest, ModelKeepsTheRulesOfItemModelsThroughEdits) {
  ClassModel model(document);
  const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
  EXPECT_TRUE(model.setData(model.index(0, ClassModel::SceneTag), Qt::Checked, Qt::CheckStateRole));
  EXPECT_TRUE(document.sceneTags().test(0));
  EXPECT_FALSE(model.setData(model.index(0, ClassModel::Name), "x", Qt::EditRole));
  EXPECT_FALSE(model.setData(model.index(0, ClassModel::Iou), Qt::Checked, Qt::CheckStateRole));
  document.displayStyle().solo(3);
  document.setScene(nullptr);
  EXPECT_FALSE(model.setData(model.index(0, ClassModel::SceneTag), Qt::Checked, Qt::CheckStateRole));
}

}  // namespace
}  // namespace tagscape

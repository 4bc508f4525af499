// The commands of the window: the palette that finds them, and their keys.

#include "tests/ui/support/patch_scene.h"
#include "tests/ui/support/window_fixture.h"
#include "ui/services/shortcuts.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QDockWidget>
#include <QKeySequenceEdit>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTreeWidget>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using testing::control;
using testing::openWindow;

using Commands = testing::WindowFixture;

TEST(FuzzyScore, PrefersBeginningsOfWordsAndNeighbours) {
  EXPECT_LT(fuzzyScore("xyz", "View: Colour"), 0);
  EXPECT_GT(fuzzyScore("vc", "View: Colour"), fuzzyScore("vc", "Previous: Local"));
  EXPECT_GT(fuzzyScore("pred", "Networks: Predict the scene"), fuzzyScore("pred", "Previous edge of a round door"));
  EXPECT_GT(fuzzyScore("Predict Sc", "Predict the scene"),
            fuzzyScore("Predict Sc", "Predict the frame, once more, with c"));
  EXPECT_EQ(fuzzyScore("", "anything"), 0);
}

TEST_F(Commands, CommandPaletteFindsAnActionByAFewLettersAndDoesIt) {
  press(Qt::Key_K, Qt::ControlModifier);
  ASSERT_TRUE(testing::waitFor([] { return openWindow<QDialog>("commandPalette"); }));
  auto* palette = openWindow<QDialog>("commandPalette");
  auto& query = control<QLineEdit>(*palette, "commandQuery");
  auto& list = control<QListWidget>(*palette, "commandList");
  EXPECT_GT(list.count(), 30);
  QTest::keyClicks(&query, "gr tru");
  ASSERT_GT(list.count(), 0);
  EXPECT_EQ(list.item(0)->text(), "View: Ground truth  (G)");
  QTest::keyClick(&query, Qt::Key_Return);
  ASSERT_TRUE(testing::waitFor([&] { return window->document().layer() == PointLayer::Truth; }));
  EXPECT_FALSE(openWindow<QDialog>("commandPalette"));
}

TEST_F(Commands, CommandsThatAreNotPossibleNowAreGrey) {
  const auto enabled = [&](const char* name) { return action(name).isEnabled(); };
  for (const char* name : {"exportAction",
                           "saveViewPictureAction",
                           "pictureAction",
                           "fitAction",
                           "nextFrameAction",
                           "toggleTrainingAction",
                           "stopTrainingAction",
                           "predictSceneAction",
                           "predictFrameAction",
                           "cancelPredictionAction",
                           "resetTagsAction"}) {
    EXPECT_FALSE(enabled(name)) << name << ", before anything is open";
  }
  EXPECT_TRUE(enabled("openRunAction"));
  window->document().setScene(testing::patchScene());
  for (const char* name :
       {"saveViewPictureAction", "pictureAction", "fitAction", "nextFrameAction", "toggleTrainingAction"})
    EXPECT_TRUE(enabled(name)) << name << ", with a scene";
  EXPECT_FALSE(enabled("exportAction"));
  EXPECT_FALSE(enabled("predictSceneAction"));
  ASSERT_TRUE(window->document().setCams(testing::patchCams(*window->document().scene())));
  EXPECT_TRUE(enabled("exportAction"));
  window->document().toggleSceneTag(0);
  EXPECT_TRUE(enabled("resetTagsAction"));
}

TEST_F(Commands, ReturnInTheCommandPaletteDoesTheFirstThatIsPossible) {
  press(Qt::Key_K, Qt::ControlModifier);
  ASSERT_TRUE(testing::waitFor([] { return openWindow<QDialog>("commandPalette"); }));
  auto* palette = openWindow<QDialog>("commandPalette");
  QTest::keyClicks(&control<QLineEdit>(*palette, "commandQuery"), "picture of the");
  const auto& list = control<QListWidget>(*palette, "commandList");
  ASSERT_GE(list.count(), 2);
  EXPECT_EQ(list.currentItem()->text(), "File: Save picture of the window") << "there is no 3D view to save";
  palette->reject();
}

TEST_F(Commands, PanelsCanBeShownByTheCommandPaletteAndHaveKeys) {
  QAction& panel = action("trainingDockAction");
  EXPECT_TRUE(window->shortcuts().actions().contains(&panel));
  panel.trigger();
  EXPECT_TRUE(window->layouts().docks().training->isHidden());
}

TEST_F(Commands, EveryCommandHasItsOwnKeys) {
  QSet<QString> seen;
  for (const QAction* action : window->shortcuts().actions()) {
    const QString keys = action->shortcut().toString();
    if (keys.isEmpty()) continue;
    EXPECT_FALSE(seen.contains(keys)) << keys.toStdString() << " of " << action->objectName().toStdString();
    seen += keys;
  }
  EXPECT_GT(seen.size(), 25);
}

TEST_F(Commands, KeysCanBeBoundAnewTakeThemFromOthersAndSurviveARestart) {
  press(Qt::Key_F1);
  ASSERT_TRUE(testing::waitFor([] { return openWindow<QDialog>("shortcutDialog"); }));
  auto* dialog = openWindow<QDialog>("shortcutDialog");
  auto& list = control<QTreeWidget>(*dialog, "shortcutList");
  control<QLineEdit>(*dialog, "shortcutFilter").setText("Ground truth");
  ASSERT_EQ(list.topLevelItemCount(), 1);
  list.setCurrentItem(list.topLevelItem(0));
  control<QKeySequenceEdit>(*dialog, "shortcutKeys").setKeySequence(QKeySequence("P"));  // the prediction's
  QTest::mouseClick(&control<QPushButton>(*dialog, "bindShortcut"), Qt::LeftButton);
  EXPECT_TRUE(control<QLabel>(*dialog, "shortcutNote").text().startsWith("View: Prediction"));
  dialog->close();
  EXPECT_TRUE(action("layerPrediction").shortcut().isEmpty());
  restart();
  EXPECT_TRUE(action("layerPrediction").shortcut().isEmpty());
  press(Qt::Key_P);
  EXPECT_EQ(window->document().layer(), PointLayer::Truth);
  window->shortcuts().resetAll();
  EXPECT_EQ(action("layerPrediction").shortcut(), QKeySequence("P"));
  EXPECT_EQ(action("layerTruth").shortcut(), QKeySequence("G"));
  restart();
  EXPECT_EQ(action("layerTruth").shortcut(), QKeySequence("G"));
}

TEST_F(Commands, KeysAreTheLastStrokeAndCanAllBeRestored) {
  press(Qt::Key_F1);
  ASSERT_TRUE(testing::waitFor([] { return openWindow<QDialog>("shortcutDialog"); }));
  auto* dialog = openWindow<QDialog>("shortcutDialog");
  auto& list = control<QTreeWidget>(*dialog, "shortcutList");
  control<QLineEdit>(*dialog, "shortcutFilter").setText("Ground truth");
  list.setCurrentItem(list.topLevelItem(0));
  auto& keys = control<QKeySequenceEdit>(*dialog, "shortcutKeys");
  QTest::keyClick(&keys, Qt::Key_Delete);
  QTest::keyClick(&keys, Qt::Key_Y);
  QTest::mouseClick(&control<QPushButton>(*dialog, "bindShortcut"), Qt::LeftButton);
  EXPECT_EQ(action("layerTruth").shortcut(), QKeySequence("Y"));
  EXPECT_TRUE(testing::waitFor([&] { return keys.keySequence() == QKeySequence("Y"); }));
  const auto* buttons = dialog->findChild<QDialogButtonBox*>();
  QTest::mouseClick(buttons->button(QDialogButtonBox::RestoreDefaults), Qt::LeftButton);
  EXPECT_EQ(action("layerTruth").shortcut(), QKeySequence("G"));
  dialog->close();
}

}  // namespace
}  // namespace tagscape

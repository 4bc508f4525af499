// The window around the views: layouts, dialogs, preferences, languages.

#include "tests/ui/support/patch_scene.h"
#include "tests/ui/support/window_fixture.h"
#include "ui/dialogs/preferences_dialog.h"
#include "ui/models/class_model.h"
#include "ui/render/colors.h"
#include "ui/render/visibility_text.h"
#include "ui/services/language.h"
#include "ui/services/layer_names.h"

#include <QAction>
#include <QCheckBox>
#include <QDockWidget>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QTemporaryDir>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using testing::control;
using testing::openWindow;

using Window = testing::WindowFixture;

TEST_F(Window, ImageGrowsWithTheWindow) {
  auto& image = *window->findChild<QDockWidget*>("imageDock");
  const QSize before = image.size();
  window->resize(1700, 1000);
  ASSERT_TRUE(testing::waitFor([&] { return image.width() > before.width() && image.height() > before.height(); }));
  // Half of what the window grew by; a pixel or two go to the handle between docks.
  EXPECT_NEAR(image.width() - before.width(), (1700 - 1280) / 2, 2);
}

TEST_F(Window, ADialogThatIsOpenComesToTheFrontInsteadOfASecond) {
  for (const char* name : {"preferencesAction", "keysAction", "preferencesAction", "keysAction"})
    action(name).trigger();
  EXPECT_EQ(window->findChildren<QDialog*>("preferencesDialog").size(), 1);
  EXPECT_EQ(window->findChildren<QDialog*>("shortcutDialog").size(), 1);
  window->findChild<QDialog*>("preferencesDialog")->close();
  action("preferencesAction").trigger();
  EXPECT_TRUE(openWindow<QDialog>("preferencesDialog"));
}

TEST_F(Window, NothingIsExportedWithoutAFormatOrAFolder) {
  window->document().setScene(testing::patchScene());
  ASSERT_TRUE(window->document().setCams(testing::patchCams(*window->document().scene())));
  action("exportAction").trigger();
  auto& dialog = control<QDialog>(*window, "exportDialog");
  const auto& button = control<QPushButton>(dialog, "startExport");
  EXPECT_TRUE(button.isEnabled());
  auto& formats = control<QListWidget>(dialog, "exportFormats");
  EXPECT_GE(formats.count(), 16) << "all of the table";
  for (int i = 0; i < formats.count(); ++i) formats.item(i)->setCheckState(Qt::Unchecked);
  EXPECT_FALSE(button.isEnabled());
  formats.item(0)->setCheckState(Qt::Checked);
  EXPECT_TRUE(button.isEnabled());
  control<QLineEdit>(dialog, "exportFolder").setText(" ");
  EXPECT_FALSE(button.isEnabled());
  dialog.reject();
}

TEST_F(Window, ReturnClosesAnErrorBox) {
  Q_EMIT window->runs().failed("It went wrong", "because");
  QPointer<QMessageBox> box = testing::errorDialog();
  ASSERT_TRUE(box);
  QTest::keyClick(box, Qt::Key_Return);
  EXPECT_TRUE(testing::waitFor([&] { return box.isNull(); }));
}

TEST_F(Window, NamesOfClassesAreReadableInEveryLayout) {
  window->document().setScene(testing::patchScene());
  ASSERT_TRUE(window->document().setCams(testing::patchCams(*window->document().scene())));
  auto& table = control<QTreeView>(*window, "classTable");
  for (const char* name : {"lookingLayout", "trainingLayout", "resetLayout"}) {
    action(name).trigger();
    testing::flushEvents();
    EXPECT_GE(table.columnWidth(0), table.fontMetrics().horizontalAdvance("bookshelf")) << name;
  }
}

TEST_F(Window, ALayoutDoesNotMakeTheWindowLarger) {
  const QTemporaryDir folder;
  const auto run = RunDirectory::create((folder.path() + "/run").toStdString(), false);
  ASSERT_TRUE(run);
  RunStatus status;
  status.state = RunState::Finished;
  status.total_steps = 10;
  ASSERT_TRUE(run->writeStatus(status));
  window->document().setScene(testing::patchScene());
  window->runs().watchFor(run->path());
  testing::flushEvents();
  const QSize before = window->size();
  for (const char* name : {"lookingLayout", "trainingLayout", "resetLayout"}) {
    action(name).trigger();
    testing::flushEvents();
    EXPECT_EQ(window->size(), before) << name;
  }
}

TEST_F(Window, HasAnActionAndAChoiceForEveryColourLayer) {
  auto& choice = control<QComboBox>(*window, "layerChoice");
  EXPECT_EQ(choice.count(), static_cast<int>(colorLayers().size()));
  for (const ColorLayer& row : colorLayers()) {
    EXPECT_EQ(action(row.action).shortcut(), QKeySequence(row.key)) << row.id;
    action(row.action).trigger();
    EXPECT_EQ(window->document().layer().id, row.id);
    EXPECT_TRUE(action(row.action).isChecked()) << row.id;
    EXPECT_EQ(choice.currentText(), titleOf(row)) << row.id;
  }
}

TEST_F(Window, LayoutsAreSavedUnderANameAppliedAndRemoved) {
  WindowLayout& layouts = window->layouts();
  layouts.docks().training->hide();
  layouts.docks().inference->hide();
  layouts.saveAs("Just looking / 2");
  layouts.reset();
  EXPECT_FALSE(layouts.docks().training->isHidden());
  restart();
  EXPECT_EQ(window->layouts().names(), QStringList("Just looking / 2"));
  ASSERT_EQ(control<QMenu>(*window, "savedLayouts").actions().size(), 1);
  control<QMenu>(*window, "savedLayouts").actions().front()->trigger();
  EXPECT_TRUE(window->layouts().docks().training->isHidden());
  EXPECT_FALSE(window->layouts().docks().image->isHidden());
  window->layouts().remove("Just looking / 2");
  EXPECT_FALSE(control<QMenu>(*window, "savedLayouts").isEnabled());
}

TEST_F(Window, LayoutForLookingGivesTheImageHalfOfTheRoom) {
  window->document().setScene(testing::patchScene());
  window->findChild<QStackedWidget*>()->setCurrentWidget(&window->sceneView());
  action("lookingLayout").trigger();
  testing::flushEvents();
  EXPECT_TRUE(window->layouts().docks().scenes->isHidden());
  EXPECT_GT(window->imagePanel().width(), window->width() / 3);
  action("resetLayout").trigger();
  EXPECT_FALSE(window->layouts().docks().scenes->isHidden());
}

TEST_F(Window, PreferencesAreAtWorkAtOnceAndKept) {
  press(Qt::Key_Comma, Qt::ControlModifier);
  ASSERT_TRUE(testing::waitFor([] { return openWindow<QDialog>("preferencesDialog"); }));
  auto* dialog = openWindow<QDialog>("preferencesDialog");
  auto& theme = control<QComboBox>(*dialog, "themeChoice");
  theme.setCurrentIndex(theme.findData("dark"));
  testing::flushEvents();
  EXPECT_LT(window->palette().color(QPalette::Window).lightness(), 100);
  theme.setCurrentIndex(theme.findData("light"));
  testing::flushEvents();
  EXPECT_GT(window->palette().color(QPalette::Window).lightness(), 200);
  control<QComboBox>(*dialog, "preferredPalette").setCurrentIndex(1);
  auto& language = control<QComboBox>(*dialog, "languageChoice");
  language.setCurrentIndex(language.findData("de"));
  dialog->close();
  EXPECT_EQ(preferredLanguage(), "de");
  restart();
  EXPECT_EQ(window->document().displayStyle().palette(), ClassPalette::Distinct);
}

TEST_F(Window, SpeaksGermanWhenAsked) {
  window.reset();
  installLanguage("de");
  window = std::make_unique<MainWindow>();
  EXPECT_EQ(window->layouts().docks().image->windowTitle(), "Bild");
  EXPECT_EQ(action("openAction").text(), "&Öffnen…");
  // Nothing that the user clicks is left in English.
  int num_english = 0;
  for (const QAction* one : window->shortcuts().actions()) num_english += one->text().startsWith("&Open");
  for (const auto* button : window->findChildren<QPushButton*>())
    num_english += button->text().startsWith("Open") || button->text() == "Cancel";
  EXPECT_EQ(num_english, 0);
  // Texts that belong to no window class have a context of their own, which is easily missed.
  EXPECT_EQ(layerTitle(PointLayer::Prediction), "Vorhersage");
  window->show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(window.get()));
  const auto& hint = control<QLabel>(*window, "dropHint");
  EXPECT_GE(hint.height(), hint.heightForWidth(hint.width())) << "the longer text is not cut";
  EXPECT_LE(hint.geometry().right(), hint.parentWidget()->width());
  EXPECT_EQ(visibilityText(Visibility::Occluded), "verdeckt");
  EXPECT_EQ(action("copyView").text(), "Ansicht &kopieren");
  window->document().setScene(testing::patchScene());
  ASSERT_TRUE(window->document().setCams(testing::patchCams(*window->document().scene())));
  const testing::ClassPage classes(*window);
  EXPECT_TRUE(classes.text(testing::kFloorClass, ClassModel::PredictedFraction).contains(','))
      << classes.text(testing::kFloorClass, ClassModel::PredictedFraction).toStdString();
  window.reset();
  installLanguage("en");
  window = std::make_unique<MainWindow>();
  EXPECT_EQ(action("openAction").text(), "&Open…");
  installLanguage("fr");  // not shipped: English
  EXPECT_EQ(MainWindow::tr("&File"), "&File");
  installLanguage("en");
}

TEST_F(Window, StartPageHasTheFocusOnOpening) {
  window.reset();
  QSettings().setValue("open/recent", QStringList{"/nowhere/room one"});
  window = std::make_unique<MainWindow>();
  window->show();
  window->activateWindow();
  ASSERT_TRUE(QTest::qWaitForWindowActive(window.get()));
  ASSERT_TRUE(window->focusWidget());
  EXPECT_EQ(window->focusWidget()->objectName(), "openScene");
  for (const char* next : {"openFile", "makeSample", "recentScene"}) {
    QTest::keyClick(window->focusWidget(), Qt::Key_Tab);
    EXPECT_EQ(window->focusWidget()->objectName(), next);
  }
}

TEST_F(Window, StartPageOffersWhatWasOpenedLast) {
  window.reset();
  QSettings().setValue("open/recent", QStringList{"/nowhere/room one", "/nowhere/room two"});
  window = std::make_unique<MainWindow>();
  window->show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(window.get()));
  const auto buttons = window->findChildren<QPushButton*>("recentScene");
  ASSERT_EQ(buttons.size(), 2);
  QTest::mouseClick(buttons[1], Qt::LeftButton);
  ASSERT_TRUE(testing::waitFor([] { return testing::errorDialog() != nullptr; }));
  EXPECT_TRUE(testing::errorDialog()->informativeText().contains("/nowhere/room two"));
  testing::errorDialog()->close();
}

TEST_F(Window, AboutBoxNamesTheVersionsThatAReportNeeds) {
  window->document().setScene(testing::patchScene());
  window->findChild<QStackedWidget*>()->setCurrentWidget(&window->sceneView());
  ASSERT_TRUE(testing::SceneViewPage(window->sceneView()).settle());
  action("aboutAction").trigger();
  ASSERT_TRUE(testing::waitFor([] { return openWindow<QMessageBox>("aboutDialog"); }));
  auto* about = openWindow<QMessageBox>("aboutDialog");
  EXPECT_TRUE(about->informativeText().contains(qVersion()));
  EXPECT_TRUE(about->informativeText().contains(window->drawingDescription()));
  EXPECT_FALSE(window->drawingDescription().isEmpty());
  about->close();
}

}  // namespace
}  // namespace tagscape

// The dialogs of export and import, used as a person does.

#include "core/base/files.h"
#include "core/exchange/format_table.h"
#include "tests/ui/support/pages.h"
#include "tests/ui/support/patch_scene.h"
#include "tests/ui/support/waiting.h"
#include "ui/dialogs/export_window.h"
#include "ui/dialogs/import_dialog.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSettings>
#include <QTableWidget>
#include <QTemporaryDir>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace tagscape {
namespace {

using testing::control;

class ExchangeDialogs : public ::testing::Test {
 protected:
  ExchangeDialogs() {
    QSettings().clear();
    document_.setScene(testing::patchScene());
    EXPECT_TRUE(document_.setCams(testing::patchCams(*document_.scene())));
  }
  /// Label text of the scene with one id for all points.
  [[nodiscard]] QString writeIds(const QString& name, const std::string& id) const {
    const QString file = folder_.filePath(name);
    std::ofstream text(file.toStdString());
    for (std::size_t i = 0; i < document_.scene()->points().size(); ++i) text << id << "\n";
    return file;
  }
  QTemporaryDir folder_;
  Document document_;
};

void check(QListWidget& formats, const QString& name) {
  for (int i = 0; i < formats.count(); ++i)
    formats.item(i)->setCheckState(formats.item(i)->data(Qt::UserRole).toString() == name ? Qt::Checked
                                                                                          : Qt::Unchecked);
}

TEST_F(ExchangeDialogs, TheExportDialogSaysWhatItWillWriteAndReplace) {
  LabelExporter exporter(document_);
  auto* window = new ExportWindow(exporter, nullptr);
  control<QLineEdit>(*window, "exportFolder").setText(folder_.path());
  check(control<QListWidget>(*window, "exportFormats"), "scannet");
  auto& plan = control<QLabel>(*window, "exportPlan");
  const QString planned = folder_.path() + "/scannet: 4";
  ASSERT_TRUE(testing::waitFor([&] { return plan.text().contains(planned); })) << plan.text().toStdString();
  EXPECT_FALSE(plan.text().contains("replacing"));
  bool is_written = false;
  QObject::connect(
      &exporter, &LabelExporter::written, window, [&](const auto& files) { is_written = files.size() == 4; });
  exporter.write(folder_.path().toStdString(), window->layer(), window->options());
  ASSERT_TRUE(testing::waitFor([&] { return is_written; }));
  control<QDoubleSpinBox>(*window, "exportConfidence").setValue(.5);
  EXPECT_TRUE(testing::waitFor([&] { return plan.text().contains("replacing 4"); })) << plan.text().toStdString();
  window->close();
}

TEST_F(ExchangeDialogs, TheExportDialogRefusesWhatAFormatHasNothingFor) {
  auto scene = std::make_shared<Scene>(*document_.scene());
  scene->frames.clear();
  document_.setScene(scene);
  ASSERT_TRUE(document_.setCams(testing::patchCams(*scene)));
  LabelExporter exporter(document_);
  auto* window = new ExportWindow(exporter, nullptr);
  control<QLineEdit>(*window, "exportFolder").setText(folder_.path());
  check(control<QListWidget>(*window, "exportFormats"), "coco");
  auto& plan = control<QLabel>(*window, "exportPlan");
  EXPECT_TRUE(testing::waitFor([&] { return plan.text().contains("coco has nothing to write"); }))
      << plan.text().toStdString();
  EXPECT_FALSE(control<QPushButton>(*window, "startExport").isEnabled());
  window->close();
}

TEST_F(ExchangeDialogs, ImportedLabelsBecomeThePrediction) {
  auto* dialog = new ImportDialog(document_);
  dialog->show();
  dialog->read(writeIds("patch.txt", "33"));
  auto& ids = control<QTableWidget>(*dialog, "importIds");
  ASSERT_TRUE(testing::waitFor([&] { return ids.rowCount() == 1; }));
  auto* box = qobject_cast<QComboBox*>(ids.cellWidget(0, 3));
  ASSERT_NE(box, nullptr);
  EXPECT_EQ(box->currentText(), "toilet");
  EXPECT_TRUE(control<QLabel>(*dialog, "importSummary").text().contains("in order"));
  box->setCurrentText("sink");
  bool is_imported = false;
  QObject::connect(dialog, &ImportDialog::imported, &document_, [&] { is_imported = true; });
  control<QPushButton>(*dialog, "startImport").click();
  ASSERT_TRUE(testing::waitFor([&] { return is_imported; }));
  EXPECT_EQ(document_.cams()->point_labels[0], *classByName("sink"));
}

TEST_F(ExchangeDialogs, WhatANameMeansIsRemembered) {
  const auto count = document_.scene()->points().size();
  const std::string labels(count, '\x05');
  const QString place = folder_.filePath("labels/segmentation");
  ASSERT_TRUE(writeFileAtomically((place + "/patch.bin").toStdString(), labels));
  ASSERT_TRUE(writeFileAtomically((place + "/_classes.json").toStdString(),
                                  R"({"classes": [{"name": "lamp", "id": 5, "color": "#ff0000"}]})"));
  for (const bool is_second : {false, true}) {
    auto* dialog = new ImportDialog(document_);
    dialog->show();
    dialog->read(place + "/patch.bin");
    auto& ids = control<QTableWidget>(*dialog, "importIds");
    ASSERT_TRUE(testing::waitFor([&] { return ids.rowCount() == 1; }));
    auto* box = qobject_cast<QComboBox*>(ids.cellWidget(0, 3));
    EXPECT_EQ(box->currentText(), is_second ? "otherfurniture" : "not known: no label");
    box->setCurrentText("otherfurniture");
    bool is_imported = false;
    QObject::connect(dialog, &ImportDialog::imported, &document_, [&] { is_imported = true; });
    control<QPushButton>(*dialog, "startImport").click();
    ASSERT_TRUE(testing::waitFor([&] { return is_imported; }));
  }
}

TEST_F(ExchangeDialogs, SayWhyAFileCannotBeRead) {
  auto* dialog = new ImportDialog(document_);
  dialog->read(folder_.filePath("none.txt"));
  auto& summary = control<QLabel>(*dialog, "importSummary");
  EXPECT_TRUE(testing::waitFor([&] { return summary.text().contains("none.txt"); }));
  EXPECT_FALSE(control<QPushButton>(*dialog, "startImport").isEnabled());
  dialog->close();
}

}  // namespace
}  // namespace tagscape

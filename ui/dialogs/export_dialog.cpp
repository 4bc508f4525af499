#include "ui/dialogs/export_dialog.h"

#include "core/exports/label_export.h"
#include "ui/dialogs/file_dialogs.h"

#include <QCheckBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QDir>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>

namespace tagscape {
namespace {

QCheckBox* formatBox(const QString& object_name, const QString& text, QDialog* dialog) {
  auto* box = new QCheckBox(text, dialog);
  box->setObjectName(object_name);
  box->setChecked(true);
  return box;
}

QLayout* folderRow(QLineEdit* folder, QDialog* dialog) {
  folder->setObjectName("exportFolder");
  folder->setAccessibleName(LabelExporter::tr("Folder to write to"));
  folder->setMinimumWidth(360);
  auto* browse = new QPushButton(LabelExporter::tr("Choose…"), dialog);
  browse->setObjectName("chooseExportFolder");
  QObject::connect(browse, &QPushButton::clicked, dialog, [dialog, folder] {
    const QString chosen = askForFolder(dialog, LabelExporter::tr("Folder to write to"), folder->text());
    if (!chosen.isEmpty()) folder->setText(chosen);
  });
  auto* row = new QHBoxLayout;
  row->addWidget(folder);
  row->addWidget(browse);
  return row;
}

}  // namespace

LabelExporter::LabelExporter(Document& document, QObject* parent) : QObject(parent), document_(document) {}

void LabelExporter::open(QWidget* parent) {
  auto* dialog = new QDialog(parent);
  dialog->setObjectName("exportDialog");
  dialog->setWindowTitle(tr("Export labels"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  auto* ply = formatBox("exportPly", tr("PLY with labels as a scalar field (CloudCompare, MeshLab)"), dialog);
  auto* scannet = formatBox("exportScanNet", tr("ScanNet text, one NYU40 id per vertex"), dialog);
  auto* folder = new QLineEdit(QSettings().value("export/folder", QDir::homePath()).toString(), dialog);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, dialog);
  auto* write_button = buttons->addButton(tr("Export"), QDialogButtonBox::AcceptRole);
  write_button->setObjectName("startExport");
  auto* note = new QLabel(tr("Every file is read back and compared after it is written."), dialog);
  note->setEnabled(false);
  auto* form = new QFormLayout(dialog);
  form->addRow(tr("Formats"), ply);
  form->addRow(QString(), scannet);
  form->addRow(tr("Folder"), folderRow(folder, dialog));
  form->addRow(QString(), note);
  form->addRow(buttons);
  const auto check = [ply, scannet, folder, write_button] {
    write_button->setEnabled((ply->isChecked() || scannet->isChecked()) && !folder->text().trimmed().isEmpty());
  };
  for (QCheckBox* box : {ply, scannet}) connect(box, &QCheckBox::toggled, dialog, check);
  connect(folder, &QLineEdit::textChanged, dialog, check);
  check();
  connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
  connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
  connect(dialog, &QDialog::accepted, this, [this, ply, scannet, folder] {
    QStringList formats;
    if (ply->isChecked()) formats += "ply";
    if (scannet->isChecked()) formats += "scannet";
    write(folder->text().toStdString(), formats);
  });
  dialog->open();
}

void LabelExporter::write(const std::filesystem::path& folder, const QStringList& formats) {
  if (!document_.scene() || !document_.cams()) {
    Q_EMIT failed({ErrorCode::InvalidInput, "There are no labels to export yet. Train, or open a run, first."});
    return;
  }
  std::vector<LabelFormat> kinds;
  for (const QString& name : formats) {
    if (const auto kind = labelFormatByName(name.toStdString())) kinds.push_back(*kind);
  }
  using Files = std::vector<std::filesystem::path>;
  runner_.start<Files>(
      [scene = document_.scene(), cams = document_.cams(), folder, kinds](const Job& job) {
        return exportLabels(*scene, labelsOfPrediction(*cams), folder, kinds, job);
      },
      [this, folder](Result<Files> files) {
        if (files) {
          QSettings().setValue("export/folder", QString::fromStdString(folder.string()));
          Q_EMIT written(*files);
        } else {
          Q_EMIT failed(files.error());
        }
      });
}

}  // namespace tagscape

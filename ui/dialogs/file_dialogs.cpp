#include "ui/dialogs/file_dialogs.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QFileInfo>
#include <QLineEdit>
#include <QSettings>
#include <QStandardPaths>

namespace tagscape {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(FileDialogs)
};

constexpr const char* kPicturesFolder = "pictures/folder";

QString picturesFolder() {
  const QString usual = QStandardPaths::writableLocation(QStandardPaths::PicturesLocation);
  const QString folder = QSettings().value(kPicturesFolder, usual).toString();
  return QFileInfo(folder).isDir() ? folder : QDir::homePath();
}

/// Qt's own dialog may answer a path that was typed with the folder above it: while one types, it selects in its list
/// whatever fits so far, and answers with the first of that. What is typed counts here.
class FolderDialog : public QFileDialog {
 public:
  using QFileDialog::QFileDialog;

  void accept() override {
    typed_.clear();
    const auto* line = findChild<QLineEdit*>("fileNameEdit");  // Null in the desktop's native dialog.
    const QString text = line ? line->text() : QString();
    const QString path = directory().absoluteFilePath(text);
    if (!text.isEmpty() && QFileInfo(path).isDir()) typed_ = QDir::cleanPath(path);
    QFileDialog::accept();
  }
  [[nodiscard]] QString chosen() const { return typed_.isEmpty() ? selectedFiles().value(0) : typed_; }

 private:
  QString typed_;
};

}  // namespace

QString askForFolder(QWidget* parent, const QString& title, const QString& start) {
  FolderDialog dialog(parent, title, start);
  dialog.setObjectName("folderDialog");
  dialog.setFileMode(QFileDialog::Directory);
  dialog.setOption(QFileDialog::ShowDirsOnly);
  return dialog.exec() == QDialog::Accepted ? dialog.chosen() : QString();
}

QString askForPictureFile(QWidget* parent, const QString& title, const QString& name) {
  QFileDialog dialog(parent, title, picturesFolder(), Words::tr("Pictures (*.png *.jpg)"));
  dialog.setObjectName("pictureFileDialog");
  dialog.setAcceptMode(QFileDialog::AcceptSave);
  dialog.setFileMode(QFileDialog::AnyFile);
  dialog.setDefaultSuffix("png");
  dialog.selectFile(name);
  if (dialog.exec() != QDialog::Accepted) return {};
  const QString file = dialog.selectedFiles().value(0);
  QSettings().setValue(kPicturesFolder, QFileInfo(file).absolutePath());
  return file;
}

QString askForPictureFolder(QWidget* parent, const QString& title) {
  const QString folder = askForFolder(parent, title, picturesFolder());
  if (!folder.isEmpty()) QSettings().setValue(kPicturesFolder, folder);
  return folder;
}

}  // namespace tagscape

#include "ui/dialogs/error_dialog.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMessageBox>
#include <QPushButton>

namespace tagscape {

void showError(QWidget* parent, const QString& title, const QString& message) {
  auto* box = new QMessageBox(QMessageBox::Warning, title, title, QMessageBox::Close, parent);
  box->setObjectName("errorDialog");
  box->setAccessibleName(title);
  box->setInformativeText(message);
  box->setTextFormat(Qt::PlainText);
  box->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  box->setAttribute(Qt::WA_DeleteOnClose);
  auto* copy = box->addButton(QObject::tr("Copy"), QMessageBox::ActionRole);
  copy->setObjectName("copyError");
  copy->disconnect();  // A message box closes on any button; this button must not close it.
  QObject::connect(copy, &QPushButton::clicked, box, [message] { QGuiApplication::clipboard()->setText(message); });
  box->setDefaultButton(QMessageBox::Close);
  box->setModal(false);
  box->show();
}

}  // namespace tagscape

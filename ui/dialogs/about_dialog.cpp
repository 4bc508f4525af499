#include "ui/dialogs/about_dialog.h"

#include <QCoreApplication>
#include <QGuiApplication>
#include <QMessageBox>
#include <QSysInfo>

namespace tagscape {
namespace {

class AboutDialog {
  Q_DECLARE_TR_FUNCTIONS(AboutDialog)
};

}  // namespace

void showAbout(QWidget* parent, const QString& drawing) {
  const QString version = QCoreApplication::applicationVersion();
  auto* box =
      new QMessageBox(QMessageBox::NoIcon, AboutDialog::tr("About Tagscape"), QString(), QMessageBox::Close, parent);
  box->setObjectName("aboutDialog");
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setTextFormat(Qt::PlainText);
  box->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  box->setText(QStringLiteral("Tagscape %1").arg(version));
  const QString versions = QStringLiteral("Qt %1 (%2)\nOpenGL: %3\n%4, %5")
                               .arg(QString::fromLatin1(qVersion()),
                                    QGuiApplication::platformName(),
                                    drawing.isEmpty() ? QStringLiteral("–") : drawing,
                                    QSysInfo::prettyProductName(),
                                    QSysInfo::currentCpuArchitecture());
  box->setInformativeText(AboutDialog::tr("Turns class tags of indoor RGB-D scans into dense 2D and 3D labels.") +
                          QStringLiteral("\n\n") + versions + QStringLiteral("\n\n") +
                          AboutDialog::tr("Free software under the GPL, version 3 or later."));
  box->setModal(false);
  box->show();
}

}  // namespace tagscape

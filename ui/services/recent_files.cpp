#include "ui/services/recent_files.h"

#include <QDir>
#include <QFileInfo>
#include <QSettings>

namespace tagscape {
namespace {

constexpr int kMaxRecent = 8;

}  // namespace

RecentFiles::RecentFiles(bool keeps_settings, QObject* parent) : QObject(parent), keeps_settings_(keeps_settings) {}

QStringList RecentFiles::paths() const { return QSettings().value("open/recent").toStringList(); }

QString RecentFiles::lastFolder() const { return QSettings().value("open/folder", QDir::homePath()).toString(); }

void RecentFiles::remember(const QString& path) {
  if (!keeps_settings_) return;
  QSettings settings;
  QStringList recent = paths();
  const QString absolute = QFileInfo(path).absoluteFilePath();
  recent.removeAll(absolute);
  recent.prepend(absolute);
  settings.setValue("open/recent", QStringList(recent.mid(0, kMaxRecent)));
  settings.setValue("open/folder", QFileInfo(absolute).absolutePath());
  Q_EMIT changed();
}

}  // namespace tagscape

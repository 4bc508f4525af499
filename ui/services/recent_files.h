#pragma once

#include <QObject>
#include <QStringList>

namespace tagscape {

/// The recently opened files, the latest first, stored in the user's settings.
class RecentFiles : public QObject {
  Q_OBJECT

 public:
  /// @param keeps_settings  whether opened files are stored.
  explicit RecentFiles(bool keeps_settings, QObject* parent = nullptr);

  [[nodiscard]] QStringList paths() const;
  void remember(const QString& path);
  /// The initial folder for file dialogs.
  [[nodiscard]] QString lastFolder() const;

 Q_SIGNALS:
  void changed();

 private:
  bool keeps_settings_;
};

}  // namespace tagscape

#pragma once

#include <QObject>
#include <QStringList>

namespace tagscape {

/// What was opened last, the latest first, kept in the user's settings.
class RecentFiles : public QObject {
  Q_OBJECT

 public:
  /// @param keeps_settings  whether what is opened is remembered.
  explicit RecentFiles(bool keeps_settings, QObject* parent = nullptr);

  [[nodiscard]] QStringList paths() const;
  void remember(const QString& path);
  /// The folder that a dialog should begin in.
  [[nodiscard]] QString lastFolder() const;

 Q_SIGNALS:
  void changed();

 private:
  bool keeps_settings_;
};

}  // namespace tagscape

#pragma once

#include <QByteArray>
#include <QMainWindow>
#include <QObject>
#include <QStringList>

namespace tagscape {

/// The docks of the window and their arrangement: the default one, that of the last session, and those that the user
/// has named. Stored in the user's settings. When the window grows, the image grows with the 3D view.
class WindowLayout : public QObject {
  Q_OBJECT

 public:
  /// The panels by purpose; created by addDock.
  struct Docks {
    QDockWidget* scenes = nullptr;
    QDockWidget* classes = nullptr;
    QDockWidget* labels = nullptr;
    QDockWidget* warnings = nullptr;
    QDockWidget* image = nullptr;
    QDockWidget* training = nullptr;
    QDockWidget* inference = nullptr;
    QDockWidget* timeline = nullptr;
    QDockWidget* view = nullptr;  ///< Settings of the 3D view.

    [[nodiscard]] QList<QDockWidget*> all() const {
      return {scenes, classes, labels, image, timeline, training, inference, view, warnings};
    }
  };

  /// @param window  must outlive the layout.
  explicit WindowLayout(QMainWindow& window);

  QDockWidget* addDock(const QString& object_name, const QString& title, QWidget* content, Qt::DockWidgetArea area);
  void setDocks(const Docks& docks) { docks_ = docks; }
  [[nodiscard]] const Docks& docks() const { return docks_; }

  /// Restores the default arrangement; the first time for the current size of the window.
  void reset();
  /// An arrangement for inspection: the image as large as the 3D view, training and scenes hidden.
  void arrangeForLooking();
  /// An arrangement for training: large curves and log, a small image.
  void arrangeForTraining();

  /// The named arrangements, sorted.
  [[nodiscard]] QStringList names() const;
  void saveAs(const QString& name);  ///< Replaces one of the same name.
  void apply(const QString& name);
  void remove(const QString& name);

  void save() const;
  void restore();

 Q_SIGNALS:
  void namesChanged();

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void shareWidth(int growth);
  void placeDocks();
  void shareRoom();

  QMainWindow& window_;
  Docks docks_;
  QByteArray default_state_;
};

}  // namespace tagscape

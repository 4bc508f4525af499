#pragma once

#include <QByteArray>
#include <QMainWindow>
#include <QObject>
#include <QStringList>

namespace tagscape {

/// The docks of the window, and where they are: the arrangement that the program comes with, the one of the last time,
/// and those that the user gave a name. Kept in the user's settings. When the window grows, the image grows with the 3D
/// view.
class WindowLayout : public QObject {
  Q_OBJECT

 public:
  /// The panels by what they are for; made by addDock.
  struct Docks {
    QDockWidget* scenes = nullptr;
    QDockWidget* classes = nullptr;
    QDockWidget* warnings = nullptr;
    QDockWidget* image = nullptr;
    QDockWidget* training = nullptr;
    QDockWidget* inference = nullptr;
    QDockWidget* timeline = nullptr;
    QDockWidget* view = nullptr;  ///< How the 3D view draws.

    [[nodiscard]] QList<QDockWidget*> all() const {
      return {scenes, classes, image, timeline, training, inference, view, warnings};
    }
  };

  /// @param window  must outlive this.
  explicit WindowLayout(QMainWindow& window);

  QDockWidget* addDock(const QString& object_name, const QString& title, QWidget* content, Qt::DockWidgetArea area);
  void setDocks(const Docks& docks) { docks_ = docks; }
  [[nodiscard]] const Docks& docks() const { return docks_; }

  /// The arrangement that the program comes with; the first time in the window's present size.
  void reset();
  /// For looking: the image as large as the 3D view, training and scenes out of the way.
  void arrangeForLooking();
  /// For training: curves and log large, the image small.
  void arrangeForTraining();

  /// Arrangements that the user named, sorted.
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

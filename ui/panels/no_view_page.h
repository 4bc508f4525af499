#pragma once

#include <QWidget>

class QLabel;

namespace tagscape {

/// Replaces the 3D view if it cannot draw: says why, and that everything else works.
class NoViewPage : public QWidget {
  Q_OBJECT

 public:
  explicit NoViewPage(QWidget* parent = nullptr);
  /// @param reason  the message of the error, with its remedy.
  void setReason(const QString& reason);

 private:
  QLabel* reason_;
};

}  // namespace tagscape

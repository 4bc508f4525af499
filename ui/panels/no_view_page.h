#pragma once

#include <QWidget>

class QLabel;

namespace tagscape {

/// What stands in the place of the 3D view where that cannot draw: why, and that the rest works.
class NoViewPage : public QWidget {
  Q_OBJECT

 public:
  explicit NoViewPage(QWidget* parent = nullptr);
  /// @param reason  what is missing and what to do, as an error says it.
  void setReason(const QString& reason);

 private:
  QLabel* reason_;
};

}  // namespace tagscape

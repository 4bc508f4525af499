#pragma once

#include <QString>

class QWidget;

namespace tagscape {

/// Shows an error in a non-modal window with selectable text.
/// Named "errorDialog"; deletes itself when closed.
void showError(QWidget* parent, const QString& title, const QString& message);

}  // namespace tagscape

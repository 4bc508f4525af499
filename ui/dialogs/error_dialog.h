#pragma once

#include <QString>

class QWidget;

namespace tagscape {

/// Tells of a failure without stopping the program: a window of its own with text that can be selected and copied.
/// Named "errorDialog"; deletes itself when closed.
void showError(QWidget* parent, const QString& title, const QString& message);

}  // namespace tagscape

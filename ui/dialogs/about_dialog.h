#pragma once

class QString;
class QWidget;

namespace tagscape {

/// Shows the program's licence and the versions needed in a problem report, which can be copied. Named "aboutDialog";
/// deletes itself when closed.
/// @param drawing  OpenGL's renderer and version.
void showAbout(QWidget* parent, const QString& drawing);

}  // namespace tagscape

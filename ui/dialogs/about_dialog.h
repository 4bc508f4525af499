#pragma once

class QString;
class QWidget;

namespace tagscape {

/// Shows what this program is, with the versions that a report of a problem needs; they can be copied. Named
/// "aboutDialog"; deletes itself when closed.
/// @param drawing  what draws: OpenGL's renderer and version.
void showAbout(QWidget* parent, const QString& drawing);

}  // namespace tagscape

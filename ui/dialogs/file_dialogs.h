#pragma once

#include <QString>

class QWidget;

namespace tagscape {

/// Asks for a folder that exists; empty if none was chosen. The desktop's own dialog where there is one.
[[nodiscard]] QString askForFolder(QWidget* parent, const QString& title, const QString& start);

/// Asks where to save a picture, at first in the folder that the last one went to; a name without an ending becomes a
/// .png. Empty if none was chosen.
[[nodiscard]] QString askForPictureFile(QWidget* parent, const QString& title, const QString& name);

/// Asks for a folder for many pictures, in the same way.
[[nodiscard]] QString askForPictureFolder(QWidget* parent, const QString& title);

}  // namespace tagscape

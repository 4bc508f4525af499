#pragma once

#include <QString>

class QWidget;

namespace tagscape {

/// Asks for an existing folder with the desktop's dialog; empty if cancelled.
[[nodiscard]] QString askForFolder(QWidget* parent, const QString& title, const QString& start);

/// Asks for the path of a picture, starting in the folder of the last one; a name without extension becomes a .png.
/// Empty if cancelled.
[[nodiscard]] QString askForPictureFile(QWidget* parent, const QString& title, const QString& name);

/// The same for a folder of pictures.
[[nodiscard]] QString askForPictureFolder(QWidget* parent, const QString& title);

}  // namespace tagscape

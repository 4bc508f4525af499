#pragma once

#include "ui/models/document.h"

class QMenu;
class QWidget;

namespace tagscape {

class SceneView;

/// Adds to `menu` what the 3D view can do: more layers, standard views, the view as text to the clipboard and back,
/// shading, cutting, pictures and videos. All have object names, so that keys can be bound to them.
/// @param window  parent of dialogs; shows what went wrong.
void addViewActions(QMenu& menu, Document& document, SceneView& view, QWidget& window);

}  // namespace tagscape

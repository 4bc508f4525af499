#pragma once

#include "ui/models/document.h"
#include "ui/render/color_layers.h"
#include "ui/window/window_actions.h"

class QActionGroup;
class QMenu;
class QWidget;

namespace tagscape {

class SceneView;

/// Adds to `menu` the colour layers that belong there, each with its key, as members of an exclusive group.
void addLayerActions(QMenu& menu, LayerMenu which, QActionGroup& group, Document& document);

/// Adds to `menu` what the 3D view can do: more layers, standard views, the view as text to the clipboard and back,
/// shading, cutting, pictures and videos. All have object names, so that keys can be bound to them.
/// @param layers  the group of all layers.
/// @param window  parent of dialogs; shows what went wrong.
/// @return those that are only possible with a 3D view.
ViewActions addViewActions(QMenu& menu, QActionGroup& layers, Document& document, SceneView& view, QWidget& window);

}  // namespace tagscape

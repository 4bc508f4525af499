#pragma once

#include "ui/models/document.h"
#include "ui/render/color_layers.h"
#include "ui/window/window_actions.h"

class QActionGroup;
class QMenu;
class QWidget;

namespace tagscape {

class SceneView;

/// Adds the colour layers of a menu with their shortcuts, as members of an exclusive group.
void addLayerActions(QMenu& menu, LayerMenu which, QActionGroup& group, Document& document);

/// Adds the actions of the 3D view: more layers, standard views, copying and pasting the view as text, shading,
/// clipping, pictures and videos. All have object names, so that shortcuts can be assigned.
/// @param layers  the group of all layers.
/// @param window  parent of dialogs and error messages.
/// @return the actions that need a working 3D view.
ViewActions addViewActions(QMenu& menu, QActionGroup& layers, Document& document, SceneView& view, QWidget& window);

}  // namespace tagscape

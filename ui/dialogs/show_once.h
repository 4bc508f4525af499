#pragma once

#include <QWidget>

#include <utility>

namespace tagscape {

/// Shows a dialog of this type over `window`: raises an open one, otherwise creates it from `arguments` and its parent.
template <class Dialog, class... Arguments>
void showOnce(QWidget& window, Arguments&&... arguments) {
  for (Dialog* open : window.findChildren<Dialog*>()) {
    if (!open->isVisible()) continue;  // It is on its way out.
    open->raise();
    return open->activateWindow();
  }
  (new Dialog(std::forward<Arguments>(arguments)..., &window))->show();
}

}  // namespace tagscape

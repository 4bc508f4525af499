#pragma once

#include <QWidget>

#include <utility>

namespace tagscape {

/// Shows a window of this kind over `window`: the one that is open already comes to the front, else one is made of
/// `arguments` and its parent.
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

#include "ui/widgets/window_layout.h"

#include <QDockWidget>
#include <QSettings>

namespace tagscape {
namespace {

constexpr int kLayoutVersion = 2;  // Raised when docks come or go, so that an old arrangement does not hide them.

}  // namespace

WindowLayout::WindowLayout(QMainWindow& window) : QObject(&window), window_(window) {}

QDockWidget* WindowLayout::addDock(const QString& object_name,
                                   const QString& title,
                                   QWidget* content,
                                   Qt::DockWidgetArea area) {
  auto* dock = new QDockWidget(title, &window_);
  dock->setObjectName(object_name);
  dock->setAccessibleName(title);
  dock->setWidget(content);
  window_.addDockWidget(area, dock);
  return dock;
}

void WindowLayout::arrange() {
  window_.setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
  window_.setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
  window_.splitDockWidget(docks_.scenes, docks_.classes, Qt::Vertical);
  window_.splitDockWidget(docks_.classes, docks_.warnings, Qt::Vertical);
  window_.splitDockWidget(docks_.image, docks_.training, Qt::Vertical);
  window_.resizeDocks({docks_.classes, docks_.image}, {262, 380}, Qt::Horizontal);
  window_.resizeDocks({docks_.image, docks_.training}, {380, 340}, Qt::Vertical);
  window_.resizeDocks({docks_.scenes, docks_.classes, docks_.warnings}, {230, 500, 120}, Qt::Vertical);
  docks_.warnings->hide();
}

void WindowLayout::reset() {
  if (!default_state_.isEmpty()) window_.restoreState(default_state_, kLayoutVersion);
  arrange();
  if (default_state_.isEmpty()) default_state_ = window_.saveState(kLayoutVersion);
}

void WindowLayout::save() const {
  QSettings settings;
  settings.setValue("window/geometry", window_.saveGeometry());
  settings.setValue("window/layout", window_.saveState(kLayoutVersion));
}

void WindowLayout::restore() {
  const QSettings settings;
  window_.restoreGeometry(settings.value("window/geometry").toByteArray());
  window_.restoreState(settings.value("window/layout").toByteArray(), kLayoutVersion);
  docks_.warnings->hide();  // It comes when there is something to tell.
}

}  // namespace tagscape

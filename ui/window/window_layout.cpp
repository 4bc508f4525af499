#include "ui/window/window_layout.h"

#include <QAction>
#include <QDockWidget>
#include <QResizeEvent>
#include <QSettings>

#include <algorithm>

namespace tagscape {
namespace {

constexpr int kLayoutVersion =
    5;  // Incremented when docks are added or removed, so that an old arrangement does not hide them.

constexpr const char* kNamed = "layouts";

/// Escapes characters that QSettings would take for a path.
QString keyOf(const QString& name) {
  return QStringLiteral("%1/%2").arg(QLatin1String(kNamed), QString::fromLatin1(name.toUtf8().toPercentEncoding()));
}

}  // namespace

WindowLayout::WindowLayout(QMainWindow& window) : QObject(&window), window_(window) { window.installEventFilter(this); }

bool WindowLayout::eventFilter(QObject* object, QEvent* event) {
  if (object == &window_ && event->type() == QEvent::Resize) {
    const auto* resized = static_cast<QResizeEvent*>(event);
    // Before the window is shown its size is that of a saved or first arrangement, which has shared the room already.
    if (window_.isVisible() && resized->oldSize().isValid())
      shareWidth(resized->size().width() - resized->oldSize().width());
  }
  return QObject::eventFilter(object, event);
}

void WindowLayout::shareWidth(int growth) {
  QDockWidget* image = docks_.image;
  if (!image || !image->isVisible() || image->isFloating()) return;
  // Qt gives all of the width to the 3D view; the height it shares among the docks by itself.
  const int width = image->width() + growth / 2;
  window_.resizeDocks({image}, {std::max(width, image->minimumSizeHint().width())}, Qt::Horizontal);
}

QDockWidget* WindowLayout::addDock(const QString& object_name,
                                   const QString& title,
                                   QWidget* content,
                                   Qt::DockWidgetArea area) {
  auto* dock = new QDockWidget(title, &window_);
  dock->setObjectName(object_name);
  dock->setAccessibleName(title);
  dock->toggleViewAction()->setObjectName(object_name +
                                          QStringLiteral("Action"));  // So that a shortcut can be assigned.
  dock->setWidget(content);
  window_.addDockWidget(area, dock);
  return dock;
}

void WindowLayout::placeDocks() {
  window_.setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
  window_.setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
  window_.splitDockWidget(docks_.scenes, docks_.classes, Qt::Vertical);
  window_.splitDockWidget(docks_.classes, docks_.warnings, Qt::Vertical);
  window_.tabifyDockWidget(docks_.classes, docks_.labels);
  window_.splitDockWidget(docks_.image, docks_.training, Qt::Vertical);
  window_.tabifyDockWidget(docks_.training, docks_.inference);
  window_.tabifyDockWidget(docks_.inference, docks_.view);
}

void WindowLayout::shareRoom() {
  window_.resizeDocks({docks_.classes, docks_.image}, {310, 400}, Qt::Horizontal);
  window_.resizeDocks({docks_.image, docks_.training}, {380, 340}, Qt::Vertical);
  window_.resizeDocks({docks_.scenes, docks_.classes, docks_.warnings}, {230, 500, 120}, Qt::Vertical);
  docks_.training->raise();
  docks_.classes->raise();
  docks_.warnings->hide();
}

void WindowLayout::arrangeForLooking() {
  reset();
  for (QDockWidget* dock : {docks_.scenes, docks_.training, docks_.inference, docks_.view}) dock->hide();
  window_.resizeDocks({docks_.classes, docks_.image}, {250, window_.width() / 2 - 125}, Qt::Horizontal);
}

void WindowLayout::arrangeForTraining() {
  reset();
  window_.resizeDocks({docks_.classes, docks_.training}, {250, window_.width() / 2 - 125}, Qt::Horizontal);
  window_.resizeDocks({docks_.image, docks_.training}, {1, 3}, Qt::Vertical);
}

QStringList WindowLayout::names() const {
  QSettings settings;
  settings.beginGroup(kNamed);
  QStringList names = settings.childKeys();
  for (QString& name : names) name = QString::fromUtf8(QByteArray::fromPercentEncoding(name.toLatin1()));
  names.sort(Qt::CaseInsensitive);
  return names;
}

void WindowLayout::saveAs(const QString& name) {
  QSettings().setValue(keyOf(name), window_.saveState(kLayoutVersion));
  Q_EMIT namesChanged();
}

void WindowLayout::apply(const QString& name) {
  window_.restoreState(QSettings().value(keyOf(name)).toByteArray(), kLayoutVersion);
}

void WindowLayout::remove(const QString& name) {
  QSettings().remove(keyOf(name));
  Q_EMIT namesChanged();
}

void WindowLayout::reset() {
  // Docks are placed only once: moved out of their tabs they briefly need more space, and the window would grow.
  const bool is_first = default_state_.isEmpty();
  if (is_first) {
    placeDocks();
  } else {
    window_.restoreState(default_state_, kLayoutVersion);
  }
  shareRoom();
  if (is_first) default_state_ = window_.saveState(kLayoutVersion);
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
  docks_.warnings->hide();  // Shown when there are warnings.
}

}  // namespace tagscape

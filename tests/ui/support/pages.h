#pragma once

#include "ui/widgets/image_canvas.h"
#include "ui/widgets/image_panel.h"
#include "ui/widgets/main_window.h"
#include "ui/widgets/scene_view.h"

#include <QApplication>
#include <QComboBox>
#include <QImage>
#include <QLabel>
#include <QMessageBox>
#include <QPointer>
#include <QTest>
#include <QTreeView>

#include <functional>

namespace tagscape::testing {

/// Runs the event loop until `done`, at most so long.
inline bool waitFor(const std::function<bool()>& done, int timeout_ms = 10'000) {
  return QTest::qWaitFor(done, timeout_ms);
}

/// The control with this object name; the test fails with a logic error if there is none.
template <class Widget>
Widget& control(QWidget& root, const char* object_name) {
  auto* found = root.findChild<Widget*>(object_name);
  if (!found) throw std::logic_error(std::string("no control ") + object_name);
  return *found;
}

/// The class panel as a person uses it.
class ClassPage {
 public:
  explicit ClassPage(MainWindow& window) : table_(control<QTreeView>(window, "classTable")) {}
  void click(int row) {
    const QModelIndex index = table_.model()->index(row, 0);
    table_.scrollTo(index);
    QTest::mouseClick(table_.viewport(), Qt::LeftButton, {}, table_.visualRect(index).center());
  }
  [[nodiscard]] QString text(int row, int column) const { return table_.model()->index(row, column).data().toString(); }

 private:
  QTreeView& table_;
};

/// The 3D view: look at it, drag in it.
class SceneViewPage {
 public:
  explicit SceneViewPage(SceneView& view) : view_(view) {}
  [[nodiscard]] bool settle() {
    return waitFor([this] { return view_.isComplete() && !view_.isMoving(); });
  }
  [[nodiscard]] QImage look() { return settle() ? view_.grabFramebuffer() : QImage(); }
  [[nodiscard]] QPoint place(const Eigen::Vector3f& point) const {
    const auto pixel = view_.camera().project(point, view_.viewSize());
    return pixel ? QPoint(qRound(pixel->x()), qRound(pixel->y())) : QPoint(-1, -1);
  }
  void drag(QPoint from, QPoint to, Qt::MouseButton button = Qt::LeftButton, Qt::KeyboardModifiers keys = {}) {
    QTest::mousePress(&view_, button, keys, from);
    sendMove((from + to) / 2, button, keys);
    sendMove(to, button, keys);
    QTest::mouseRelease(&view_, button, keys, to);
  }

 private:
  void sendMove(QPoint at, Qt::MouseButton button, Qt::KeyboardModifiers keys) {
    QMouseEvent event(QEvent::MouseMove, at, view_.mapToGlobal(at), Qt::NoButton, button, keys);
    QApplication::sendEvent(&view_, &event);
  }
  SceneView& view_;
};

/// The image view: choose the overlay, look at pixels of the picture.
class ImagePage {
 public:
  explicit ImagePage(MainWindow& window) : window_(window), panel_(window.imagePanel()) {}
  void chooseOverlay(FrameOverlay overlay) {
    auto& box = control<QComboBox>(panel_, "overlayChoice");
    box.setCurrentIndex(box.findData(static_cast<int>(overlay)));
  }
  [[nodiscard]] bool settle() {
    QTest::qWait(1);
    return waitFor([this] { return window_.frames().isUpToDate(); });
  }
  [[nodiscard]] QColor at(QPointF image_pixel) {
    QWidget& canvas = panel_.canvas();
    const QPoint place = panel_.canvas().widgetFromImage(image_pixel).toPoint();
    return canvas.grab().toImage().pixelColor(place);
  }
  [[nodiscard]] const FramePicture& picture() { return panel_.canvas().picture(); }

 private:
  MainWindow& window_;
  ImagePanel& panel_;
};

inline int distance(const QColor& a, const QColor& b) {
  return std::abs(a.red() - b.red()) + std::abs(a.green() - b.green()) + std::abs(a.blue() - b.blue());
}

inline QMessageBox* errorDialog() {
  for (QWidget* widget : QApplication::topLevelWidgets()) {
    if (widget->objectName() == "errorDialog" && widget->isVisible()) return qobject_cast<QMessageBox*>(widget);
  }
  return nullptr;
}

}  // namespace tagscape::testing

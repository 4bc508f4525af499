#pragma once

#include "tests/ui/support/waiting.h"
#include "ui/image_view/image_canvas.h"
#include "ui/image_view/image_panel.h"
#include "ui/services/frame_controller.h"
#include "ui/view3d/marker_layer.h"
#include "ui/view3d/scene_view.h"
#include "ui/window/link_controller.h"
#include "ui/window/main_window.h"
#include "ui/window/view_tools.h"

#include <QApplication>
#include <QComboBox>
#include <QImage>
#include <QLabel>
#include <QMessageBox>
#include <QPointer>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

#include <chrono>
#include <functional>
#include <optional>
#include <time.h>

namespace tagscape::testing {

/// The control with this object name; the test fails with a logic error if there is none.
template <class Widget>
Widget& control(QWidget& root, const char* object_name) {
  auto* found = root.findChild<Widget*>(object_name);
  if (!found) throw std::logic_error(std::string("no control ") + object_name);
  return *found;
}

/// The class panel as the user works with it.
class ClassPage {
 public:
  explicit ClassPage(QWidget& window) : table_(control<QTreeView>(window, "classTable")) {}
  void click(int row) {
    const QModelIndex index = table_.model()->index(row, 0);
    table_.scrollTo(index);
    QTest::mouseClick(table_.viewport(), Qt::LeftButton, {}, table_.visualRect(index).center());
  }
  /// Clicks the check box of a cell.
  void toggle(int row, int column) {
    table_.setColumnHidden(column, false);
    table_.scrollTo(index(row, column));
    const QRect cell = table_.visualRect(index(row, column));
    constexpr int kIntoTheBox_px = 10;
    QTest::mouseClick(table_.viewport(), Qt::LeftButton, {}, {cell.left() + kIntoTheBox_px, cell.center().y()});
  }
  [[nodiscard]] QModelIndex index(int row, int column) const { return table_.model()->index(row, column); }
  [[nodiscard]] QString text(int row, int column) const { return table_.model()->index(row, column).data().toString(); }

 private:
  QTreeView& table_;
};

/// The 3D view: look at it, drag in it.
class SceneViewPage {
 public:
  explicit SceneViewPage(SceneView& view) : view_(view) {}
  [[nodiscard]] bool settle() {
    return waitFor([this] { return view_.isComplete() && !view_.isMoving() && view_.isOverlaySettled(); });
  }
  /// The overlay has seen what was done to it with the mouse.
  [[nodiscard]] bool overlaySettles() {
    return waitFor([this] { return view_.isOverlaySettled(); });
  }
  /// One more frame reaches the screen.
  [[nodiscard]] bool paints() {
    QSignalSpy painted(&view_, &QOpenGLWidget::frameSwapped);
    view_.update();
    return waitFor([&] { return painted.count() > 0; });
  }
  /// The picture in logical pixels, whatever the scale of the screen.
  [[nodiscard]] QImage picture() {
    if (!settle()) return {};
    QImage picture = view_.grabFramebuffer();
    picture.setDevicePixelRatio(1);
    return picture.size() == view_.size() ? picture : picture.scaled(view_.size());
  }
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
    flushEvents();
    return waitFor([this] { return window_.frames().isUpToDate(); });
  }
  [[nodiscard]] QColor at(QPointF image_pixel) {
    const QImage picture = panel_.canvas().grab().toImage();  // In pixels of the device; places are logical.
    return picture.pixelColor((panel_.canvas().widgetFromImage(image_pixel) * picture.devicePixelRatio()).toPoint());
  }
  void drag(QPoint from, QPoint to, Qt::KeyboardModifiers keys = {}) {
    ImageCanvas& canvas = panel_.canvas();
    QTest::mousePress(&canvas, Qt::LeftButton, keys, from);
    for (const QPoint& at : {(from + to) / 2, to}) {
      QMouseEvent event(QEvent::MouseMove, at, canvas.mapToGlobal(at), Qt::NoButton, Qt::LeftButton, keys);
      QApplication::sendEvent(&canvas, &event);
    }
    QTest::mouseRelease(&canvas, Qt::LeftButton, keys, to);
  }
  /// Ctrl and a drag over the square of so many image pixels about this one.
  void select(QPointF middle, double half_px, Qt::KeyboardModifiers keys = Qt::ControlModifier) {
    const QPointF half(half_px, half_px);
    const ImageCanvas& canvas = panel_.canvas();
    drag(canvas.widgetFromImage(middle - half).toPoint(), canvas.widgetFromImage(middle + half).toPoint(), keys);
  }
  [[nodiscard]] const FramePicture& picture() { return panel_.canvas().picture(); }

 private:
  MainWindow& window_;
  ImagePanel& panel_;
};

/// What links the two views: point at places, look at markers.
class LinkPage {
 public:
  explicit LinkPage(MainWindow& window) : window_(window), canvas_(window.imagePanel().canvas()) {}
  [[nodiscard]] bool settle() {
    return waitFor([this] { return window_.tools().places().isReady() && window_.frames().probe() != nullptr; });
  }
  void hoverImage(QPointF pixel) { move(canvas_, canvas_.widgetFromImage(pixel)); }
  void leaveImage() {
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(&canvas_, &leave);
  }
  void clickImage(QPointF pixel) {
    QTest::mouseClick(&canvas_, Qt::LeftButton, {}, canvas_.widgetFromImage(pixel).toPoint());
  }
  void hoverScene(const Eigen::Vector3f& point) {
    const auto place = window_.sceneView().camera().project(point, window_.sceneView().viewSize());
    move(window_.sceneView(), QPointF(static_cast<double>(place->x()), static_cast<double>(place->y())));
  }
  [[nodiscard]] std::optional<SceneMarker> sceneMarker() const {
    const auto& markers = window_.sceneView().markers().markers();
    return markers.empty() ? std::nullopt : std::optional(markers.back());
  }
  /// Does something and runs the event loop until `widget` was painted after it.
  /// @return what that took: by the clock, and of the processors, all threads together.
  struct Cost {
    double wall_ms = 0, cpu_ms = 0;
  };
  [[nodiscard]] Cost costUntilPainted(QWidget* widget, const std::function<void()>& act) {
    PaintWatch watch(*widget);
    const auto begin = std::chrono::steady_clock::now();
    const double cpu_begin_ms = cpuTime_ms();
    act();
    while (!watch.was_painted) QApplication::processEvents(QEventLoop::AllEvents, 5);
    return {std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count(),
            cpuTime_ms() - cpu_begin_ms};
  }

 private:
  class PaintWatch : public QObject {
   public:
    explicit PaintWatch(QWidget& widget) { widget.installEventFilter(this); }
    bool eventFilter(QObject*, QEvent* event) override {
      was_painted |= event->type() == QEvent::Paint;
      return false;
    }
    bool was_painted = false;
  };
  static double cpuTime_ms() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
  }
  static void move(QWidget& widget, QPointF at) {
    QMouseEvent event(QEvent::MouseMove, at, widget.mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
    QApplication::sendEvent(&widget, &event);
  }
  MainWindow& window_;
  ImageCanvas& canvas_;
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

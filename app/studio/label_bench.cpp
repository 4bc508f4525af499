#include "app/studio/label_bench.h"

#include "ui/services/label_editor.h"
#include "ui/view3d/scene_view.h"
#include "ui/window/view_tools.h"

#include <QAction>
#include <QApplication>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <utility>

namespace tagscape {
namespace {

constexpr int kNumActions = 40;  // Every other one is an undo.

void send(QWidget& widget, QEvent::Type type, QPointF at, Qt::MouseButton button) {
  const bool is_release = type == QEvent::MouseButtonRelease;
  QMouseEvent event(type, at, widget.mapToGlobal(at), button, is_release ? Qt::NoButton : Qt::LeftButton, {});
  QApplication::sendEvent(&widget, &event);
}

}  // namespace

LabelBench::LabelBench(MainWindow& window, QObject* parent) : QObject(parent), window_(window) {
  settle_.setInterval(5);
  connect(&settle_, &QTimer::timeout, this, &LabelBench::proceed);
  connect(&window.sceneView(), &QOpenGLWidget::frameSwapped, this, [this] { shown("view"); });
  connect(&window.frames(), &FrameController::pictureReady, this, [this] { shown("image"); });
}

void LabelBench::start() {
  window_.labels().createProject(folder_.filePath("bench.tagscape").toStdString(),
                                 builtInClassSet("scannet20").value());
  settle_.start();
}

void LabelBench::shown(const char* where) {
  const auto waits = waits_for_.find(where);
  if (waits == waits_for_.end() || !std::exchange(waits->second, false)) return;
  const std::string action = done_ % 2 == 0 ? "stroke_to_" : "undo_to_";
  times_s_[action + where].push_back(static_cast<double>(clock_.nsecsElapsed()) * 1e-9);
}

void LabelBench::proceed() {
  const bool is_idle = window_.sceneView().isComplete() && window_.frames().isUpToDate() &&
                       window_.labels().canEdit() && window_.labels().geometry() && !waits_for_["view"] &&
                       !waits_for_["image"];
  if (!is_idle) return;
  if (!std::exchange(is_begun_, true)) {
    window_.findChild<QAction*>("brushAction")->trigger();
    return;  // Layer and overlay have changed.
  }
  if (clock_.isValid()) ++done_;
  if (done_ == kNumActions) {
    settle_.stop();
    print();
    return Q_EMIT finished();
  }
  act();
}

void LabelBench::act() {
  SceneView& view = window_.sceneView();
  waits_for_["view"] = true;
  waits_for_["image"] = window_.document().numFrames() > 0;
  LabelEditor& labels = window_.labels();
  const std::size_t before = labels.layer()->numLabelled();
  clock_.start();
  if (done_ % 2 == 1) {
    labels.undo();
  } else {
    labels.chooseClass(static_cast<std::uint8_t>(1 + done_ % 9));
    const double angle = 2 * std::numbers::pi * done_ / kNumActions;
    constexpr double kReach = .2;
    const QPointF from(view.width() * (.5 + kReach * std::cos(angle)), view.height() * (.5 + kReach * std::sin(angle)));
    const QPointF to = from + QPointF(60, 20);
    clock_.start();
    send(view, QEvent::MouseButtonPress, from, Qt::LeftButton);
    send(view, QEvent::MouseMove, to, Qt::NoButton);
    send(view, QEvent::MouseButtonRelease, to, Qt::LeftButton);
  }
  times_s_[done_ % 2 == 0 ? "stroke_busy" : "undo_busy"].push_back(static_cast<double>(clock_.nsecsElapsed()) * 1e-9);
  const std::size_t after = labels.layer()->numLabelled();
  num_points_ += after > before ? after - before : 0;
  if (after == before) waits_for_.clear();  // Nothing was there: nothing is shown.
}

void LabelBench::print() const {
  std::printf("{\"points_total\": %zu, \"points_a_stroke\": %zu",
              window_.document().scene()->points().size(),
              num_points_ / (kNumActions / 2));
  for (const auto& [name, seconds] : times_s_) {
    std::vector<double> sorted = seconds;
    std::sort(sorted.begin(), sorted.end());
    std::printf(", \"%s_ms\": %.1f, \"%s_max_ms\": %.1f",
                name.c_str(),
                sorted[sorted.size() / 2] * 1e3,
                name.c_str(),
                sorted.back() * 1e3);
  }
  std::printf("}\n");
  std::fflush(stdout);
}

}  // namespace tagscape

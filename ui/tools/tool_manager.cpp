#include "ui/tools/tool_manager.h"

#include "ui/tools/tool_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <utility>

namespace tagscape {

ToolManager::ToolManager(QObject* parent) : QObject(parent) {}

ToolManager::~ToolManager() = default;

void ToolManager::addStanding(std::unique_ptr<Tool> tool) { standing_.push_back(std::move(tool)); }

void ToolManager::setActive(std::unique_ptr<Tool> tool) {
  if (!tool && !active_) return;
  if (gesture_ && gesture_->taker && gesture_->taker == active_.get()) {
    active_->cancel();
    gesture_.reset();
  }
  active_ = std::move(tool);
  Q_EMIT activeChanged();
}

std::optional<QCursor> ToolManager::cursor() const { return active_ ? active_->cursor() : std::nullopt; }

template <class Offer>
Tool* ToolManager::firstThat(const Offer& offer) {
  if (active_ && offer(*active_)) return active_.get();
  for (const auto& tool : standing_) {
    if (offer(*tool)) return tool.get();
  }
  return nullptr;
}

PointerEvent ToolManager::pointerEvent(const QMouseEvent& event) const {
  PointerEvent pointer;
  pointer.position = event.position();
  pointer.pressed_at = gesture_ ? gesture_->pressed_at : event.position();
  pointer.button = event.type() == QEvent::MouseMove ? Qt::NoButton : event.button();
  pointer.buttons = event.buttons();
  pointer.modifiers = event.modifiers();
  return pointer;
}

bool ToolManager::press(ToolView& view, const QMouseEvent& event) {
  if (gesture_ && gesture_->taker) {
    if (event.button() != gesture_->button) return true;  // The tool that consumed a press keeps the pointer.
    gesture_->taker->cancel();                            // The release was lost to another window.
  }
  gesture_.reset();
  if (view.hasControlAt(event.position())) return false;
  gesture_ = Gesture{&view, event.button(), event.position()};
  const PointerEvent pointer = pointerEvent(event);
  gesture_->taker = firstThat([&](Tool& tool) { return tool.press(view, pointer); });
  return gesture_->taker != nullptr;
}

bool ToolManager::move(ToolView& view, const QMouseEvent& event) {
  const PointerEvent pointer = pointerEvent(event);
  if (!gesture_) return firstThat([&](Tool& tool) { return tool.move(view, pointer); }) != nullptr;
  gesture_->has_moved |= (pointer.position - gesture_->pressed_at).manhattanLength() > kClick_px;
  if (!gesture_->taker) return firstThat([&](Tool& tool) { return tool.move(view, pointer); }) != nullptr;
  gesture_->taker->move(*gesture_->view, pointer);
  return true;
}

bool ToolManager::release(ToolView& view, const QMouseEvent& event) {
  if (!gesture_) return false;
  if (event.button() != gesture_->button) return gesture_->taker != nullptr;
  PointerEvent pointer = pointerEvent(event);
  pointer.is_click = !gesture_->has_moved && (pointer.position - gesture_->pressed_at).manhattanLength() <= kClick_px;
  const Gesture ended = *std::exchange(gesture_, std::nullopt);
  if (!ended.taker) return firstThat([&](Tool& tool) { return tool.release(view, pointer); }) != nullptr;
  ended.taker->release(*ended.view, pointer);
  return true;
}

bool ToolManager::wheel(ToolView& view, const QWheelEvent& event) {
  constexpr double kUnitsAStep = 120;
  const double steps = event.angleDelta().y() / kUnitsAStep;
  return firstThat([&](Tool& tool) { return tool.wheel(view, event.position(), event.modifiers(), steps); }) != nullptr;
}

bool ToolManager::key(ToolView& view, const QKeyEvent& event) {
  return firstThat([&](Tool& tool) { return tool.key(view, event); }) != nullptr;
}

void ToolManager::leave(ToolView& view) {
  (void)firstThat([&](Tool& tool) {
    tool.leave(view);
    return false;
  });
}

bool ToolManager::cancel() {
  if (gesture_ && gesture_->taker) {
    std::exchange(gesture_, std::nullopt)->taker->cancel();
    return true;
  }
  if (!active_) return false;
  if (active_->isDrawing()) {
    active_->cancel();
    return true;
  }
  setActive(nullptr);
  return true;
}

void ToolManager::paint(const ToolView& view, QPainter& painter) const {
  const auto paint_tool = [&](const Tool& tool) {
    painter.save();
    tool.paint(view, painter);
    painter.restore();
  };
  for (const auto& tool : standing_) paint_tool(*tool);
  if (active_) paint_tool(*active_);
}

}  // namespace tagscape

#pragma once

#include "ui/tools/tool.h"

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

class QMouseEvent;
class QWheelEvent;

namespace tagscape {

/// Passes the events of the views to the tools: first to the active tool, which the user has chosen, then to the
/// standing tools, which are always available, in the order in which they were added. Where it returns false, the view
/// navigates. GUI thread.
class ToolManager : public QObject {
  Q_OBJECT

 public:
  explicit ToolManager(QObject* parent = nullptr);
  ~ToolManager() override;

  void addStanding(std::unique_ptr<Tool> tool);
  /// Cancels and replaces the active tool; null leaves only navigation and the standing tools.
  void setActive(std::unique_ptr<Tool> tool);
  /// Null if there is none.
  [[nodiscard]] const Tool* active() const { return active_.get(); }
  [[nodiscard]] Tool* active() { return active_.get(); }
  /// The cursor of the active tool.
  [[nodiscard]] std::optional<QCursor> cursor() const;

  // Each returns whether a tool took the event. A press on a control of the view is no tool's.
  bool press(ToolView& view, const QMouseEvent& event);
  bool move(ToolView& view, const QMouseEvent& event);
  bool release(ToolView& view, const QMouseEvent& event);
  bool wheel(ToolView& view, const QWheelEvent& event);
  bool key(ToolView& view, const QKeyEvent& event);
  void leave(ToolView& view);
  /// Cancels the current gesture, otherwise the active tool. @return whether there was either.
  bool cancel();
  /// Paints all tools, the active one on top.
  void paint(const ToolView& view, QPainter& painter) const;

 Q_SIGNALS:
  void activeChanged();

 private:
  /// From a press to the release of that button.
  struct Gesture {
    ToolView* view;
    Qt::MouseButton button;
    QPointF pressed_at;
    Tool* taker = nullptr;  ///< Null if no tool consumed the press.
    bool has_moved = false;
  };

  [[nodiscard]] PointerEvent pointerEvent(const QMouseEvent& event) const;
  /// The first in order for which `offer` returns true; null if there is none.
  template <class Offer>
  Tool* firstThat(const Offer& offer);

  std::unique_ptr<Tool> active_;
  std::vector<std::unique_ptr<Tool>> standing_;
  std::optional<Gesture> gesture_;
};

}  // namespace tagscape

#pragma once

#include "ui/tools/tool.h"

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

class QMouseEvent;

namespace tagscape {

/// Gives what happens in the views to the tools: first to the active one, which the user has chosen, then to the
/// standing ones, which are always at work, in the order in which they were added. What it returns false for is the
/// view's: it navigates. Owned by the GUI thread.
class ToolManager : public QObject {
  Q_OBJECT

 public:
  explicit ToolManager(QObject* parent = nullptr);
  ~ToolManager() override;

  void addStanding(std::unique_ptr<Tool> tool);
  /// Replaces the active tool, which is cancelled first; null leaves navigation and the standing tools.
  void setActive(std::unique_ptr<Tool> tool);
  /// Null if there is none.
  [[nodiscard]] const Tool* active() const { return active_.get(); }
  /// The pointer's shape that the active tool asks for.
  [[nodiscard]] std::optional<QCursor> cursor() const;

  // Each returns whether a tool took the event. A press on a control of the view is no tool's.
  bool press(ToolView& view, const QMouseEvent& event);
  bool move(ToolView& view, const QMouseEvent& event);
  bool release(ToolView& view, const QMouseEvent& event);
  bool key(ToolView& view, const QKeyEvent& event);
  void leave(ToolView& view);
  /// Gives up what is being drawn, else the active tool. @return whether there was one of them.
  bool cancel();
  /// All tools, the active one on top.
  void paint(const ToolView& view, QPainter& painter) const;

 Q_SIGNALS:
  void activeChanged();

 private:
  /// From a press to the release of that button.
  struct Gesture {
    ToolView* view;
    Qt::MouseButton button;
    QPointF pressed_at;
    Tool* taker = nullptr;  ///< Null if no tool took the press.
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

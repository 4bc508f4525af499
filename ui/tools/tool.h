#pragma once

#include <QCursor>
#include <QPointF>
#include <QString>

#include <optional>

class QKeyEvent;
class QPainter;

namespace tagscape {

class ToolView;

/// What the pointer does in a view. Positions are logical pixels of the view.
struct PointerEvent {
  QPointF position;
  QPointF pressed_at;                     ///< Where the button went down; `position` while none is down.
  Qt::MouseButton button = Qt::NoButton;  ///< The one that went down or up; none for a move.
  Qt::MouseButtons buttons;               ///< Those that are down; none while the pointer hovers.
  Qt::KeyboardModifiers modifiers;
  bool is_click = false;  ///< Of a release: since the press the pointer stayed where it was, but for a tremble.
};

/// Something that the user does with the pointer in the views: select, mark, paint. Each event is offered to one tool
/// after the other until one takes it (returns true); what none takes moves the camera or the image. A tool that takes
/// a press has the pointer to itself until that button is released.
///
/// A tool works in any view through ToolView. It is owned by a ToolManager, and all calls are made on the GUI thread.
class Tool {
 public:
  Tool() = default;
  virtual ~Tool() = default;
  Tool(const Tool&) = delete;
  Tool& operator=(const Tool&) = delete;

  /// In the user's language.
  [[nodiscard]] virtual QString name() const = 0;
  /// The pointer's shape while this is the active tool; nothing leaves the view's own.
  [[nodiscard]] virtual std::optional<QCursor> cursor() const { return std::nullopt; }

  virtual bool press(ToolView& view, const PointerEvent& event);
  virtual bool move(ToolView& view, const PointerEvent& event);
  virtual bool release(ToolView& view, const PointerEvent& event);
  /// The pointer has left the view.
  virtual void leave(ToolView& view);
  /// A key went down in the view.
  virtual bool key(ToolView& view, const QKeyEvent& event);
  /// Gives up what was begun with the last press.
  virtual void cancel();
  /// Draws over the view, in its logical pixels. ToolView::repaint() has it called soon.
  virtual void paint(const ToolView& view, QPainter& painter) const;
};

}  // namespace tagscape

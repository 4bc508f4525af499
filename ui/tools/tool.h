#pragma once

#include <QCursor>
#include <QPointF>
#include <QString>

#include <optional>

class QKeyEvent;
class QPainter;

namespace tagscape {

class ToolView;

/// A press and release with no more motion between them are a click, logical pixels.
inline constexpr double kClick_px = 3;

/// A pointer event in a view. Positions are logical pixels of the view.
struct PointerEvent {
  QPointF position;
  QPointF pressed_at;                     ///< Position of the press; `position` while no button is down.
  Qt::MouseButton button = Qt::NoButton;  ///< Pressed or released by this event; none for a move.
  Qt::MouseButtons buttons;               ///< Currently down.
  Qt::KeyboardModifiers modifiers;
  bool is_click = false;  ///< Of a release: the pointer has hardly moved since the press.
};

/// A pointer tool of the views: select, mark, paint. Each event is offered to one tool after the other until one
/// consumes it by returning true; other events navigate. A tool that consumes a press receives all pointer events until
/// that button is released.
///
/// A tool works in any view through ToolView. Owned by a ToolManager; GUI thread.
class Tool {
 public:
  Tool() = default;
  virtual ~Tool() = default;
  Tool(const Tool&) = delete;
  Tool& operator=(const Tool&) = delete;

  /// Translated.
  [[nodiscard]] virtual QString name() const = 0;
  /// The cursor while this is the active tool; nothing for the view's own.
  [[nodiscard]] virtual std::optional<QCursor> cursor() const { return std::nullopt; }

  virtual bool press(ToolView& view, const PointerEvent& event);
  virtual bool move(ToolView& view, const PointerEvent& event);
  virtual bool release(ToolView& view, const PointerEvent& event);
  /// The pointer has left the view.
  virtual void leave(ToolView& view);
  /// The wheel was turned. @param steps  away from the user.
  virtual bool wheel(ToolView& view, QPointF position, Qt::KeyboardModifiers modifiers, double steps);
  /// A key was pressed in the view.
  virtual bool key(ToolView& view, const QKeyEvent& event);
  /// Whether something is begun between gestures, which cancel() gives up before the tool itself.
  [[nodiscard]] virtual bool isDrawing() const { return false; }
  /// Cancels what the last press has started.
  virtual void cancel();
  /// Paints over the view, in logical pixels. ToolView::repaint() schedules it.
  virtual void paint(const ToolView& view, QPainter& painter) const;
};

}  // namespace tagscape

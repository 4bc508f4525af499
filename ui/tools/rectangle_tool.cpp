#include "ui/tools/rectangle_tool.h"

#include "ui/tools/tool_view.h"

#include <QPainter>
#include <QStyle>
#include <QStyleOptionRubberBand>
#include <QWidget>

#include <utility>

namespace tagscape {

bool RectangleTool::press(ToolView& view, const PointerEvent& event) {
  const bool selects = event.button == Qt::LeftButton && event.modifiers.testFlag(Qt::ControlModifier);
  if (!selects || !document_.scene()) return false;
  view_ = &view;
  rectangle_ = QRect(event.position.toPoint(), QSize(0, 0));
  return true;
}

bool RectangleTool::move(ToolView& view, const PointerEvent& event) {
  if (!view_) return false;
  rectangle_ = QRect(event.pressed_at.toPoint(), event.position.toPoint()).normalized();
  rectangle_ &= view.widget().rect();
  view.repaint();
  return true;
}

bool RectangleTool::release(ToolView& view, const PointerEvent& event) {
  if (!std::exchange(view_, nullptr)) return false;
  view.repaint();
  std::vector<std::uint32_t> points = view.pointsIn(QRectF(rectangle_));
  Selection& selection = document_.selection();
  event.modifiers.testFlag(Qt::ShiftModifier) ? selection.add(points) : selection.set(std::move(points));
  return true;
}

void RectangleTool::cancel() {
  if (ToolView* view = std::exchange(view_, nullptr)) view->repaint();
}

void RectangleTool::paint(const ToolView& view, QPainter& painter) const {
  if (&view != view_) return;
  QStyleOptionRubberBand option;
  option.initFrom(&view.widget());
  option.shape = QRubberBand::Rectangle;
  option.rect = rectangle_;
  view.widget().style()->drawControl(QStyle::CE_RubberBand, &option, &painter, &view.widget());
}

}  // namespace tagscape

#include "ui/tools/tool.h"

namespace tagscape {

bool Tool::press(ToolView&, const PointerEvent&) { return false; }

bool Tool::move(ToolView&, const PointerEvent&) { return false; }

bool Tool::release(ToolView&, const PointerEvent&) { return false; }

bool Tool::wheel(ToolView&, QPointF, Qt::KeyboardModifiers, double) { return false; }

void Tool::leave(ToolView&) {}

bool Tool::key(ToolView&, const QKeyEvent&) { return false; }

void Tool::cancel() {}

void Tool::paint(const ToolView&, QPainter&) const {}

}  // namespace tagscape

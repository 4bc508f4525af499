#include "ui/tools/place_tool.h"

#include "ui/tools/tool_view.h"

namespace tagscape {

std::optional<LinkedPoint> PlaceTool::placeAt(ToolView& view, QPointF position) const {
  if (view.hasControlAt(position)) return std::nullopt;
  const auto surface = view.surfaceAt(position);
  if (!surface) return std::nullopt;
  return LinkedPoint{view.source(), *surface, places_.nearestPoint(*surface)};
}

bool PlaceTool::move(ToolView& view, const PointerEvent& event) {
  if (event.buttons == Qt::NoButton) {
    link_.setHovered(placeAt(view, event.position));
  } else if (view.source() == LinkedPoint::Source::Scene) {
    link_.setHovered({});  // Orbiting moves the place away from the pointer; a dragged image keeps it there.
  }
  return false;
}

bool PlaceTool::release(ToolView& view, const PointerEvent& event) {
  if (event.is_click && event.button == Qt::LeftButton) link_.setSelected(placeAt(view, event.position));
  return false;
}

void PlaceTool::leave(ToolView&) { link_.setHovered({}); }

}  // namespace tagscape

#include "ui/tools/superpoint_tool.h"

#include "ui/tools/tool_view.h"

namespace tagscape {

bool SuperpointTool::release(ToolView& view, const PointerEvent& event) {
  const bool shows_superpoints =
      view.source() == LinkedPoint::Source::Scene && document_.layer() == PointLayer::Superpoints;
  if (!shows_superpoints || !event.is_click || event.button != Qt::LeftButton) return false;
  if (const auto point = view.pointAt(event.position)) document_.selection().set(layers_.pointsOfSuperpointAt(*point));
  return false;
}

}  // namespace tagscape

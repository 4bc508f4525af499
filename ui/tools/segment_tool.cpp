#include "ui/tools/segment_tool.h"

#include "ui/tools/tool_view.h"

namespace tagscape {

bool SegmentTool::release(ToolView& view, const PointerEvent& event) {
  const bool shows_segments = view.source() == LinkedPoint::Source::Scene && document_.layer() == PointLayer::Segment;
  if (!shows_segments || !event.is_click || event.button != Qt::LeftButton) return false;
  if (const auto point = view.pointAt(event.position)) document_.selection().set(layers_.segmentOf(*point));
  return false;
}

}  // namespace tagscape

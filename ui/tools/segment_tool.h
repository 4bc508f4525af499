#pragma once

#include "ui/services/point_layers.h"
#include "ui/tools/tool.h"

#include <QCoreApplication>

namespace tagscape {

/// Selects the segment that is clicked in the 3D view, while segments are what it shows. Takes no event, so that the
/// same click may do more.
class SegmentTool : public Tool {
  Q_DECLARE_TR_FUNCTIONS(SegmentTool)

 public:
  /// Both must outlive this.
  SegmentTool(Document& document, const PointLayers& layers) : document_(document), layers_(layers) {}

  [[nodiscard]] QString name() const override { return tr("Select a segment"); }
  bool release(ToolView& view, const PointerEvent& event) override;

 private:
  Document& document_;
  const PointLayers& layers_;
};

}  // namespace tagscape

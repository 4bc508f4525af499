#pragma once

#include "ui/services/point_layers.h"
#include "ui/tools/tool.h"

#include <QCoreApplication>

namespace tagscape {

/// Selects the points of the superpoint that is clicked in the 3D view while the superpoints layer is shown. Consumes
/// no event, so that the same click may do more.
class SuperpointTool : public Tool {
  Q_DECLARE_TR_FUNCTIONS(SuperpointTool)

 public:
  /// Both must outlive the tool.
  SuperpointTool(Document& document, const PointLayers& layers) : document_(document), layers_(layers) {}

  [[nodiscard]] QString name() const override { return tr("Select a superpoint"); }
  bool release(ToolView& view, const PointerEvent& event) override;

 private:
  Document& document_;
  const PointLayers& layers_;
};

}  // namespace tagscape

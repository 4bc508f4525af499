#pragma once

#include "ui/services/place_finder.h"
#include "ui/tools/tool.h"

#include <QCoreApplication>

namespace tagscape {

/// Puts the hovered and the clicked place into the document's link. Consumes no event, so that the same click may do
/// more.
class PlaceTool : public Tool {
  Q_DECLARE_TR_FUNCTIONS(PlaceTool)

 public:
  /// Both must outlive the tool.
  PlaceTool(ViewLink& link, const PlaceFinder& places) : link_(link), places_(places) {}

  [[nodiscard]] QString name() const override { return tr("Mark a place"); }
  bool move(ToolView& view, const PointerEvent& event) override;
  bool release(ToolView& view, const PointerEvent& event) override;
  void leave(ToolView& view) override;

 private:
  [[nodiscard]] std::optional<LinkedPoint> placeAt(ToolView& view, QPointF position) const;

  ViewLink& link_;
  const PlaceFinder& places_;
};

}  // namespace tagscape

#pragma once

#include "ui/models/document.h"
#include "ui/tools/tool.h"

#include <QCoreApplication>
#include <QRect>

namespace tagscape {

/// Selects the visible points in a rectangle drawn with Ctrl and the left button; with Shift as well, adds them to the
/// selection.
class RectangleTool : public Tool {
  Q_DECLARE_TR_FUNCTIONS(RectangleTool)

 public:
  /// @param document  must outlive the tool.
  explicit RectangleTool(Document& document) : document_(document) {}

  [[nodiscard]] QString name() const override { return tr("Select by rectangle"); }
  bool press(ToolView& view, const PointerEvent& event) override;
  bool move(ToolView& view, const PointerEvent& event) override;
  bool release(ToolView& view, const PointerEvent& event) override;
  void cancel() override;
  void paint(const ToolView& view, QPainter& painter) const override;

 private:
  Document& document_;
  ToolView* view_ = nullptr;  ///< In which the rectangle is being drawn; null if none.
  QRect rectangle_;
};

}  // namespace tagscape

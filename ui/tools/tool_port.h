#pragma once

#include "ui/tools/tool_manager.h"

namespace tagscape {

/// Connects a view to the tools; without a connection every event is left to the view.
class ToolPort {
 public:
  /// Both must outlive the port.
  void connect(ToolManager& tools, ToolView& view) {
    tools_ = &tools;
    view_ = &view;
  }

  // As ToolManager's.
  bool press(const QMouseEvent& event) { return tools_ && tools_->press(*view_, event); }
  bool move(const QMouseEvent& event) { return tools_ && tools_->move(*view_, event); }
  bool release(const QMouseEvent& event) { return tools_ && tools_->release(*view_, event); }
  bool wheel(const QWheelEvent& event) { return tools_ && tools_->wheel(*view_, event); }
  bool key(const QKeyEvent& event) { return tools_ && tools_->key(*view_, event); }
  void leave() {
    if (tools_) tools_->leave(*view_);
  }
  void paint(QPainter& painter) const {
    if (tools_) tools_->paint(*view_, painter);
  }
  [[nodiscard]] std::optional<QCursor> cursor() const { return tools_ ? tools_->cursor() : std::nullopt; }

 private:
  ToolManager* tools_ = nullptr;
  ToolView* view_ = nullptr;
};

}  // namespace tagscape

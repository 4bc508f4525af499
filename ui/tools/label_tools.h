#pragma once

#include "ui/services/label_editor.h"
#include "ui/tools/tool.h"

#include <QCoreApplication>
#include <QPolygonF>

#include <cstdint>
#include <memory>
#include <vector>

namespace tagscape {

/// Tools that change labels, the same ones in all views.
enum class LabelToolKind : std::uint8_t { Brush, Eraser, Rectangle, Lasso, Polygon, Superpoint, Fill };
inline constexpr int kNumLabelTools = 7;

/// What painting tools have in common: they take the left button alone (with Alt it stays the view's), paint with what
/// the editor has chosen, and say over the view what that is.
class LabelTool : public Tool {
  Q_DECLARE_TR_FUNCTIONS(LabelTool)

 public:
  explicit LabelTool(LabelEditor& editor) : editor_(editor) {}

  [[nodiscard]] std::optional<QCursor> cursor() const override { return Qt::CrossCursor; }
  bool move(ToolView& view, const PointerEvent& event) override;
  void leave(ToolView& view) override;
  void paint(const ToolView& view, QPainter& painter) const override;

 protected:
  [[nodiscard]] bool takes(const PointerEvent& event) const;
  /// Keeps whether this tool takes a press, so that its release alone is acted on. @return takes().
  bool begin(const PointerEvent& event);
  /// Whether this is the release of the press that begin() took.
  bool end(const PointerEvent& event);
  /// The points in an outline, visible or through as the editor's settings say.
  [[nodiscard]] std::vector<std::uint32_t> pointsIn(ToolView& view, const QPolygonF& outline) const;
  /// What a click or a stroke would do, in words.
  [[nodiscard]] virtual QString describe() const;
  [[nodiscard]] const ToolView* hoveredView() const { return hovered_view_; }
  [[nodiscard]] QPointF hovered() const { return hovered_; }

  LabelEditor& editor_;

 private:
  const ToolView* hovered_view_ = nullptr;  ///< Where the pointer is.
  QPointF hovered_;
  bool is_pressed_ = false;
};

/// Paints or erases in a circle under the pointer, of a size on screen or in the world; Ctrl and the wheel change it.
class BrushTool : public LabelTool {
  Q_DECLARE_TR_FUNCTIONS(BrushTool)

 public:
  BrushTool(LabelEditor& editor, bool erases) : LabelTool(editor), erases_(erases) {}

  [[nodiscard]] QString name() const override { return erases_ ? tr("Eraser") : tr("Brush"); }
  bool press(ToolView& view, const PointerEvent& event) override;
  bool move(ToolView& view, const PointerEvent& event) override;
  bool release(ToolView& view, const PointerEvent& event) override;
  bool wheel(ToolView& view, QPointF position, Qt::KeyboardModifiers modifiers, double steps) override;
  void cancel() override;
  void paint(const ToolView& view, QPainter& painter) const override;

 protected:
  [[nodiscard]] QString describe() const override;

 private:
  void stamp(ToolView& view, QPointF at);
  [[nodiscard]] double radius_px(const ToolView& view) const;

  bool erases_;
  double shown_radius_px_ = 0;  ///< Of a brush in metres, where the pointer is.
  QPointF last_;
};

/// Paints what a rectangle, a drawn outline or a polygon of clicks encloses. Enter closes a polygon, Backspace takes
/// its last corner back. With Shift at the end, what is enclosed loses its labels.
class OutlineTool : public LabelTool {
  Q_DECLARE_TR_FUNCTIONS(OutlineTool)

 public:
  OutlineTool(LabelEditor& editor, LabelToolKind kind) : LabelTool(editor), kind_(kind) {}

  [[nodiscard]] QString name() const override;
  [[nodiscard]] bool isDrawing() const override { return view_ != nullptr; }
  bool press(ToolView& view, const PointerEvent& event) override;
  bool move(ToolView& view, const PointerEvent& event) override;
  bool release(ToolView& view, const PointerEvent& event) override;
  bool key(ToolView& view, const QKeyEvent& event) override;
  void cancel() override;
  void paint(const ToolView& view, QPainter& painter) const override;

 private:
  void finish(bool erases);
  [[nodiscard]] QPolygonF shown() const;

  LabelToolKind kind_;
  ToolView* view_ = nullptr;  ///< Where an outline is being drawn.
  QPolygonF outline_;
  QPointF pressed_at_, now_;
};

/// Paints a superpoint with a click, and shows before which points it has and what they are. Ctrl and the wheel change
/// the size of superpoints; Shift and a click accept what a machine said of it.
class LabelSuperpointTool : public LabelTool {
  Q_DECLARE_TR_FUNCTIONS(LabelSuperpointTool)

 public:
  explicit LabelSuperpointTool(LabelEditor& editor) : LabelTool(editor) {}

  [[nodiscard]] QString name() const override { return tr("Superpoint"); }
  bool press(ToolView& view, const PointerEvent& event) override;
  bool move(ToolView& view, const PointerEvent& event) override;
  bool release(ToolView& view, const PointerEvent& event) override;
  bool wheel(ToolView& view, QPointF position, Qt::KeyboardModifiers modifiers, double steps) override;
  void leave(ToolView& view) override;
  void paint(const ToolView& view, QPainter& painter) const override;

 protected:
  [[nodiscard]] QString describe() const override;

 private:
  void preview(std::optional<std::size_t> point);

  std::optional<std::size_t> point_;
  std::vector<std::uint32_t> points_;  ///< Of its superpoint.
};

/// Paints the connected points that have the label of the one that is clicked.
class FillTool : public LabelTool {
  Q_DECLARE_TR_FUNCTIONS(FillTool)

 public:
  explicit FillTool(LabelEditor& editor) : LabelTool(editor) {}

  [[nodiscard]] QString name() const override { return tr("Fill"); }
  bool press(ToolView& view, const PointerEvent& event) override;
  bool release(ToolView& view, const PointerEvent& event) override;
};

[[nodiscard]] std::unique_ptr<Tool> makeLabelTool(LabelToolKind kind, LabelEditor& editor);

}  // namespace tagscape

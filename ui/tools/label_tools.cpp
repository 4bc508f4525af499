#include "ui/tools/label_tools.h"

#include "ui/tools/tool_view.h"

#include <QFontMetrics>
#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QWidget>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace tagscape {
namespace {

constexpr int kMinBrush_px = 2, kMaxBrush_px = 300;
constexpr double kBrushStep = 1.15;
constexpr std::size_t kMaxDots = 3000;  // Of a preview: enough to see its shape.

QPolygonF circle(QPointF centre, double radius) {
  constexpr int kCorners = 32;
  QPolygonF polygon;
  for (int i = 0; i < kCorners; ++i) {
    const double angle = 2 * std::numbers::pi * i / kCorners;
    polygon += centre + radius * QPointF(std::cos(angle), std::sin(angle));
  }
  return polygon;
}

/// Dark under light, so that lines are seen on anything.
void drawOutline(QPainter& painter, const QPolygonF& outline, bool is_closed) {
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(Qt::NoBrush);
  constexpr double kWide = 3, kNarrow = 1.2;
  for (const auto& [color, width] :
       {std::pair(QColor(0, 0, 0, 150), kWide), std::pair(QColor(255, 255, 255), kNarrow)}) {
    painter.setPen(QPen(color, width));
    is_closed ? painter.drawPolygon(outline) : painter.drawPolyline(outline);
  }
}

void drawText(QPainter& painter, QPointF at, const QString& text) {
  constexpr int kMargin = 5;
  const QRectF box = QRectF(painter.fontMetrics().boundingRect(text)).translated(at).adjusted(-kMargin, -2, kMargin, 2);
  painter.setPen(Qt::NoPen);
  painter.setBrush(QColor(20, 22, 26, 190));
  painter.drawRoundedRect(box, 3, 3);
  painter.setPen(QColor(245, 245, 245));
  painter.drawText(at, text);
}

}  // namespace

// ----------------------------------------------------------------------------------------------------- LabelTool

bool LabelTool::takes(const PointerEvent& event) const {
  return event.button == Qt::LeftButton && !event.modifiers.testFlag(Qt::AltModifier) &&
         !event.modifiers.testFlag(Qt::ControlModifier) && editor_.canEdit();
}

bool LabelTool::begin(const PointerEvent& event) {
  is_pressed_ = takes(event);
  return is_pressed_;
}

bool LabelTool::end(const PointerEvent& event) {
  return event.button == Qt::LeftButton && std::exchange(is_pressed_, false);
}

std::vector<std::uint32_t> LabelTool::pointsIn(ToolView& view, const QPolygonF& outline) const {
  return editor_.settings().is_through ? view.pointsThrough(outline) : view.pointsIn(outline);
}

bool LabelTool::move(ToolView& view, const PointerEvent& event) {
  hovered_view_ = &view;
  hovered_ = event.position;
  view.repaint();
  return false;
}

void LabelTool::leave(ToolView& view) {
  hovered_view_ = nullptr;
  view.repaint();
}

QString LabelTool::describe() const {
  const LabelSettings& settings = editor_.settings();
  const Project* project = editor_.project();
  if (!project) return name();
  const bool is_class = settings.label < project->classes().size();
  const QString label = is_class ? QString::fromStdString(project->classes().classes[settings.label].name) : QString();
  QString text = tr("%1: %2").arg(name(), label);
  if (settings.instance > 0) text += tr(" %1").arg(settings.instance);
  return text;
}

void LabelTool::paint(const ToolView& view, QPainter& painter) const {
  constexpr int kAboveRim = 12;
  const LabelSettings& settings = editor_.settings();
  QString text = describe() + QStringLiteral(" · ") + (settings.is_through ? tr("through") : tr("visible only"));
  if (settings.only_unlabelled) text += QStringLiteral(" · ") + tr("only unlabelled");
  if (!editor_.canEdit()) text = tr("No labels to change: open a project in the menu Labels");
  // In the middle: the 3D view has what it says of itself and of a point in the corners.
  const int left = std::max(kAboveRim, (view.widget().width() - painter.fontMetrics().horizontalAdvance(text)) / 2);
  drawText(painter, QPointF(left, view.widget().height() - kAboveRim), text);
}

// ----------------------------------------------------------------------------------------------------- BrushTool

QString BrushTool::describe() const { return erases_ ? name() : LabelTool::describe(); }

double BrushTool::radius_px(const ToolView&) const {
  return editor_.settings().brush_m > 0 ? shown_radius_px_ : editor_.settings().brush_px;
}

void BrushTool::stamp(ToolView& view, QPointF at) {
  const LabelSettings& settings = editor_.settings();
  if (settings.brush_m <= 0) return editor_.addToStroke(pointsIn(view, circle(at, settings.brush_px)));
  const auto surface = view.surfaceAt(at);
  if (surface && editor_.geometry())
    editor_.addToStroke(editor_.geometry()->neighbours->within(*surface, settings.brush_m));
}

bool BrushTool::press(ToolView& view, const PointerEvent& event) {
  if (!takes(event)) return false;
  view.hold();
  editor_.beginStroke(erases_, erases_ ? QStringLiteral("eraser") : QStringLiteral("brush"));
  last_ = event.position;
  stamp(view, event.position);
  return true;
}

bool BrushTool::move(ToolView& view, const PointerEvent& event) {
  if (editor_.settings().brush_m > 0 && event.buttons == Qt::NoButton) {
    const auto surface = view.surfaceAt(event.position);
    if (surface) shown_radius_px_ = view.pixelsPerMetreAt(*surface) * static_cast<double>(editor_.settings().brush_m);
  }
  LabelTool::move(view, event);
  if (!editor_.isInStroke()) return false;
  // Fast moves leave no gaps.
  const QPointF way = event.position - last_;
  const double step = std::max(2., radius_px(view) / 2);
  const int num_steps = static_cast<int>(std::ceil(std::hypot(way.x(), way.y()) / step));
  for (int i = 1; i <= num_steps; ++i) stamp(view, last_ + way * (static_cast<double>(i) / num_steps));
  last_ = event.position;
  return true;
}

bool BrushTool::release(ToolView&, const PointerEvent&) {
  if (!editor_.isInStroke()) return false;
  editor_.endStroke();
  return true;
}

bool BrushTool::wheel(ToolView& view, QPointF, Qt::KeyboardModifiers modifiers, double steps) {
  if (!modifiers.testFlag(Qt::ControlModifier)) return false;
  LabelSettings settings = editor_.settings();
  const double factor = std::pow(kBrushStep, steps);
  if (settings.brush_m > 0) {
    constexpr double kMin_m = 0.005, kMax_m = 2;
    settings.brush_m = static_cast<float>(std::clamp(static_cast<double>(settings.brush_m) * factor, kMin_m, kMax_m));
  } else {
    const int now = settings.brush_px;
    settings.brush_px = std::clamp(
        qRound(now * factor) == now ? now + (steps > 0 ? 1 : -1) : qRound(now * factor), kMinBrush_px, kMaxBrush_px);
  }
  editor_.setSettings(settings);
  view.repaint();
  return true;
}

void BrushTool::cancel() { editor_.cancelStroke(); }

void BrushTool::paint(const ToolView& view, QPainter& painter) const {
  LabelTool::paint(view, painter);
  if (hoveredView() == &view) drawOutline(painter, circle(hovered(), radius_px(view)), true);
}

// ----------------------------------------------------------------------------------------------------- OutlineTool

QString OutlineTool::name() const {
  if (kind_ == LabelToolKind::Rectangle) return tr("Rectangle");
  return kind_ == LabelToolKind::Lasso ? tr("Lasso") : tr("Polygon");
}

bool OutlineTool::press(ToolView& view, const PointerEvent& event) {
  if (!begin(event)) return false;
  if (view_ && view_ != &view) cancel();
  view_ = &view;
  now_ = pressed_at_ = event.position;
  if (kind_ == LabelToolKind::Lasso) outline_ = QPolygonF({event.position});
  return true;
}

bool OutlineTool::move(ToolView& view, const PointerEvent& event) {
  LabelTool::move(view, event);
  if (view_ != &view) return false;
  now_ = event.position;
  if (kind_ == LabelToolKind::Lasso && event.buttons != Qt::NoButton) outline_ += event.position;
  return event.buttons != Qt::NoButton;
}

bool OutlineTool::release(ToolView& view, const PointerEvent& event) {
  if (!end(event) || view_ != &view) return false;
  now_ = event.position;
  if (kind_ == LabelToolKind::Polygon) {
    outline_ += event.position;
    view.repaint();
    return true;
  }
  if (kind_ == LabelToolKind::Rectangle) outline_ = QPolygonF(QRectF(pressed_at_, now_).normalized());
  finish(event.modifiers.testFlag(Qt::ShiftModifier));
  return true;
}

bool OutlineTool::key(ToolView& view, const QKeyEvent& event) {
  if (view_ != &view || kind_ != LabelToolKind::Polygon) return false;
  if (event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter) {
    finish(event.modifiers().testFlag(Qt::ShiftModifier));
    return true;
  }
  if (event.key() != Qt::Key_Backspace || outline_.isEmpty()) return false;
  outline_.removeLast();
  view.repaint();
  return true;
}

void OutlineTool::finish(bool erases) {
  constexpr int kFewestCorners = 3;
  ToolView& view = *std::exchange(view_, nullptr);
  const QPolygonF outline = std::exchange(outline_, {});
  view.repaint();
  if (outline.size() < kFewestCorners || outline.boundingRect().isEmpty()) return;
  view.hold();
  const QString tool = kind_ == LabelToolKind::Rectangle ? QStringLiteral("rectangle")
                       : kind_ == LabelToolKind::Lasso   ? QStringLiteral("lasso")
                                                         : QStringLiteral("polygon");
  const auto points = pointsIn(view, outline);
  erases ? editor_.erase(points, tool) : editor_.paint(points, tool);
}

void OutlineTool::cancel() {
  outline_.clear();
  if (ToolView* view = std::exchange(view_, nullptr)) view->repaint();
}

QPolygonF OutlineTool::shown() const {
  if (kind_ == LabelToolKind::Rectangle) return QPolygonF(QRectF(pressed_at_, now_).normalized());
  QPolygonF shown = outline_;
  if (kind_ == LabelToolKind::Polygon) shown += now_;
  return shown;
}

void OutlineTool::paint(const ToolView& view, QPainter& painter) const {
  LabelTool::paint(view, painter);
  if (&view == view_) drawOutline(painter, shown(), kind_ != LabelToolKind::Lasso);
}

// ------------------------------------------------------------------------------------------ LabelSuperpointTool

void LabelSuperpointTool::preview(std::optional<std::size_t> point) {
  point_ = point;
  points_ = point ? editor_.superpointOf(static_cast<std::uint32_t>(*point)) : std::vector<std::uint32_t>();
}

bool LabelSuperpointTool::press(ToolView& view, const PointerEvent& event) {
  if (!begin(event)) return false;
  view.hold();
  preview(view.pointAt(event.position));
  return true;
}

bool LabelSuperpointTool::move(ToolView& view, const PointerEvent& event) {
  LabelTool::move(view, event);
  if (event.buttons == Qt::NoButton) preview(editor_.canEdit() ? view.pointAt(event.position) : std::nullopt);
  return event.buttons != Qt::NoButton;
}

bool LabelSuperpointTool::release(ToolView& view, const PointerEvent& event) {
  if (!end(event)) return false;
  if (!event.is_click) return true;
  if (points_.empty() && point_) points_ = editor_.superpointOf(static_cast<std::uint32_t>(*point_));
  if (points_.empty()) return true;
  event.modifiers.testFlag(Qt::ShiftModifier) ? editor_.accept(points_)
                                              : editor_.paint(points_, QStringLiteral("superpoint"));
  view.repaint();
  return true;
}

bool LabelSuperpointTool::wheel(ToolView& view, QPointF, Qt::KeyboardModifiers modifiers, double steps) {
  if (!modifiers.testFlag(Qt::ControlModifier) || !editor_.geometry()) return false;
  LabelSettings settings = editor_.settings();
  const auto last = static_cast<double>(editor_.geometry()->levels.size()) - 1;
  settings.level =
      static_cast<std::size_t>(std::clamp(static_cast<double>(settings.level) + (steps > 0 ? 1 : -1), 0., last));
  editor_.setSettings(settings);
  preview(point_);
  view.repaint();
  return true;
}

void LabelSuperpointTool::leave(ToolView& view) {
  preview(std::nullopt);
  LabelTool::leave(view);
}

QString LabelSuperpointTool::describe() const {
  if (!editor_.geometry()) return tr("Superpoints are being made…");
  QString text = LabelTool::describe() + QStringLiteral(" · ") + tr("size %1").arg(editor_.settings().level + 1);
  if (points_.empty() || !editor_.layer()) return text;
  const Purity purity = purityOf(*editor_.layer(), points_, editor_.brush());
  const Project* project = editor_.project();
  const QString label = purity.label < project->classes().size()
                            ? QString::fromStdString(project->classes().classes[purity.label].name)
                            : tr("unlabelled");
  constexpr double kPercent = 100;
  return text + QStringLiteral(" · ") +
         tr("%1 points, %2 % %3, %4 would change")
             .arg(QLocale().toString(static_cast<qulonglong>(purity.num_elements)))
             .arg(kPercent * purity.share, 0, 'f', 0)
             .arg(label, QLocale().toString(static_cast<qulonglong>(purity.num_changed)));
}

void LabelSuperpointTool::paint(const ToolView& view, QPainter& painter) const {
  LabelTool::paint(view, painter);
  if (points_.empty() || !editor_.geometry()) return;
  const auto& positions = editor_.geometry()->scene->points().positions_m;
  const std::size_t step = std::max<std::size_t>(1, points_.size() / kMaxDots);
  QPolygonF dots;
  for (std::size_t i = 0; i < points_.size(); i += step) {
    if (const auto at = view.project(positions[points_[i]])) dots += *at;
  }
  painter.setPen(QPen(QColor(255, 255, 255, 200), 2));
  painter.drawPoints(dots);
}

// ----------------------------------------------------------------------------------------------------- FillTool

bool FillTool::press(ToolView& view, const PointerEvent& event) {
  if (!begin(event)) return false;
  view.hold();
  return true;
}

bool FillTool::release(ToolView& view, const PointerEvent& event) {
  if (!end(event)) return false;
  if (!event.is_click) return true;
  if (const auto point = view.pointAt(event.position)) editor_.fillFrom(static_cast<std::uint32_t>(*point));
  return true;
}

std::unique_ptr<Tool> makeLabelTool(LabelToolKind kind, LabelEditor& editor) {
  switch (kind) {
    case LabelToolKind::Brush:
    case LabelToolKind::Eraser:
      return std::make_unique<BrushTool>(editor, kind == LabelToolKind::Eraser);
    case LabelToolKind::Superpoint:
      return std::make_unique<LabelSuperpointTool>(editor);
    case LabelToolKind::Fill:
      return std::make_unique<FillTool>(editor);
    default:
      return std::make_unique<OutlineTool>(editor, kind);
  }
}

}  // namespace tagscape

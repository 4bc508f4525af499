#pragma once

#include "ui/services/frame_controller.h"
#include "ui/services/place_finder.h"
#include "ui/tools/tool_view.h"

namespace tagscape {

class ImageCanvas;

/// The interface of the image view to tools. Visible points are those that pass the depth test of the current frame.
class ImageToolView : public ToolView {
 public:
  /// All must outlive this object.
  ImageToolView(ImageCanvas& canvas,
                const Document& document,
                const FrameController& frames,
                const PlaceFinder& places);

  [[nodiscard]] LinkedPoint::Source source() const override { return LinkedPoint::Source::Image; }
  [[nodiscard]] const QWidget& widget() const override;
  [[nodiscard]] bool hasControlAt(QPointF position) const override;
  [[nodiscard]] std::optional<QPointF> project(const Eigen::Vector3f& position_m) const override;
  [[nodiscard]] std::optional<Eigen::Vector3f> surfaceAt(QPointF position) override;
  [[nodiscard]] std::optional<std::size_t> pointAt(QPointF position) override;
  [[nodiscard]] std::vector<std::uint32_t> pointsIn(const QPolygonF& outline) override;
  [[nodiscard]] std::vector<std::uint32_t> pointsThrough(const QPolygonF& outline) override;
  void repaint() override;

 private:
  [[nodiscard]] std::vector<std::uint32_t> pointsIn(const QPolygonF& outline, bool is_through) const;

  ImageCanvas& canvas_;
  const Document& document_;
  const FrameController& frames_;
  const PlaceFinder& places_;
};

}  // namespace tagscape

#pragma once

#include "ui/render/view_overlay.h"
#include "ui/view3d/view_renderer.h"

#include <optional>

namespace tagscape {

/// Connects the overlay of the 3D view to the document and the drawing: fills its content and applies changes.
class SceneOverlay {
 public:
  /// All must outlive this object.
  SceneOverlay(Document& document, ViewSettings& settings, const PointLayers& layers, const ViewRenderer& renderer);

  [[nodiscard]] ViewOverlay& view() { return overlay_; }
  [[nodiscard]] const ViewOverlay& view() const { return overlay_; }
  /// The layer or its labels have changed: updates the classes of the legend in one pass over the points.
  void findShownClasses();
  /// The point under the cursor.
  void setHovered(std::optional<std::size_t> point) { hovered_ = point; }
  [[nodiscard]] std::optional<std::size_t> hovered() const { return hovered_; }
  /// GL. Draws the overlay and applies the user's changes to document and settings.
  void draw(const ViewState& view);

 private:
  [[nodiscard]] OverlayContent content(bool is_moving) const;
  void addLegend(OverlayContent& content, PointLayer layer) const;
  [[nodiscard]] std::vector<std::string> hoverLines() const;
  void apply(const OverlayContent& before, const OverlayContent& after);

  Document& document_;
  ViewSettings& settings_;
  const PointLayers& layers_;
  const ViewRenderer& renderer_;
  ViewOverlay overlay_;
  std::optional<std::size_t> hovered_;
  TagSet shown_classes_;  // That the layers' labels contain.
};

}  // namespace tagscape

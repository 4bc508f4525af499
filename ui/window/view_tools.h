#pragma once

#include "ui/image_view/image_tool_view.h"
#include "ui/services/place_finder.h"
#include "ui/tools/tool_manager.h"
#include "ui/view3d/scene_tool_view.h"

#include <QObject>

namespace tagscape {

/// The tools of the window, connected to both of its views.
class ViewTools : public QObject {
  Q_OBJECT

 public:
  /// All must outlive this object.
  ViewTools(Document& document,
            const FrameController& frames,
            SceneView& scene_view,
            ImageCanvas& canvas,
            QObject* parent = nullptr);

  [[nodiscard]] ToolManager& manager() { return manager_; }
  [[nodiscard]] const PlaceFinder& places() const { return places_; }
  [[nodiscard]] ToolView& scene() { return scene_; }
  [[nodiscard]] ToolView& image() { return image_; }

 private:
  void showCursor();

  SceneView& scene_view_;
  ImageCanvas& canvas_;
  PlaceFinder places_;
  SceneToolView scene_;
  ImageToolView image_;
  ToolManager manager_;
};

}  // namespace tagscape

#include "ui/window/view_tools.h"

#include "ui/image_view/image_canvas.h"
#include "ui/tools/place_tool.h"
#include "ui/tools/rectangle_tool.h"
#include "ui/tools/superpoint_tool.h"
#include "ui/view3d/scene_view.h"

namespace tagscape {

ViewTools::ViewTools(
    Document& document, const FrameController& frames, SceneView& scene_view, ImageCanvas& canvas, QObject* parent)
    : QObject(parent),
      scene_view_(scene_view),
      canvas_(canvas),
      places_(document),
      scene_(scene_view),
      image_(canvas, document, frames, places_) {
  manager_.addStanding(std::make_unique<RectangleTool>(document));
  manager_.addStanding(std::make_unique<PlaceTool>(document.link(), places_));
  manager_.addStanding(std::make_unique<SuperpointTool>(document, scene_view.layers()));
  scene_view.tools().connect(manager_, scene_);
  canvas.tools().connect(manager_, image_);
  connect(&manager_, &ToolManager::activeChanged, this, &ViewTools::showCursor);
  connect(&scene_view, &SceneView::cameraMoved, this, [this] {
    if (manager_.active()) scene_.repaint();
  });
}

void ViewTools::showCursor() {
  scene_view_.setRightOrbits(manager_.active() != nullptr);
  for (QWidget* view : {static_cast<QWidget*>(&scene_view_), static_cast<QWidget*>(&canvas_)}) {
    const auto cursor = manager_.cursor();
    cursor ? view->setCursor(*cursor) : view->unsetCursor();
    view->update();
  }
  scene_.repaint();
}

}  // namespace tagscape

// What SceneView sends to the GPU: points, and the columns of the layers that are shown.

#include "ui/services/layer_names.h"
#include "ui/view3d/scene_view.h"

namespace tagscape {

void SceneView::uploadWhatChanged(gl::Functions& gl) {
  if (points_dirty_ && packed_) {
    const Scene* scene = document_.scene().get();
    renderer_->points().setPoints(gl, packed_);
    const float depth_m = std::clamp(camera_.distance_m() * 0.025F, 0.04F, 0.3F);
    renderer_->frusta().setFrames(
        gl, scene ? scene->frames : std::vector<Frame>(), scene ? scene->color_intrinsics : Intrinsics(), depth_m);
    points_dirty_ = false;
    waiting_columns_.clear();
    for (const ColorLayer& row : colorLayers()) {
      if (row.hasColumn()) dirty_columns_.insert(&row);
    }
  }
  if (points_dirty_) return;
  if (showsMesh() && renderer_->points().numTriangles() == 0) {
    renderer_->points().setTriangles(gl, document_.scene()->mesh.triangles);
  }
  uploadColumns(gl);
}

std::set<const ColorLayer*> SceneView::columnsOnScreen() const {
  std::set<const ColorLayer*> columns{&rowOf(PointLayer::Prediction)};  // By which classes are hidden.
  const auto add = [&](PointLayer layer) {
    for (const ColorLayer* row : columnsReadBy(rowOf(layer))) columns.insert(row);
  };
  add(document_.layer());
  if (settings_.otherLayer()) add(*settings_.otherLayer());
  return columns;
}

/// What is on screen goes first and frees what is not; the rest is sent ahead as far as it fits, so that another layer
/// shows at once.
void SceneView::uploadColumns(gl::Functions& gl) {
  const auto on_screen = columnsOnScreen();
  for (const ColorLayer* row : on_screen) {
    if (waiting_columns_.erase(row) > 0) dirty_columns_.insert(row);
  }
  const auto dirty = std::exchange(dirty_columns_, {});
  for (const ColorLayer* row : on_screen) {
    if (!dirty.contains(row) || row->column.bytes_a_point == 0) continue;
    for (const ColorLayer* freed : renderer_->points().makeRoomFor(gl, *row, on_screen)) waiting_columns_.insert(freed);
    uploadColumn(gl, *row);
  }
  for (const ColorLayer* row : dirty) {
    if (on_screen.contains(row) || row->column.bytes_a_point == 0) continue;
    const bool is_growing = row->isMadeFrom(LayerNeed::VisibilityIndex);  // It would have to be sent again.
    if (!is_growing && renderer_->points().hasRoomFor(*row)) {
      uploadColumn(gl, *row);
    } else {
      waiting_columns_.insert(row);
    }
  }
}

void SceneView::uploadColumn(gl::Functions& gl, const ColorLayer& of) {
  if (!layers_.has(PointLayer{of.id})) return;
  const ColumnData& column = layers_.column({of.id});
  if (of.column.bytes_a_point == 1) {
    if (column.bytes.size() == numPoints() && !column.bytes.empty())
      renderer_->points().setColumn(gl, of, column.bytes);
    return;
  }
  if (column.values.size() == numPoints()) return renderer_->points().setColumn(gl, of, column.values);
  const std::vector<std::uint16_t> none(numPoints(), of.column.where_empty);
  renderer_->points().setColumn(gl, of, std::span<const std::uint16_t>(none));
}

void SceneView::noteShownClasses() {
  shown_classes_.reset();
  const auto note = [this](PointLayer layer) {
    if (rowOf(layer).colors != LayerColors::Classes) return;
    for (const std::uint8_t label : layers_.column(layer).bytes) {
      if (label < kNumClasses) shown_classes_.set(label);
    }
  };
  note(document_.layer());
  if (settings_.otherLayer()) note(*settings_.otherLayer());
}

}  // namespace tagscape

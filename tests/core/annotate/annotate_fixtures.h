#pragma once

#include "core/annotate/label_operations.h"
#include "core/annotate/project.h"
#include "core/base/random.h"

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tagscape::testing {

/// A scene of points on a grid, 1 cm apart.
inline Scene gridScene(const std::filesystem::path& path, std::size_t num_points, float shift_m = 0) {
  constexpr std::size_t kRow = 100;
  constexpr float kStep_m = 0.01F;
  Scene scene;
  scene.name = path.filename().string();
  scene.path = path;
  for (std::size_t i = 0; i < num_points; ++i) {
    scene.mesh.vertices.positions_m.emplace_back(kStep_m * static_cast<float>(i % kRow) + shift_m,
                                                 kStep_m * static_cast<float>(i / kRow % kRow),
                                                 kStep_m * static_cast<float>(i / (kRow * kRow)));
  }
  return scene;
}

/// What edits should lead to, kept in the simplest way: whole copies of all labels.
struct PlainModel {
  explicit PlainModel(std::size_t size) : now(size) {}

  std::vector<LabelValue> now;
  std::vector<std::vector<LabelValue>> done, undone;

  void put(const LabelDelta& delta) {
    done.push_back(now);
    undone.clear();
    for (std::size_t i = 0; i < delta.size(); ++i) now[delta.elements[i]] = delta.after[i];
  }
  bool undo() { return move(done, undone); }
  bool redo() { return move(undone, done); }

 private:
  bool move(std::vector<std::vector<LabelValue>>& from, std::vector<std::vector<LabelValue>>& to) {
    if (from.empty()) return false;
    to.push_back(now);
    now = from.back();
    from.pop_back();
    return true;
  }
};

/// A stroke at random: a run of points, some left out.
inline LabelDelta randomStroke(Random& random, const LabelLayer& layer) {
  const std::size_t begin = random.below(layer.size());
  const std::size_t length = 1 + random.below(layer.size() / 4);
  std::vector<std::uint32_t> points;
  for (std::size_t i = begin; i < std::min(layer.size(), begin + length); ++i) {
    if (random.below(5) > 0) points.push_back(static_cast<std::uint32_t>(i));
  }
  LabelBrush brush;
  brush.value.label = random.below(6) == 0 ? kNoClass : static_cast<std::uint8_t>(random.below(20));
  brush.value.confidence = brush.value.label == kNoClass ? 0 : 255;
  brush.value.instance = static_cast<std::uint16_t>(random.below(3));
  brush.value.source = static_cast<std::uint16_t>(random.below(2));
  brush.only_unlabelled = random.below(4) == 0;
  return paint(layer, points, brush);
}

/// One action at random on a project with one layer and on its model: a stroke, an undo or a redo.
inline Status randomAction(
    Random& random, Project& project, const ProjectLayer& of, LabelLayer& layer, PlainModel& model) {
  const std::uint64_t kind = random.below(10);
  if (kind < 7) {
    ProjectEdit edit{of.scene, "brush", "a stroke", 1, false, {{of.id, randomStroke(random, layer)}}, {}};
    if (edit.isEmpty()) return {};
    TAGSCAPE_TRY(project.commit(edit));
    layer.apply(edit.layers[0].delta);
    model.put(edit.layers[0].delta);
    return {};
  }
  TAGSCAPE_ASSIGN(const auto step, kind < 9 ? project.undo() : project.redo());
  const bool had_one = kind < 9 ? model.undo() : model.redo();
  if (step.has_value() != had_one) return fail(ErrorCode::Internal, "history and model differ");
  if (step) step->is_undo ? layer.revert(step->edit.layers[0].delta) : layer.apply(step->edit.layers[0].delta);
  return {};
}

}  // namespace tagscape::testing

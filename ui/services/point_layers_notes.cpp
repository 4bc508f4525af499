// Why a layer is not there, in words.

#include "ui/services/layer_names.h"
#include "ui/services/point_layers.h"

namespace tagscape {

QString PointLayers::note(PointLayer layer) const {
  if (!document_.scene()) return {};
  for (const LayerNeed need : rowOf(layer).needs) {
    const bool is_growing = need == LayerNeed::VisibilityIndex && isIndexGrowing();
    if (has(need) && !is_growing) continue;
    const auto problem = problems_.find(need);
    return problem != problems_.end() ? problem->second : note(need);
  }
  return {};
}

QString PointLayers::note(LayerNeed need) const {
  switch (need) {
    case LayerNeed::Nothing:
      return {};
    case LayerNeed::Truth:
      return tr("This scene has no labels");
    case LayerNeed::FrameVisibility:
      return document_.frameIndex() < 0 ? tr("This scene has no frames") : tr("Computing visibility…");
    case LayerNeed::Superpoints:
      if (document_.scene()->points().size() == 0) return tr("This scene has no points");
      return tr("Computing superpoints… %1 %").arg(superpoint_percent_);
    case LayerNeed::VisibilityIndex:
      if (document_.numFrames() == 0) return tr("This scene has no frames");
      return tr("Finding observing frames… %1 %")
          .arg(100 * num_known_frames_ / static_cast<std::size_t>(document_.numFrames()));
    case LayerNeed::Labels:
      return tr("No project is open. Begin one or open one in the menu Labels.");
    case LayerNeed::Prediction:
    case LayerNeed::LiftedCams:
      break;
  }
  if (!document_.cams()) return tr("No CAM yet. Start training or open a run.");
  if (need == LayerNeed::Prediction) return tr("Preparing…");
  if (document_.cams()->frames.empty()) return tr("The run has no 2D CAMs of this scene");
  return tr("Projecting the 2D CAMs… %1 %").arg(lift_percent_);
}

}  // namespace tagscape

#pragma once

#include "ui/render/scene_renderer.h"
#include "ui/services/point_layers.h"
#include "ui/view3d/view_settings.h"
#include "ui/view3d/view_state.h"

namespace tagscape {

/// All settings of the colours and sizes of points.
struct ViewContent {
  const Document& document;
  const ViewSettings& settings;
  const PointLayers& layers;
};

/// The range of a layer's colour bar: the locked range if it applies to the layer.
[[nodiscard]] HeatRange shownRange(const ViewContent& content, PointLayer layer);
/// Whether triangles are drawn at rest: chosen, and the scan has them. In motion, points are drawn.
[[nodiscard]] bool showsMesh(const Document& document);
/// @param spacing_m  of the cloud.
[[nodiscard]] RenderSettings renderSettings(const ViewContent& content, const ViewState& view, float spacing_m);

}  // namespace tagscape

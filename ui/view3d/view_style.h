#pragma once

#include "ui/render/scene_renderer.h"
#include "ui/services/point_layers.h"
#include "ui/view3d/view_settings.h"
#include "ui/view3d/view_state.h"

namespace tagscape {

/// Everything that decides how points are coloured and sized.
struct ViewContent {
  const Document& document;
  const ViewSettings& settings;
  const PointLayers& layers;
};

/// What the colour bar of a layer covers: the locked range, where it is one of values 0 … 1.
[[nodiscard]] HeatRange shownRange(const ViewContent& content, PointLayer layer);
/// Whether triangles are drawn at rest: asked for, and the scan has them. While it moves, points are drawn.
[[nodiscard]] bool showsMesh(const Document& document);
/// @param spacing_m  of the cloud.
[[nodiscard]] RenderSettings renderSettings(const ViewContent& content, const ViewState& view, float spacing_m);

}  // namespace tagscape

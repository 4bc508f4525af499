#pragma once

#include "core/scene/palette.h"
#include "core/scene/tags.h"

#include <Eigen/Geometry>

#include <cstdint>
#include <optional>

namespace tagscape {

struct ColorLayer;

/// The layer of the points' own colours.
[[nodiscard]] const ColorLayer& ownColors();

/// How points are drawn; changing any of it uploads nothing but a small table of colours.
struct PointStyle {
  const ColorLayer* layer = &ownColors();
  const ColorLayer* other = nullptr;  ///< Laid over it; null for none.
  float blend = 0;                    ///< Part of `other`, 0 … 1.
  float threshold = 0;                ///< CAM values below keep a dimmed own colour.
  HeatMap heat_map = HeatMap::Viridis;
  HeatRange range;        ///< Of `layer`.
  HeatRange other_range;  ///< Of `other`.
  ClassPalette palette = ClassPalette::ScanNet;
  TagSet hidden;             ///< Classes whose points are not drawn.
  bool hides_truth = false;  ///< By their true class rather than by the predicted one.
  float diameter_m = 0.02F;  ///< Size in the world, at least one pixel on screen.
  float diameter_px = 0;     ///< Size on screen, device pixels, in place of diameter_m; 0 for none.
  float max_size_px = 12;    ///< Device pixels.
  bool is_round = true;      ///< Discs rather than squares; squares are faster.
  std::optional<Eigen::AlignedBox3f> clip_box_m;  ///< Only what lies inside is drawn.
  std::optional<Eigen::Vector4f> clip_plane;      ///< Only points p with n.p + d >= 0; (n, d), m, world frame.
};

}  // namespace tagscape

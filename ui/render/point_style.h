#pragma once

#include "core/scene/palette.h"
#include "core/scene/tags.h"

#include <Eigen/Geometry>

#include <cstdint>
#include <optional>
#include <vector>

namespace tagscape {

struct ColorLayer;

/// The layer of the points' own colours.
[[nodiscard]] const ColorLayer& ownColors();

/// How points are drawn. Changes upload only a small table of colours.
struct PointStyle {
  const ColorLayer* layer = &ownColors();
  const ColorLayer* other = nullptr;  ///< Blended with it; null for none.
  float blend = 0;                    ///< Weight of `other`, 0 … 1.
  float threshold = 0;                ///< Points with CAM values below keep their own colour, dimmed.
  HeatMap heat_map = HeatMap::Viridis;
  HeatRange range;        ///< Of `layer`.
  HeatRange other_range;  ///< Of `other`.
  ClassPalette palette = ClassPalette::ScanNet;
  std::vector<Color8> label_colors{};             ///< Of the classes of the project.
  TagSet hidden;                                  ///< Classes whose points are not drawn.
  bool hides_truth = false;                       ///< Hides by true instead of predicted class.
  float diameter_m = 0.02F;                       ///< At least one pixel on screen.
  float diameter_px = 0;                          ///< In device pixels, instead of diameter_m; 0: not used.
  float max_size_px = 12;                         ///< Device pixels.
  bool is_round = true;                           ///< Discs; otherwise squares, which are faster.
  std::optional<Eigen::AlignedBox3f> clip_box_m;  ///< Only points inside are drawn.
  std::optional<Eigen::Vector4f> clip_plane;      ///< Only points p with n.p + d >= 0; (n, d), m, world frame.
};

}  // namespace tagscape

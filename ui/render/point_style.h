#pragma once

#include "core/scene/palette.h"
#include "core/scene/tags.h"

#include <Eigen/Geometry>

#include <cstdint>
#include <optional>

namespace tagscape {

/// What a point's colour tells. The numbers are those of LAYER_A and LAYER_B in shaders/points.vert.
enum class PointColoring : std::uint8_t {
  Own,           ///< Its own colour.
  Truth,         ///< Its true class.
  Prediction,    ///< Its predicted class.
  Cam,           ///< The 3D CAM of a class.
  LiftedCam,     ///< The mean 2D CAM of a class over the frames that see it.
  Disagreement,  ///< |lifted 2D CAM - 3D CAM|, where either is above 0.
  Confidence,    ///< How sure its prediction is.
  Reason,        ///< Whether and why the current frame sees it.
  Error,         ///< Whether its prediction is its true class.
  Segment,       ///< Its piece of the surface.
};
inline constexpr int kNumColorings = 10;

/// Whether the layer is values with a colour bar, rather than kinds with a legend.
[[nodiscard]] constexpr bool isHeat(PointColoring coloring) {
  return coloring == PointColoring::Cam || coloring == PointColoring::LiftedCam ||
         coloring == PointColoring::Disagreement || coloring == PointColoring::Confidence;
}
/// Whether values below the CAM threshold are left in dimmed colours.
[[nodiscard]] constexpr bool hasThreshold(PointColoring coloring) {
  return coloring == PointColoring::Cam || coloring == PointColoring::LiftedCam;
}

/// How points are drawn; changing any of it uploads nothing but a small table of colours.
struct PointStyle {
  PointColoring coloring = PointColoring::Own;
  std::optional<PointColoring> other;  ///< Laid over it.
  float blend = 0;                     ///< Part of `other`, 0 … 1.
  float threshold = 0;                 ///< CAM values below keep a dimmed own colour.
  HeatMap heat_map = HeatMap::Viridis;
  HeatRange range;        ///< Of `coloring`.
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

#include "core/pipeline/scene_facts.h"

namespace tagscape {

std::string_view guessUnits(double diagonal) {
  constexpr double kLargestInMetres = 200;
  constexpr double kLargestInCentimetres = 2000;
  if (diagonal <= kLargestInMetres) return "";
  return diagonal <= kLargestInCentimetres ? "centimetres" : "millimetres";
}

SceneFacts findFacts(const Scene& scene) {
  SceneFacts facts;
  const PointCloud& points = scene.points();
  if (points.size() == 0) return facts;
  Eigen::AlignedBox3f box;
  for (const auto& position : points.positions_m) box.extend(position);
  facts.bounds_m =
      Eigen::AlignedBox3d(box.min().cast<double>() + scene.offset_m, box.max().cast<double>() + scene.offset_m);
  facts.has_color = !points.colors.empty();
  facts.has_normals = !points.normals.empty();
  facts.units_guess = guessUnits(static_cast<double>(box.diagonal().norm()));
  return facts;
}

}  // namespace tagscape

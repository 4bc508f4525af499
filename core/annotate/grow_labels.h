#pragma once

#include "core/annotate/label_operations.h"
#include "core/annotate/point_neighbours.h"

namespace tagscape {

/// The points around a class or an object that it would grow over by one reach of `neighbours`, where the brush covers.
/// @param seeds  its points. Cost: the neighbourhoods of the seeds.
[[nodiscard]] LabelDelta growLabels(const LabelLayer& layer,
                                    std::span<const std::uint32_t> seeds,
                                    const PointNeighbours& neighbours,
                                    std::span<const Eigen::Vector3f> positions_m,
                                    const LabelBrush& brush);

/// The points at the rim of a class: those with a neighbour of another value; they take what most of these have.
[[nodiscard]] LabelDelta shrinkLabels(const LabelLayer& layer,
                                      std::span<const std::uint32_t> seeds,
                                      const PointNeighbours& neighbours,
                                      std::span<const Eigen::Vector3f> positions_m);

/// Numbers for the connected pieces of a class: each becomes an object of its own, the largest first.
/// @param first_instance  of the numbers that are given.
[[nodiscard]] LabelDelta instancesOf(const LabelLayer& layer,
                                     std::uint8_t label,
                                     std::uint16_t first_instance,
                                     std::uint16_t source,
                                     const PointNeighbours& neighbours);

/// Rows of the points that have a class, and with `instance` that object's alone. Cost: O(size of the layer).
[[nodiscard]] std::vector<std::uint32_t> elementsOf(const LabelLayer& layer,
                                                    std::uint8_t label,
                                                    std::optional<std::uint16_t> instance = std::nullopt);

}  // namespace tagscape

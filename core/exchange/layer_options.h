#pragma once

#include "core/exchange/exchange_layer.h"
#include "core/scene/scene.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tagscape {

/// What becomes of a layer before it is written.
struct LayerOptions {
  std::vector<std::uint16_t> classes{};          ///< Rows that are kept, the others lose their labels; empty: all.
  float min_confidence = 0;                      ///< Labels below lose theirs.
  std::optional<std::uint16_t> unlabelled_as{};  ///< What points and pixels without a label become after that.
  enum class Instances : std::uint8_t { AsTheyAre, None, Connected };
  Instances instances = Instances::AsTheyAre;
  std::size_t smallest_instance = 100;  ///< Points; what is connected but smaller is no object (as ScanNet evaluates).
  enum class Frames : std::uint8_t { Auto, Own, Projected };
  Frames frames = Frames::Auto;  ///< Own: labels that the layer has for frames; Auto: these, or else projected points.
  int every_frame = 1;           ///< Only every so many of the frames.

  /// "classes chair, table; confidence from 0.50": for people and for telling exports apart.
  [[nodiscard]] std::string text(const ExchangeClasses& all) const;
};

/// Rows by their names. Errors: InvalidInput naming the one that there is not, with the nearest.
[[nodiscard]] Result<std::vector<std::uint16_t>> classRowsNamed(const std::vector<std::string>& names,
                                                                const ExchangeClasses& classes);

/// The layer after the options: points at once, frames when they are read.
/// Errors: InvalidInput if frames of its own are asked for and it has none.
[[nodiscard]] Result<ExchangeLayer> applyOptions(ExchangeLayer layer,
                                                 const SharedScene& scene,
                                                 const LayerOptions& options);

/// Numbers the connected parts of each class that has instances, largest first: along the edges of triangles, or for a
/// cloud among points in neighbouring cells of three times their spacing.
/// @return [N] from 1; 0 for parts of fewer than `smallest` points and for points without a label.
/// Cost: O(N), about 50 ms for 150,000 vertices.
[[nodiscard]] std::vector<std::uint32_t> connectedInstances(const Mesh& mesh,
                                                            const LayerPoints& points,
                                                            const ExchangeClasses& classes,
                                                            std::size_t smallest);

}  // namespace tagscape

#pragma once

#include "core/scene/cell_grid.h"
#include "core/scene/class_catalog.h"
#include "core/scene/image.h"
#include "core/scene/tags.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace tagscape {

/// The class with the largest value at every pixel of an image that coarse maps cover: values are interpolated between
/// cell centres (see CellSampler), then compared. Of equal values the first class wins.
///
/// @param maps  [kNumClasses, height, width]; another size is a std::logic_error.
/// @param tags  only these classes take part; all of them without tags or with an empty set.
/// @param needs_value  kNoClass where no class is above 0, as CAMs are read.
/// @param values  takes the largest value of every pixel, if it is given.
/// Cost: 1 ns a pixel and class that takes part.
[[nodiscard]] Image<std::uint8_t> largestClass(const CellMaps& maps,
                                               int width,
                                               int height,
                                               const std::optional<TagSet>& tags,
                                               bool needs_value,
                                               std::vector<float>* values = nullptr);

}  // namespace tagscape

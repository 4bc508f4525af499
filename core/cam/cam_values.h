#pragma once

#include "core/scene/cell_grid.h"
#include "core/scene/image.h"
#include "core/scene/tags.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace tagscape {

/// The functions of cam_torch.h for plain values of one item, as the jobs store them. Without `tags` no class is
/// masked. Sizes that are no multiple of kNumClasses throw std::logic_error.

/// @param logits [N, kNumClasses].  @return the same shape, 0 … 1, each class divided by its maximum over the points.
[[nodiscard]] std::vector<float> camOfPoints(std::span<const float> logits, const std::optional<TagSet>& tags);
/// @return [N] class indices.
[[nodiscard]] std::vector<std::uint8_t> labelsOfPoints(std::span<const float> logits,
                                                       const std::optional<TagSet>& tags);
/// @param logits [kNumClasses, cells].  @return the same shape, 0 … 1, each class divided by its maximum over the
/// cells.
[[nodiscard]] std::vector<float> camOfFrame(std::span<const float> logits, const std::optional<TagSet>& tags);

/// Class indices of CAM values: the largest, kNoClass where no class has any. @param cam [N, kNumClasses].  @return
/// [N].
[[nodiscard]] std::vector<std::uint8_t> labelsOfPointCam(std::span<const float> cam);

/// Maps of a frame's cells as labels of an image that covers the same view in any size: values are interpolated between
/// cell centres, then the largest counts.
/// @param maps [kNumClasses, height, width].  @return [height, width] class indices.
[[nodiscard]] Image<std::uint8_t> labelsOfFrame(const CellMaps& maps,
                                                int width,
                                                int height,
                                                const std::optional<TagSet>& tags);
/// The same for CAM values, kNoClass where no class has any.
[[nodiscard]] Image<std::uint8_t> labelsOfFrameCam(const CellMaps& cam, int width, int height);

}  // namespace tagscape

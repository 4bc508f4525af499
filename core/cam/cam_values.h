#pragma once

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

}  // namespace tagscape

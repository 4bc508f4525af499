#pragma once

#include "core/nn/tensor_table.h"

namespace tagscape {

/// What the small point network takes: colour in [-1, 1] (3) and height above the floor in metres, minus 1.
inline constexpr std::int64_t kPointFeatures = 4;

/// All tensors of makeSmallImageNetwork's and makeSmallPointNetwork's networks (network_torch.h).
[[nodiscard]] TensorTable smallImageTensors(std::int64_t width, int num_classes);
[[nodiscard]] TensorTable smallPointTensors(std::int64_t width, int num_classes);

}  // namespace tagscape

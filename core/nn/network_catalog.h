#pragma once

#include "core/io/safetensors.h"
#include "core/nn/weight_fit.h"

#include <string>
#include <vector>

namespace tagscape {

/// "resnet38", "efficientnet-lite0", "efficientnet-lite2", "pointnet2-votenet", "pointnet2-ssg", "pointnet2-msg",
/// "small-residual", "small-pointnet2".
[[nodiscard]] std::vector<std::string> networkNames();

/// Every network that shares at least one tensor with the file, best fit first. Widths, depths, channels and classes
/// are taken from the shapes in the file, so that a fit reveals the size of the network. No network is built.
[[nodiscard]] std::vector<WeightFit> networksThatFit(const TensorFile& file);

}  // namespace tagscape

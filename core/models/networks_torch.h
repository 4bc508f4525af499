#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/dataset/augmentation.h"
#include "core/models/networks.h"
#include "core/nn/network_torch.h"

#include <ATen/core/Tensor.h>

namespace tagscape {

struct Networks::Impl {
  NetworkDescription description;
  NetworkInputs inputs;
  at::Device device = at::kCPU;
  std::unique_ptr<ImageNetwork> image;
  std::unique_ptr<PointNetwork> points;
};

/// Another network of the same kind and size, with random weights. Errors: as Networks::create.
[[nodiscard]] Result<std::unique_ptr<ImageNetwork>> makeImageNetwork(const NetworkDescription& description);

/// Errors: as Networks::create.
[[nodiscard]] Result<at::Device> resolveDevice(const std::string& name);

/// Clouds as a batch, each turned, mirrored and recoloured by its warp.
[[nodiscard]] PointBatch batchClouds(const std::vector<const PreparedCloud*>& clouds,
                                     const std::vector<CloudWarp>& warps,
                                     PointChannels channels,
                                     const at::Device& device);

}  // namespace tagscape

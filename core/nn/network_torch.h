#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/nn/point_hierarchy.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tagscape {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

/// What both kinds of network say: class logits at every place and the features they were computed from. A CAM is a
/// function of the logits, because the classifier is linear, has no bias and comes last (see core/cam).
struct NetworkOutput {
  at::Tensor features;
  at::Tensor maps;
};

/// A trainable network, whatever its kind. Owned by one thread at a time.
class Network {
 public:
  virtual ~Network() = default;
  /// What an optimiser changes.
  [[nodiscard]] virtual std::vector<at::Tensor> parameters() const = 0;
  /// Parameters and running statistics by name: what a checkpoint holds.
  [[nodiscard]] virtual NamedTensors namedTensors() const = 0;
  /// Training uses and updates the statistics of the batch, evaluation the running ones.
  virtual void setTraining(bool training) = 0;
  virtual void moveTo(const at::Device& device) = 0;
};

class ImageNetwork : public Network {
 public:
  /// @param images [B, 3, H, W] float, normalised, H and W multiples of stride(), on the network's device.
  /// @return features [B, F, H/stride, W/stride] and maps [B, C, H/stride, W/stride]. The centre of cell (x, y) lies at
  ///         image pixel ((x + .5) * stride - .5, …), the convention of resizing without aligned corners.
  [[nodiscard]] virtual NetworkOutput forward(const at::Tensor& images) = 0;
  [[nodiscard]] virtual int stride() const = 0;
};

/// Clouds of equal size with their neighbourhoods, as tensors. Rows of all clouds are numbered through, so that a batch
/// is one long cloud to every operator.
struct PointBatch {
  struct Level {
    std::int64_t num_points = 0;    ///< M of one cloud.
    at::Tensor centres;             ///< [B * M] int64, rows of the finer level.
    at::Tensor neighbours;          ///< [B * M * k] int64, rows of the finer level.
    at::Tensor interpolate_from;    ///< [B * finer * 3] int64, rows of this level.
    at::Tensor interpolate_weight;  ///< [B * finer, 3, 1] float.
  };
  std::int64_t num_clouds = 0;
  std::int64_t num_points = 0;  ///< N of one cloud.
  at::Tensor positions;         ///< [B * N, 3] float, m, z up.
  at::Tensor features;          ///< [B * N, kPointFeatures] float.
  std::vector<Level> levels;
};

/// Colour in [-1, 1] (3) and height above the floor in metres, minus 1.
inline constexpr std::int64_t kPointFeatures = 4;

/// The neighbourhoods of several clouds as a batch, without positions and features. All must have the same sizes.
[[nodiscard]] PointBatch batchHierarchies(const std::vector<const PointHierarchy*>& clouds, const at::Device& device);

class PointNetwork : public Network {
 public:
  /// @return features [B, N, F] and maps [B, N, C], on the batch's device.
  [[nodiscard]] virtual NetworkOutput forward(const PointBatch& clouds) = 0;
};

/// A residual network of 9 convolutions with output stride 8: stem w, blocks 2w, 3w, 4w, and 4w dilated by 2, then a
/// 1x1 classifier without bias. About 200,000 parameters at w = 16. Initialised from torch's generator (seed it first).
/// Halving layers use even kernels, so that cells lie where ImageNetwork::forward says, not 3.5 pixels beside it.
[[nodiscard]] std::unique_ptr<ImageNetwork> makeSmallImageNetwork(int width, int num_classes);

/// A PointNet++ with three set abstraction and three feature propagation levels; `width` channels in the first layer.
/// About 92,000 parameters at width 24.
[[nodiscard]] std::unique_ptr<PointNetwork> makeSmallPointNetwork(int width, int num_classes);

}  // namespace tagscape

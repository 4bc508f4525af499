#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/nn/network_catalog.h"
#include "core/nn/network_torch.h"

#include <array>
#include <memory>
#include <string>

namespace tagscape {

/// An image network or a point network.
struct AnyNetwork {
  std::string name;    ///< As in networkNames().
  std::string detail;  ///< "width 1, depth 38, 20 classes".
  std::int64_t point_channels = 0;
  /// Images are (RGB - mean) / deviation, with RGB in 0 … 1.
  std::array<float, 3> color_mean{.45F, .45F, .45F}, color_deviation{.25F, .25F, .25F};
  std::unique_ptr<ImageNetwork> image;
  std::unique_ptr<PointNetwork> points;

  [[nodiscard]] Network& network() const;
  [[nodiscard]] std::vector<std::string> tapNames() const;
};

struct LoadOptions {
  int output_stride = 0;  ///< Of a network that has several (EfficientNet-Lite: 32, 16 or 8); 0: its own.
  bool frozen = false;    ///< EfficientNet-Lite: nothing is trained.
};

/// The network of that name with the file's weights, in the size that the file's tensors have. Every tensor must be
/// there but the classifier, which weights of another data set do not have; `fit` lists what was not found and not
/// used. Nothing is built unless the file fits. Errors: InvalidInput for a name or an output stride that there is not,
/// if the file does not have the first layer that decides the size, or listing what is missing or mis-shaped. `path`
/// stands for the file in messages.
[[nodiscard]] Result<AnyNetwork> loadNetwork(const std::string& name,
                                             const TensorFile& file,
                                             const std::filesystem::path& path,
                                             WeightFit& fit,
                                             const LoadOptions& options = {});

}  // namespace tagscape

#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/nn/network_catalog.h"
#include "core/nn/network_torch.h"

#include <memory>
#include <string>

namespace tagscape {

/// An image network or a point network.
struct AnyNetwork {
  std::string name;    ///< As in networkNames().
  std::string detail;  ///< "width 1, depth 38, 20 classes".
  std::int64_t point_channels = 0;
  std::unique_ptr<ImageNetwork> image;
  std::unique_ptr<PointNetwork> points;

  [[nodiscard]] Network& network() const;
  [[nodiscard]] std::vector<std::string> tapNames() const;
};

/// The network of that name with the file's weights, in the size that the file's tensors have. Every tensor must be
/// there but the classifier, which weights of another data set do not have; `fit` tells what was not found and not
/// used. Nothing is built unless the file fits. Errors: InvalidInput for a name that there is not, if the file does not
/// have the first layer that decides the size, or listing what is missing or mis-shaped. `path` stands for the file in
/// messages.
[[nodiscard]] Result<AnyNetwork> loadNetwork(const std::string& name,
                                             const TensorFile& file,
                                             const std::filesystem::path& path,
                                             WeightFit& fit);

}  // namespace tagscape

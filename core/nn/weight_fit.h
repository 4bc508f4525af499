#pragma once

#include "core/io/safetensors.h"
#include "core/nn/tensor_table.h"

#include <map>
#include <string>
#include <vector>

namespace tagscape {

/// How the tensors of a file meet those of a network.
struct WeightFit {
  std::string network;                         ///< Its name; set by the caller.
  std::string prefix;                          ///< What the file puts before all names, "backbone_net." for example.
  std::map<std::string, std::string> matched;  ///< Network's name to the file's.
  std::vector<std::string> missing;            ///< Names of the network that the file lacks.
  std::vector<std::string> unexpected;         ///< Names of the file that the network lacks.
  std::vector<std::string> misshaped;  ///< "name: [4, 3] in the file, [4, 2] in the network", or of another type.

  [[nodiscard]] bool isComplete() const { return missing.empty() && misshaped.empty(); }
  /// Which tensors do not fit, a line for each kind and no more than a few names; empty if all do.
  [[nodiscard]] std::string problems() const;
};

/// Compares by name and shape. Names may carry a common prefix, or be those of MXNet's ImageNet weights (see
/// resNet38NameOfMxnet). Sides of 1 at the end of a shape do not count: a linear layer fits a 1x1 convolution. Any
/// floating point type fits. "num_batches_tracked", a counter of PyTorch's, is neither missing nor unexpected.
[[nodiscard]] WeightFit fitWeights(const TensorFile& file, const TensorTable& table);

}  // namespace tagscape

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tagscape {

/// What a network's tensor is for, which decides how it is initialised.
enum class TensorRole { Convolution, Classifier, NormWeight, NormBias, RunningMean, RunningVariance };

/// One tensor of a network by the name that weight files give it.
struct TensorSpec {
  std::string name;
  std::vector<std::int64_t> shape;
  TensorRole role = TensorRole::Convolution;
  bool is_trained = true;  ///< False for what is fixed on purpose, and for running statistics.
};

/// All tensors of a network, in the order of its layers. Torch-free, so that what a file fits can be told without
/// building anything.
using TensorTable = std::vector<TensorSpec>;

/// Adds "<name>.weight", ".bias", ".running_mean" and ".running_var", each [channels].
inline void addNorm(TensorTable& table, const std::string& name, std::int64_t channels, bool is_trained) {
  table.push_back({name + ".weight", {channels}, TensorRole::NormWeight, is_trained});
  table.push_back({name + ".bias", {channels}, TensorRole::NormBias, is_trained});
  table.push_back({name + ".running_mean", {channels}, TensorRole::RunningMean, false});
  table.push_back({name + ".running_var", {channels}, TensorRole::RunningVariance, false});
}

}  // namespace tagscape

#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/base/result.h"
#include "core/io/safetensors.h"
#include "core/nn/network_torch.h"
#include "core/nn/tensor_table.h"
#include "core/nn/weight_fit.h"

#include <filesystem>
#include <string>

namespace tagscape {

/// The tensor's values as an array of a safetensors file, from any device. Float, double, int64, int32 and uint8.
[[nodiscard]] TensorBlob toBlob(const at::Tensor& tensor);

/// Adds the network's tensors as "<prefix>.<name>".
void storeWeights(const Network& network, const std::string& prefix, TensorFile& file);

/// Sets every tensor of the network from the file. Others in the file are left alone.
/// Errors: InvalidInput naming the tensor that is missing, or has another type or shape than this network's; the
/// network is unchanged then. `name` stands for the file in messages.
[[nodiscard]] Status loadWeights(const TensorFile& file,
                                 const std::string& prefix,
                                 const std::filesystem::path& name,
                                 Network& network);

/// The network's floating point tensors, as a table to compare a file with.
[[nodiscard]] TensorTable tableOf(const Network& network);

/// Sets every tensor that the file has in the right shape, whatever the type and the file's way of naming (see
/// fitWeights); the others keep their values. @return what matched and what did not.
[[nodiscard]] WeightFit loadMatching(const TensorFile& file, Network& network);

}  // namespace tagscape

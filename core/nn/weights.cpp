#include "core/nn/weights_torch.h"
#include "core/weights/weight_file.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>
#include <stdexcept>

namespace tagscape {
namespace {

std::string dtypeName(at::ScalarType type) {
  switch (type) {
    case at::kFloat:
      return "F32";
    case at::kDouble:
      return "F64";
    case at::kLong:
      return "I64";
    case at::kInt:
      return "I32";
    case at::kByte:
      return "U8";
    default:
      throw std::logic_error("a tensor of a type that weight files do not hold");
  }
}

Status checkBlob(const TensorBlob& blob,
                 const at::Tensor& target,
                 const std::string& key,
                 const std::filesystem::path& name) {
  const std::vector<std::int64_t> wanted = target.sizes().vec();
  if (blob.dtype == dtypeName(target.scalar_type()) && blob.shape == wanted && blob.bytes.size() == target.nbytes()) {
    return {};
  }
  return failFile(ErrorCode::InvalidInput,
                  name,
                  fmt::format("tensor '{}' is {} [{}], this network needs {} [{}]",
                              key,
                              blob.dtype,
                              fmt::join(blob.shape, ", "),
                              dtypeName(target.scalar_type()),
                              fmt::join(wanted, ", ")),
                  "Use a checkpoint of the same kind of network.");
}

}  // namespace

TensorBlob toBlob(const at::Tensor& tensor) {
  const at::Tensor plain = tensor.detach().to(at::kCPU).contiguous();
  TensorBlob blob{dtypeName(plain.scalar_type()), plain.sizes().vec(), std::vector<std::byte>(plain.nbytes())};
  if (!blob.bytes.empty()) std::memcpy(blob.bytes.data(), plain.data_ptr(), blob.bytes.size());
  return blob;
}

void storeWeights(const Network& network, const std::string& prefix, TensorFile& file) {
  for (const auto& [name, tensor] : network.namedTensors()) file.tensors[prefix + "." + name] = toBlob(tensor);
}

Status loadWeights(const TensorFile& file,
                   const std::string& prefix,
                   const std::filesystem::path& name,
                   Network& network) {
  const NamedTensors targets = network.namedTensors();
  for (const auto& [key, target] : targets) {
    const std::string full = prefix + "." + key;
    const auto found = file.tensors.find(full);
    if (found == file.tensors.end()) {
      return failFile(ErrorCode::InvalidInput,
                      name,
                      fmt::format("tensor '{}' is missing", full),
                      "Use a checkpoint of the same kind of network.");
    }
    TAGSCAPE_TRY(checkBlob(found->second, target, full, name));
  }
  for (const auto& [key, target] : targets) {
    const TensorBlob& blob = file.tensors.at(prefix + "." + key);
    const at::Tensor source = at::empty(target.sizes(), target.options().device(at::kCPU).requires_grad(false));
    if (!blob.bytes.empty()) std::memcpy(source.data_ptr(), blob.bytes.data(), blob.bytes.size());
    target.detach().copy_(source);  // The same storage: the network sees it, autograd does not.
  }
  return {};
}

TensorTable tableOf(const Network& network) {
  TensorTable table;
  for (const auto& [name, tensor] : network.namedTensors()) {
    if (tensor.is_floating_point())
      table.push_back({name, tensor.sizes().vec(), TensorRole::Convolution, tensor.requires_grad()});
  }
  return table;
}

WeightFit loadMatching(const TensorFile& file, Network& network) {
  WeightFit fit = fitWeights(file, tableOf(network));
  for (const auto& [name, tensor] : network.namedTensors()) {
    const auto key = fit.matched.find(name);
    if (key == fit.matched.end()) continue;
    std::vector<float> values = floatsOf(file.tensors.at(key->second)).value();
    const at::Tensor source = at::from_blob(values.data(), tensor.sizes(), at::kFloat);
    tensor.detach().copy_(source);
  }
  return fit;
}

}  // namespace tagscape

#include "core/nn/named_parameters_torch.h"

#include <ATen/ATen.h>

#include <cmath>
#include <stdexcept>

namespace tagscape {
namespace {

at::Tensor initialised(const TensorSpec& spec) {
  at::Tensor tensor = at::empty(spec.shape);
  switch (spec.role) {
    case TensorRole::Convolution:
      tensor.normal_(0, std::sqrt(2. / static_cast<double>(tensor[0].numel())));
      break;
    case TensorRole::Classifier: {
      const double bound = std::sqrt(6. / static_cast<double>(tensor[0].numel() + tensor.size(0)));
      tensor.uniform_(-bound, bound);
      break;
    }
    case TensorRole::NormWeight:
    case TensorRole::RunningVariance:
      tensor.fill_(1);
      break;
    case TensorRole::NormBias:
    case TensorRole::RunningMean:
      tensor.zero_();
      break;
  }
  return tensor.requires_grad_(spec.is_trained);
}

}  // namespace

NamedParameters::NamedParameters(const TensorTable& table) {
  for (const TensorSpec& spec : table) {
    place_of_.emplace(spec.name, tensors_.size());
    tensors_.emplace_back(spec.name, initialised(spec));
  }
}

const at::Tensor& NamedParameters::operator[](const std::string& name) const {
  const auto found = place_of_.find(name);
  if (found == place_of_.end()) throw std::logic_error("there is no tensor " + name);
  return tensors_[found->second].second;
}

std::vector<at::Tensor> NamedParameters::trained() const {
  std::vector<at::Tensor> found;
  for (const auto& [name, tensor] : tensors_) {
    if (tensor.requires_grad()) found.push_back(tensor);
  }
  return found;
}

void NamedParameters::moveTo(const at::Device& device) {
  for (auto& [name, tensor] : tensors_) {
    // The tensor stays the same one, so that an optimiser keeps its reference to it.
    tensor.set_data(tensor.detach().to(device));
  }
}

}  // namespace tagscape

#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/nn/network_torch.h"
#include "core/nn/tensor_table.h"

#include <map>
#include <string>

namespace tagscape {

/// A network's tensors by name, made from its table.
class NamedParameters {
 public:
  /// Random: convolutions normal with variance 2 / fan-in (He et al., 2015), classifiers uniform (Glorot & Bengio,
  /// 2010); normalisations do nothing. From torch's generator: seed it first.
  explicit NamedParameters(const TensorTable& table);

  /// Throws std::logic_error for a name that is not in the table.
  [[nodiscard]] const at::Tensor& operator[](const std::string& name) const;
  /// What an optimiser changes.
  [[nodiscard]] std::vector<at::Tensor> trained() const;
  [[nodiscard]] const NamedTensors& all() const { return tensors_; }
  void moveTo(const at::Device& device);

 private:
  NamedTensors tensors_;
  std::map<std::string, std::size_t> place_of_;
};

}  // namespace tagscape

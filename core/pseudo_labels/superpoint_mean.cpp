#include "core/pseudo_labels/superpoint_mean_torch.h"

#include <ATen/ATen.h>

namespace tagscape {

at::Tensor meanBySuperpoint(const at::Tensor& values, const at::Tensor& superpoints, std::int64_t num_superpoints) {
  const at::Tensor plain = values.detach();
  const at::Tensor sums = at::zeros({num_superpoints, plain.size(1)}, plain.options()).index_add(0, superpoints, plain);
  const at::Tensor counts = at::zeros({num_superpoints}, plain.options())
                                .index_add(0, superpoints, at::ones({superpoints.size(0)}, plain.options()));
  return sums / counts.clamp_min(1).unsqueeze(1);
}

}  // namespace tagscape

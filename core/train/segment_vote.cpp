#include "core/train/segment_vote_torch.h"

#include <ATen/ATen.h>

namespace tagscape {

at::Tensor votedBySegments(const at::Tensor& values, const at::Tensor& segments, std::int64_t num_segments) {
  const at::Tensor plain = values.detach();
  const at::Tensor sums = at::zeros({num_segments, plain.size(1)}, plain.options()).index_add(0, segments, plain);
  const at::Tensor counts =
      at::zeros({num_segments}, plain.options()).index_add(0, segments, at::ones({segments.size(0)}, plain.options()));
  return sums / counts.clamp_min(1).unsqueeze(1);
}

}  // namespace tagscape

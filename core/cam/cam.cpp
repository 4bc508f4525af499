#include "core/cam/cam_torch.h"

#include <ATen/ATen.h>

namespace tagscape {
namespace {

constexpr double kMaxFloor = 1e-5;
// Far below any logit, yet finite: -inf would turn a row without tags into NaN.
constexpr double kMasked = -1e4;

/// `tags` [B, C] with as many dimensions as `maps`.
at::Tensor shapedLike(const at::Tensor& maps, const at::Tensor& tags) {
  std::vector<std::int64_t> shape = tags.sizes().vec();
  shape.resize(static_cast<std::size_t>(maps.dim()), 1);
  return tags.to(maps.scalar_type()).view(shape);
}

at::Tensor masked(const at::Tensor& maps, const at::Tensor& tags) {
  const at::Tensor any = tags.sum(1, true).gt(0).to(tags.scalar_type());
  return maps.detach() + kMasked * (1 - shapedLike(maps, tags)) * shapedLike(maps, any);
}

}  // namespace

at::Tensor tagTensor(const std::vector<TagSet>& sets, const at::Device& device) {
  at::Tensor tags = at::zeros({static_cast<std::int64_t>(sets.size()), kNumClasses}, at::kFloat);
  auto* values = tags.data_ptr<float>();
  for (const TagSet& set : sets) {
    for (std::size_t c = 0; c < kNumClasses; ++c) *values++ = set[c] ? 1.F : 0.F;
  }
  return tags.to(device);
}

at::Tensor normalisedCam(const at::Tensor& maps, const at::Tensor& tags) {
  const at::Tensor positive = at::relu(maps.detach());
  const at::Tensor largest = positive.flatten(2).amax(2);
  return positive / (shapedLike(maps, largest) + kMaxFloor) * shapedLike(maps, tags);
}

at::Tensor taggedArgmax(const at::Tensor& maps, const at::Tensor& tags) { return masked(maps, tags).argmax(1); }

PseudoLabels pseudoLabels(const at::Tensor& maps, const at::Tensor& tags) {
  auto [confidence, labels] = masked(maps, tags).softmax(1).max(1);
  return {std::move(labels), std::move(confidence)};
}

PseudoLabels pseudoLabelsOfCam(const at::Tensor& cam) {
  constexpr double kNothing = 1e-4;
  const at::Tensor values = cam.detach();
  auto [largest, labels] = values.max(1);
  const at::Tensor counts = largest.gt(kNothing).to(values.scalar_type());
  return {std::move(labels), counts * largest / (values.sum(1) + kMaxFloor)};
}

}  // namespace tagscape

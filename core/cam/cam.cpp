#include "core/cam/cam_torch.h"

#include <ATen/ATen.h>

namespace tagscape {
namespace {

constexpr double kMaxFloor = 1e-5;
// Far below any logit, yet finite: -inf would turn a row without tags into NaN.
constexpr double kMasked = -1e4;

/// `tags` [B, C] with as many dimensions as `values`, classes at `class_dim`.
at::Tensor shapedLike(const at::Tensor& values, const at::Tensor& tags, std::int64_t class_dim = 1) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(values.dim()), 1);
  shape[0] = tags.size(0);
  shape[static_cast<std::size_t>(class_dim)] = tags.size(1);
  return tags.to(values.scalar_type()).view(shape);
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

at::Tensor maskedByTags(const at::Tensor& logits, const at::Tensor& tags, std::int64_t class_dim) {
  const at::Tensor any = tags.sum(1, true).gt(0).to(tags.scalar_type());
  return logits + kMasked * (1 - shapedLike(logits, tags, class_dim)) * shapedLike(logits, any, class_dim);
}

at::Tensor taggedSoftmax(const at::Tensor& logits, const at::Tensor& tags, std::int64_t class_dim) {
  return maskedByTags(logits, tags, class_dim).softmax(class_dim);
}

at::Tensor normalisedCam(const at::Tensor& logits, const at::Tensor& tags) {
  const at::Tensor positive = at::relu(logits);
  const at::Tensor largest = positive.detach().flatten(2).amax(2);
  return positive / (shapedLike(logits, largest) + kMaxFloor) * shapedLike(logits, tags);
}

at::Tensor taggedArgmax(const at::Tensor& logits, const at::Tensor& tags) {
  return maskedByTags(logits.detach(), tags).argmax(1);
}

PseudoLabels pseudoLabels(const at::Tensor& logits, const at::Tensor& tags, std::int64_t class_dim) {
  auto [confidence, labels] = taggedSoftmax(logits.detach(), tags, class_dim).max(class_dim);
  return {std::move(labels), std::move(confidence)};
}

PseudoLabels pseudoLabelsOfCam(const at::Tensor& cam, std::int64_t class_dim) {
  constexpr double kNothing = 1e-4;
  const at::Tensor values = cam.detach();
  auto [largest, labels] = values.max(class_dim);
  const at::Tensor counts = largest.gt(kNothing).to(values.scalar_type());
  return {std::move(labels), counts * largest / (values.sum(class_dim) + kMaxFloor)};
}

}  // namespace tagscape

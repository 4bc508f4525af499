#include "core/cam/cam_values.h"

#include "core/cam/cam_torch.h"
#include "core/cam/map_labels.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <stdexcept>

namespace tagscape {
namespace {

at::Tensor view(std::span<const float> values, bool classes_first) {
  if (values.size() % kNumClasses != 0) throw std::logic_error("CAM values: not a multiple of the number of classes");
  const auto places = static_cast<std::int64_t>(values.size() / kNumClasses);
  // from_blob wants a writable pointer even for what is only read.
  auto* data = const_cast<float*>(values.data());
  return classes_first ? at::from_blob(data, {1, kNumClasses, places})
                       : at::from_blob(data, {1, places, kNumClasses}).transpose(1, 2);
}

at::Tensor tagsOrAll(const std::optional<TagSet>& tags) { return tagTensor({tags.value_or(TagSet{}.set())}, at::kCPU); }

std::vector<float> toVector(const at::Tensor& tensor) {
  const at::Tensor plain = tensor.contiguous();
  const auto* begin = plain.data_ptr<float>();
  return {begin, begin + plain.numel()};
}

/// [B, C, ...] values of 0 and above as [B, ...] uint8: the class with the largest, kNoClass where all are 0.
at::Tensor largestOrNone(const at::Tensor& values) {
  const auto [largest, labels] = values.max(1);
  return labels.masked_fill(largest.le(0), kNoClass).to(at::kByte);
}

}  // namespace

std::vector<float> camOfPoints(std::span<const float> logits, const std::optional<TagSet>& tags) {
  if (logits.empty()) return {};
  return toVector(normalisedCam(view(logits, false), tagsOrAll(tags)).transpose(1, 2));
}

std::vector<std::uint8_t> labelsOfPoints(std::span<const float> logits, const std::optional<TagSet>& tags) {
  if (logits.empty()) return {};
  const at::Tensor labels = taggedArgmax(view(logits, false), tagsOrAll(tags)).to(at::kByte).contiguous();
  const auto* begin = labels.data_ptr<std::uint8_t>();
  return {begin, begin + labels.numel()};
}

std::vector<float> camOfFrame(std::span<const float> logits, const std::optional<TagSet>& tags) {
  if (logits.empty()) return {};
  return toVector(normalisedCam(view(logits, true), tagsOrAll(tags)));
}

std::vector<std::uint8_t> labelsOfPointCam(std::span<const float> cam) {
  if (cam.empty()) return {};
  const at::Tensor labels = largestOrNone(view(cam, false)).contiguous();
  const auto* begin = labels.data_ptr<std::uint8_t>();
  return {begin, begin + labels.numel()};
}

Image<std::uint8_t> labelsOfFrame(const CellMaps& maps, int width, int height, const std::optional<TagSet>& tags) {
  return largestClass(maps, width, height, tags, /*needs_value=*/false);
}

Image<std::uint8_t> labelsOfFrameCam(const CellMaps& cam, int width, int height) {
  return largestClass(cam, width, height, std::nullopt, /*needs_value=*/true);
}

}  // namespace tagscape

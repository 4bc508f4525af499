#include "core/cam/cam_torch.h"
#include "core/cam/sample_maps_torch.h"
#include "core/pseudo_labels/pixel_values_torch.h"

#include <ATen/ATen.h>

namespace tagscape {
namespace {

at::Tensor nothingOf(const at::Tensor& maps) {
  return maps.permute({0, 2, 3, 1}).flatten(0, 2).narrow(0, 0, 0).unsqueeze(0);
}

}  // namespace

at::Tensor logitsAtPixels(const at::Tensor& logits, const JointMatches& matches) {
  if (matches.empty()) return nothingOf(logits);
  return sampleMaps(logits.index_select(0, matches.crops), matches.pixels, matches.cells);
}

at::Tensor camsAtPixels(const at::Tensor& logits, const JointMatches& matches) {
  if (matches.empty()) return nothingOf(logits);
  const at::Tensor cams = normalisedCam(logits.index_select(0, matches.crops), matches.image_tags);
  return sampleMaps(cams, matches.pixels, matches.cells);
}

at::Tensor valuesOfPoints(const at::Tensor& values, const JointMatches& matches) {
  return values.index_select(0, matches.rows).view({matches.crops.size(0), -1, values.size(1)});
}

}  // namespace tagscape

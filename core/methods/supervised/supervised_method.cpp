#include "core/methods/supervised/supervised_method_torch.h"
#include "core/train/losses_torch.h"

#include <ATen/ATen.h>

namespace tagscape {
namespace {

constexpr const char* kImage = "image";
constexpr const char* kPoints = "points";

}  // namespace

std::vector<TrainingPhase> SupervisedMethod::phasesOf(const Recipe& options) {
  return {{kImage,
           options.phases.image_steps,
           {.stream = kImage, .num_images = options.phases.image_batch, .with_labels = true},
           options.optimisers.image_lr,
           std::nullopt},
          {kPoints,
           options.phases.points_steps,
           {.stream = kPoints, .num_clouds = options.phases.points_batch, .with_labels = true},
           std::nullopt,
           options.optimisers.points_lr}};
}

std::vector<LossTerm> SupervisedMethod::losses(const StepInput& input) const {
  const TrainingBatch& batch = input.batch;
  if (input.image.has(kLogits)) {
    const at::Tensor logits =
        at::upsample_bilinear2d(input.image.logits(), batch.image_labels.sizes().slice(1), /*align_corners=*/false);
    const at::Tensor by_pixel = logits.permute({0, 2, 3, 1}).flatten(0, 2);
    return {{"loss_2d_cls", supervisedLoss(by_pixel, batch.image_labels.flatten(), *group_)}};
  }
  return {{"loss_3d_cls", supervisedLoss(input.points.logits(), batch.point_labels, *group_)}};
}

}  // namespace tagscape

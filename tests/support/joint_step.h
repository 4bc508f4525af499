#pragma once

#include "core/nn/weights_torch.h"
#include "core/pseudo_labels/superpoint_labels_torch.h"
#include "core/scene/class_catalog.h"

#include <ATen/ATen.h>

#include <memory>

namespace tagscape::testing {

/// A step of joint training by hand: one crop of 16 x 16 px with 2 x 2 cells, and one cloud of four points, of which
/// the crop shows numbers 1 and 3. The image has tags 3 and 6.
struct JointStep {
  JointStep() {
    at::manual_seed(5);
    image_features = at::randn({1, 6, 2, 2}).requires_grad_();
    image_logits = at::randn({1, kNumClasses, 2, 2}).requires_grad_();
    point_features = at::randn({4, 5}).requires_grad_();
    point_logits = at::randn({4, kNumClasses}).requires_grad_();
    matches.rows = at::tensor({1, 3}, at::kLong);
    matches.crops = at::tensor({0}, at::kLong);
    matches.pixels = at::tensor({1.5F, 1.5F, 13.F, 12.F}).view({1, 2, 2});
    matches.image_tags = matches.scene_tags = at::zeros({1, kNumClasses});
    matches.image_tags[0][3] = matches.image_tags[0][6] = 1;
    matches.cells = {8, 3.5};
    matches.superpoints = at::tensor({1, 1, 0, 1}, at::kLong);
    matches.num_superpoints = 2;
  }

  /// Valid until the next call.
  [[nodiscard]] JointOutput output() {
    image = NetworkOutput({{"features", image_features}, {"logits", image_logits}});
    points = NetworkOutput({{"features", point_features}, {"logits", point_logits}});
    return {image, points, matches, clouds};
  }

  at::Tensor image_features, image_logits, point_features, point_logits;
  JointMatches matches;
  CloudNumbers clouds{{0, 0}};

 private:
  NetworkOutput image, points;
};

/// A source whose labels of the step's four points are given. @param lifted [4, C].
inline std::unique_ptr<SuperpointLabels> superpointLabels(const Recipe& options, const at::Tensor& lifted) {
  TrainingData data;
  data.scenes.resize(1);
  data.scenes[0].clouds.resize(1);
  data.scenes[0].clouds[0].rows.resize(4);
  auto labels = std::make_unique<SuperpointLabels>(
      options,
      std::make_shared<const TrainingSource>(std::make_shared<const TrainingData>(std::move(data)),
                                             TrainingDataOptions{}),
      ProcessGroup::alone());
  TensorFile file;
  file.tensors["lifted_labels"] = toBlob(lifted);
  if (!labels->restore(file, "labels of a test", at::kCPU)) throw std::logic_error("superpointLabels: not [4, C]");
  return labels;
}

}  // namespace tagscape::testing

#include "core/cam/cam_torch.h"
#include "core/methods/joint/joint_losses_torch.h"
#include "core/pseudo_labels/pixel_values_torch.h"
#include "core/pseudo_labels/similarity_torch.h"
#include "core/train/losses_torch.h"

#include <ATen/ATen.h>

namespace tagscape {
namespace {

/// The confidence of the point network in its own label among the scene's tags, [U, P].
at::Tensor pointScores(const JointOutput& output, const Recipe& options) {
  const at::Tensor logits = valuesOfPoints(output.points.logits().detach(), output.matches);
  const at::Tensor scores = std::get<0>(taggedSoftmax(logits, output.matches.scene_tags, 2).max(2));
  return usesConfidence(options) ? scores : at::ones_like(scores);
}

at::Tensor camLoss(const JointOutput& output, const Recipe& options, const ProcessGroup& group) {
  const JointMatches& matches = output.matches;
  const at::Tensor cam = camsAtPixels(output.image.logits(), matches);
  if (matches.empty()) {  // Ranks without terms take part in the communication as well.
    const at::Tensor none = cam.detach();
    return refinedCamLoss(cam, none, at::zeros({1, none.size(2)}, none.options()), none.sum(2), group);
  }
  const at::Tensor similarity =
      pointSimilarity(valuesOfPoints(output.points.features(), matches),
                      {options.points_teach_images.similarity_power, options.points_teach_images.similarity_centred});
  const at::Tensor scores = pointScores(output, options);
  const at::Tensor refined = similarityWeightedMean(similarity, scores, cam.detach());
  return refinedCamLoss(cam, refined, matches.image_tags, scores, group);
}

}  // namespace

at::Tensor imageToPointsLoss(const JointOutput& output,
                             const PseudoLabelSource& source,
                             const Recipe& options,
                             const ProcessGroup& group) {
  const PointPseudoLabels labels = source.pointLabels(output);
  const at::Tensor& all = output.points.logits();
  const at::Tensor logits = labels.rows.defined() ? all.index_select(0, labels.rows) : all;
  return distill(logits,
                 labels.pseudo.labels,
                 labels.pseudo.confidence,
                 {options.images_teach_points.class_balance, usesConfidence(options)},
                 group);
}

at::Tensor pointsToImageLoss(const JointOutput& output,
                             const PseudoLabelSource& source,
                             const Recipe& options,
                             const ProcessGroup& group) {
  if (options.points_teach_images.refinement == Refinement::Cam) return camLoss(output, options, group);
  const PseudoLabels pseudo = source.pixelLabels(output);
  at::Tensor logits = logitsAtPixels(output.image.logits(), output.matches);
  if (!output.matches.empty()) logits = maskedByTags(logits, output.matches.image_tags, 2);
  return distill(logits.flatten(0, 1),
                 pseudo.labels.flatten(),
                 pseudo.confidence.flatten(),
                 {options.points_teach_images.reverse_class_balance, usesConfidence(options)},
                 group);
}

BagLogits bagLogits(const at::Tensor& logits, const TrainingBatch& batch) {
  const at::Tensor of_clouds = meanByCloud(logits, batch.clouds.rows);
  const PointBags& bags = batch.bags;
  if (bags.empty()) return {of_clouds, batch.scene_tags};
  const at::Tensor weighted = logits.index_select(0, bags.rows) * bags.weights.unsqueeze(1);
  const at::Tensor of_bags =
      at::zeros({bags.tags.size(0), logits.size(1)}, weighted.options()).index_add(0, bags.bags, weighted);
  return {at::cat({of_clouds, of_bags}), at::cat({batch.scene_tags, bags.tags})};
}

}  // namespace tagscape

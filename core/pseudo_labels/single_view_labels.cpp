#include "core/pseudo_labels/pixel_values_torch.h"
#include "core/pseudo_labels/similarity_torch.h"
#include "core/pseudo_labels/single_view_labels_torch.h"

#include <ATen/ATen.h>

namespace tagscape {
namespace {

/// The probability of the label among the tags, times the probability that the image has it at all.
at::Tensor taggedConfidence(const at::Tensor& logits, const JointMatches& matches, const at::Tensor& labels) {
  const at::Tensor probabilities = taggedSoftmax(logitsAtPixels(logits, matches), matches.image_tags, 2);
  const at::Tensor of_image = at::sigmoid(logits.index_select(0, matches.crops).mean({2, 3})).unsqueeze(1);
  return (probabilities * of_image).gather(2, labels.unsqueeze(2)).squeeze(2);
}

}  // namespace

PseudoLabels noLabels(const at::Tensor& like) {
  const at::Tensor none = at::zeros({1, 0}, like.options().requires_grad(false));
  return {none.to(at::kLong), none};
}

at::Tensor probabilitiesOfSimilarPoints(const JointOutput& output, const Recipe& options) {
  const at::Tensor similarity =
      pointSimilarity(valuesOfPoints(output.points.features(), output.matches),
                      {options.points_teach_images.similarity_power, options.points_teach_images.similarity_centred});
  const at::Tensor logits = logitsAtPixels(output.image.logits().detach(), output.matches);
  return similarityWeightedMean(similarity, {}, taggedSoftmax(logits, output.matches.image_tags, 2));
}

PointPseudoLabels SingleViewCamLabels::pointLabels(const JointOutput& output) const {
  const JointMatches& matches = output.matches;
  const at::Tensor logits = output.image.logits().detach();
  if (matches.empty()) {
    const PseudoLabels none = noLabels(logits);
    return {none.labels.flatten(), {none.labels.flatten(), none.confidence.flatten()}};
  }
  const bool from_cams = options_.labels.pseudo_labels == PseudoLabelBasis::Cam;
  PseudoLabels pseudo = from_cams ? pseudoLabelsOfCam(camsAtPixels(logits, matches), 2)
                                  : pseudoLabels(logitsAtPixels(logits, matches), matches.image_tags, 2);
  if (options_.labels.confidence == ConfidenceKind::Tagged) {
    const at::Tensor has_label = pseudo.confidence.gt(0).to(logits.scalar_type());
    pseudo.confidence = taggedConfidence(logits, matches, pseudo.labels) * has_label;
  }
  return {matches.rows, {pseudo.labels.flatten(), pseudo.confidence.flatten()}};
}

PseudoLabels SingleViewCamLabels::pixelLabels(const JointOutput& output) const {
  if (output.matches.empty()) return noLabels(output.image.logits());
  auto [confidence, labels] = probabilitiesOfSimilarPoints(output, options_).max(2);
  return {std::move(labels), std::move(confidence)};
}

}  // namespace tagscape

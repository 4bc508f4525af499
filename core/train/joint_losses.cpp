#include "core/cam/cam_torch.h"
#include "core/train/joint_losses_torch.h"
#include "core/train/losses_torch.h"
#include "core/train/similarity_torch.h"

#include <ATen/ATen.h>

#include <stdexcept>

namespace tagscape {
namespace {

/// Maps of the crops at the places of the points, [U, P, C].
at::Tensor atPlaces(const at::Tensor& maps, const JointMatches& matches) {
  return sampleMaps(maps.index_select(0, matches.crops), matches.places, matches.crop_px, matches.crop_px);
}

/// Rows of the points that are matched, [U, P, channels].
at::Tensor ofPoints(const at::Tensor& values, const JointMatches& matches) {
  const std::int64_t num_crops = matches.crops.size(0);
  return values.flatten(0, 1).index_select(0, matches.rows).view({num_crops, -1, values.size(2)});
}

/// Softmax over the classes that are tagged.
at::Tensor taggedShares(const at::Tensor& logits, const at::Tensor& tags) {
  constexpr double kMasked = -1e4;
  const at::Tensor wanted = tags.to(logits.scalar_type()).unsqueeze(1);
  return at::softmax(logits + kMasked * (1 - wanted), 2);
}

/// CAMs at the places of the points, with a gradient through the maps but not through their maximum.
at::Tensor camAtPlaces(const at::Tensor& maps, const JointMatches& matches) {
  const at::Tensor positive = at::relu(maps.index_select(0, matches.crops));
  const at::Tensor largest = positive.detach().amax({2, 3}, true);
  const at::Tensor cam = positive / (largest + 1e-5);
  const at::Tensor tags = matches.image_tags.to(cam.scalar_type()).unsqueeze(1);
  return sampleMaps(cam, matches.places, matches.crop_px, matches.crop_px) * tags;
}

/// How sure the point network is of its own label among the scene's tags, [U, P].
at::Tensor pointScores(const NetworkOutput& points, const JointMatches& matches, const TrainOptions& options) {
  const at::Tensor shares = taggedShares(ofPoints(points.maps.detach(), matches), matches.scene_tags);
  const at::Tensor scores = std::get<0>(shares.max(2));
  return options.use_confidence ? scores : at::ones_like(scores);
}

}  // namespace

at::Tensor imageToPointsLoss(const NetworkOutput& image,
                             const NetworkOutput& points,
                             const JointMatches& matches,
                             const TrainOptions& options) {
  if (matches.empty()) return points.maps.sum() * 0;
  const at::Tensor maps = image.maps.detach();
  const bool from_cams = options.pseudo_labels == "cam";
  const at::Tensor at_points = (from_cams ? camAtPlaces(maps, matches) : atPlaces(maps, matches)).transpose(1, 2);
  const PseudoLabels pseudo = from_cams ? pseudoLabelsOfCam(at_points) : pseudoLabels(at_points, matches.image_tags);
  return pseudoLabelLoss(points.maps.flatten(0, 1).index_select(0, matches.rows),
                         pseudo.labels.flatten(),
                         pseudo.confidence.flatten(),
                         {options.balance_exponent, options.use_confidence});
}

at::Tensor pointsToImageLoss(const NetworkOutput& image,
                             const NetworkOutput& points,
                             const JointMatches& matches,
                             const TrainOptions& options) {
  if (matches.empty()) return image.maps.sum() * 0;
  const at::Tensor similarity =
      pointSimilarity(ofPoints(points.features, matches), {options.similarity_power, options.similarity_centred});
  if (options.refinement == "labels") {
    const at::Tensor logits = atPlaces(image.maps, matches);
    const at::Tensor shares = taggedShares(logits.detach(), matches.image_tags);
    return refinedLabelLoss(logits,
                            mixedBySimilarity(similarity, {}, shares),
                            matches.image_tags,
                            {options.reverse_balance_exponent, options.use_confidence});
  }
  if (options.refinement == "features") return featureSimilarityLoss(atPlaces(image.features, matches), similarity);
  const at::Tensor scores = pointScores(points, matches, options);
  if (options.refinement == "affinity")
    return affinityLoss(taggedShares(atPlaces(image.maps, matches), matches.image_tags), similarity, scores);
  if (options.refinement != "cam") throw std::logic_error("refinement: not checked");
  const at::Tensor cam = camAtPlaces(image.maps, matches);
  return refinedCamLoss(cam, mixedBySimilarity(similarity, scores, cam), matches.image_tags, scores);
}

}  // namespace tagscape

#include "core/cam/cam_torch.h"
#include "core/train/image_teacher_torch.h"
#include "core/train/joint_losses_torch.h"
#include "core/train/losses_torch.h"
#include "core/train/segment_vote_torch.h"
#include "core/train/similarity_torch.h"

#include <ATen/ATen.h>

#include <stdexcept>

namespace tagscape {
namespace {

constexpr double kTiny = 1e-6;

/// Rows of the points that are matched, [U, P, channels].
at::Tensor ofPoints(const at::Tensor& values, const JointMatches& matches) {
  const std::int64_t num_crops = matches.crops.size(0);
  return values.flatten(0, 1).index_select(0, matches.rows).view({num_crops, -1, values.size(2)});
}

/// The product of two opinions, as shares again.
at::Tensor agreed(const at::Tensor& shares, const at::Tensor& others) {
  const at::Tensor both = shares * (others + kTiny);
  return both / both.sum(2, true).clamp_min(kTiny);
}

/// Shares of the images' tags alone.
at::Tensor amongTags(const at::Tensor& shares, const JointMatches& matches) {
  return agreed(shares, matches.image_tags.to(shares.scalar_type()).unsqueeze(1).expand_as(shares));
}

/// Shares of classes that the points of a segment agree on, at each of the drawn places, among the images' tags.
at::Tensor agreedInSegments(const at::Tensor& shares, const JointMatches& matches) {
  const at::Tensor segments = matches.segments.index_select(0, matches.rows);
  const at::Tensor voted = votedBySegments(shares.flatten(0, 1), segments, matches.num_segments);
  return amongTags(voted.index_select(0, segments).view_as(shares), matches);
}

/// How sure the point network is of its own label among the scene's tags, [U, P].
at::Tensor pointScores(const NetworkOutput& points, const JointMatches& matches, const Recipe& options) {
  const at::Tensor shares = taggedShares(ofPoints(points.maps.detach(), matches), matches.scene_tags);
  const at::Tensor scores = std::get<0>(shares.max(2));
  return usesConfidence(options) ? scores : at::ones_like(scores);
}

}  // namespace

at::Tensor imageToPointsLoss(const NetworkOutput& image,
                             const NetworkOutput& points,
                             const JointMatches& matches,
                             const Recipe& options,
                             const ProcessGroup& group) {
  const PseudoLabelLossOptions how{options.images_teach_points.class_balance, usesConfidence(options)};
  if (matches.empty()) {
    const at::Tensor none = at::zeros({0}, points.maps.options());
    return pseudoLabelLoss(points.maps.flatten(0, 1).narrow(0, 0, 0), none.to(at::kLong), none, how, group);
  }
  const PseudoLabels pseudo = pseudoLabelsAtPlaces(image.maps, matches, options);
  return pseudoLabelLoss(points.maps.flatten(0, 1).index_select(0, matches.rows),
                         pseudo.labels.flatten(),
                         pseudo.confidence.flatten(),
                         how,
                         group);
}

at::Tensor liftedLabelLoss(const NetworkOutput& points,
                           const at::Tensor& lifted,
                           const Recipe& options,
                           const ProcessGroup& group) {
  const auto [confidence, labels] = lifted.max(1);
  return pseudoLabelLoss(points.maps.flatten(0, 1),
                         labels,
                         confidence,
                         {options.images_teach_points.class_balance, usesConfidence(options)},
                         group);
}

at::Tensor pointsToImageLoss(const NetworkOutput& image,
                             const NetworkOutput& points,
                             const JointMatches& matches,
                             const Recipe& options,
                             const at::Tensor& lifted,
                             const ProcessGroup& group) {
  const RefinedLabelOptions how{options.points_teach_images.reverse_class_balance, usesConfidence(options)};
  if (matches.empty()) return lossOfNoPlaces(image.maps, options.points_teach_images.refinement, how, group);
  const at::Tensor similarity =
      pointSimilarity(ofPoints(points.features, matches),
                      {options.points_teach_images.similarity_power, options.points_teach_images.similarity_centred});
  if (options.points_teach_images.refinement == Refinement::Labels) {
    const at::Tensor logits = atPlaces(image.maps, matches);
    at::Tensor refined = mixedBySimilarity(similarity, {}, taggedShares(logits.detach(), matches.image_tags));
    if (lifted.defined()) {
      refined = agreed(agreedInSegments(refined, matches), lifted.index_select(0, matches.rows).view_as(refined));
    }
    return refinedLabelLoss(logits, refined, matches.image_tags, how, group);
  }
  if (options.points_teach_images.refinement != Refinement::Cam) throw std::logic_error("refinement: not checked");
  const at::Tensor scores = pointScores(points, matches, options);
  const at::Tensor cam = camAtPlaces(image.maps, matches);
  return refinedCamLoss(cam, mixedBySimilarity(similarity, scores, cam.detach()), matches.image_tags, scores, group);
}

}  // namespace tagscape

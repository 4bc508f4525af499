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

/// The point network's shares of the scene's tags, at the drawn places, or those of their segments.
at::Tensor pointShares(const NetworkOutput& points, const JointMatches& matches, const TrainOptions& options) {
  if (options.vote != "segments") return taggedShares(ofPoints(points.maps.detach(), matches), matches.image_tags);
  const at::Tensor all = at::softmax(points.maps.detach(), 2).flatten(0, 1);
  const at::Tensor voted = votedBySegments(all, matches.segments, matches.num_segments);
  return voted.index_select(0, matches.segments.index_select(0, matches.rows))
      .view({matches.crops.size(0), -1, all.size(1)});
}

/// How sure the point network is of its own label among the scene's tags, [U, P].
at::Tensor pointScores(const NetworkOutput& points, const JointMatches& matches, const TrainOptions& options) {
  const at::Tensor shares = taggedShares(ofPoints(points.maps.detach(), matches), matches.scene_tags);
  const at::Tensor scores = std::get<0>(shares.max(2));
  return options.use_confidence ? scores : at::ones_like(scores);
}

/// Points of each cell of the crops' maps as one: which cells have any, and a matrix row of means for each.
struct Raster {
  at::Tensor cells;   ///< [U, P] int64, cells of all crops numbered through.
  at::Tensor places;  ///< [U, P, 2], the centres of these cells.
  at::Tensor counts;  ///< [U * h * w] how many points.

  [[nodiscard]] at::Tensor means(const at::Tensor& values) const {
    const at::Tensor flat = values.flatten(0, 1);
    const at::Tensor sums =
        at::zeros({counts.size(0), flat.size(1)}, flat.options()).index_add(0, cells.flatten(), flat);
    return sums / counts.clamp_min(1).unsqueeze(1);
  }
};

Raster rasterOf(const at::Tensor& maps, const JointMatches& matches) {
  const double stride = matches.cells.stride_px, first = matches.cells.first_px;
  const at::Tensor nearest = ((matches.places - first) / stride).round();
  const at::Tensor column = nearest.select(2, 0).clamp(0, static_cast<double>(maps.size(3) - 1));
  const at::Tensor row = nearest.select(2, 1).clamp(0, static_cast<double>(maps.size(2) - 1));
  const std::int64_t num_cells = maps.size(2) * maps.size(3);
  const at::Tensor crop = at::arange(matches.crops.size(0), matches.crops.options()).unsqueeze(1);
  Raster raster;
  raster.cells = crop * num_cells + (row * maps.size(3) + column).to(at::kLong);
  raster.places = at::stack({column, row}, 2) * stride + first;
  const at::Tensor ones = at::ones({raster.cells.numel()}, maps.options());
  raster.counts =
      at::zeros({matches.crops.size(0) * num_cells}, maps.options()).index_add(0, raster.cells.flatten(), ones);
  return raster;
}

/// Every cell once: its pseudo-label at its own centre against the mean logits of its points.
at::Tensor rasterLoss(const at::Tensor& teaching,
                      const NetworkOutput& points,
                      const JointMatches& matches,
                      const TrainOptions& options,
                      const ProcessGroup& group) {
  const Raster raster = rasterOf(teaching, matches);
  JointMatches centres = matches;
  centres.places = raster.places;
  const PseudoLabels pseudo = pseudoLabelsAtPlaces(teaching, centres, options);
  // All points of a cell have the cell's label and score: their mean is it.
  const at::Tensor scores = raster.means(pseudo.confidence.unsqueeze(2)).squeeze(1);
  const at::Tensor labels = raster.means(pseudo.labels.to(at::kFloat).unsqueeze(2)).squeeze(1).round().to(at::kLong);
  return pseudoLabelLoss(raster.means(ofPoints(points.maps, matches)),
                         labels,
                         scores,
                         {options.balance_exponent, options.use_confidence},
                         group);
}

}  // namespace

at::Tensor imageToPointsLoss(const at::Tensor& teaching,
                             const NetworkOutput& points,
                             const JointMatches& matches,
                             const TrainOptions& options,
                             const ProcessGroup& group) {
  const PseudoLabelLossOptions how{options.balance_exponent, options.use_confidence};
  if (matches.empty()) {
    const at::Tensor none = at::zeros({0}, points.maps.options());
    return pseudoLabelLoss(points.maps.flatten(0, 1).narrow(0, 0, 0), none.to(at::kLong), none, how, group);
  }
  if (options.vote == "segments") {
    const at::Tensor shares = sharesAtPlaces(teaching, matches, options).flatten(0, 1);
    const at::Tensor seen = matches.segments.index_select(0, matches.rows);
    const at::Tensor voted = votedBySegments(shares, seen, matches.num_segments);
    return liftedLabelLoss(points, voted.index_select(0, matches.segments), options, group);
  }
  if (options.reach == "raster") return rasterLoss(teaching, points, matches, options, group);
  const PseudoLabels pseudo = pseudoLabelsAtPlaces(teaching, matches, options);
  return pseudoLabelLoss(points.maps.flatten(0, 1).index_select(0, matches.rows),
                         pseudo.labels.flatten(),
                         pseudo.confidence.flatten(),
                         how,
                         group);
}

at::Tensor liftedLabelLoss(const NetworkOutput& points,
                           const at::Tensor& lifted,
                           const TrainOptions& options,
                           const ProcessGroup& group) {
  const auto [confidence, labels] = lifted.max(1);
  return pseudoLabelLoss(
      points.maps.flatten(0, 1), labels, confidence, {options.balance_exponent, options.use_confidence}, group);
}

at::Tensor pointsToImageLoss(const NetworkOutput& image,
                             const at::Tensor& teaching,
                             const NetworkOutput& points,
                             const JointMatches& matches,
                             const TrainOptions& options,
                             const at::Tensor& lifted,
                             const ProcessGroup& group) {
  const RefinedLabelOptions how{options.reverse_balance_exponent, options.use_confidence};
  if (matches.empty()) return lossOfNoPlaces(image.maps, options.refinement, how, group);
  const at::Tensor similarity =
      pointSimilarity(ofPoints(points.features, matches), {options.similarity_power, options.similarity_centred});
  if (options.refinement == "labels" || options.refinement == "points" || options.refinement.starts_with("lifted")) {
    const at::Tensor logits = atPlaces(image.maps, matches);
    if (options.refinement == "lifted-alone") {
      const at::Tensor said = lifted.index_select(0, matches.rows).view({logits.size(0), -1, lifted.size(1)});
      return refinedLabelLoss(logits, amongTags(said, matches), matches.image_tags, how, group);
    }
    at::Tensor refined =
        mixedBySimilarity(similarity, {}, taggedShares(atPlaces(teaching.detach(), matches), matches.image_tags));
    if (options.vote == "segments") refined = agreedInSegments(refined, matches);
    if (options.refinement == "points") {
      refined = agreed(refined, pointShares(points, matches, options));
    } else if (options.refinement == "lifted") {
      refined = agreed(refined, lifted.index_select(0, matches.rows).view_as(refined));
    }
    return refinedLabelLoss(logits, refined, matches.image_tags, how, group);
  }
  if (options.refinement == "features")
    return featureSimilarityLoss(atPlaces(image.features, matches), similarity, group);
  const at::Tensor scores = pointScores(points, matches, options);
  if (options.refinement == "affinity") {
    return affinityLoss(taggedShares(atPlaces(image.maps, matches), matches.image_tags), similarity, scores, group);
  }
  if (options.refinement != "cam") throw std::logic_error("refinement: not checked");
  const at::Tensor cam = camAtPlaces(image.maps, matches);
  at::Tensor refined = mixedBySimilarity(similarity, scores, camAtPlaces(teaching.detach(), matches));
  if (options.renormalise_refined) refined = refined / (refined.amax(1, true) + 1e-5);
  return refinedCamLoss(cam, refined, matches.image_tags, scores, group);
}

}  // namespace tagscape

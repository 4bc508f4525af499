#include "core/distributed/process_group_torch.h"
#include "core/train/losses_torch.h"
#include "core/train/similarity_torch.h"

#include <ATen/ATen.h>

namespace tagscape {
namespace {

constexpr double kTiny = 1e-6;
constexpr double kAlike = 0.9, kUnlike = 0.3;
constexpr double kMasked = -1e4;  // far below any logit, yet finite

at::Tensor unitRows(const at::Tensor& rows) { return rows / rows.norm(2, -1, true).clamp_min(kTiny); }

/// Logits of classes without a tag far below the others; with no tag at all in an image all stay.
at::Tensor maskedLogits(const at::Tensor& logits, const at::Tensor& tags) {
  const at::Tensor wanted = tags.to(logits.scalar_type()).unsqueeze(1);
  const at::Tensor any = wanted.sum(2, true).gt(0).to(logits.scalar_type());
  return logits + kMasked * (1 - wanted) * any;
}

/// The mean of `values` where `mask`, 0 where it is nowhere true.
at::Tensor maskedMean(const at::Tensor& values, const at::Tensor& mask, const ProcessGroup& group) {
  const at::Tensor counts = mask.to(values.scalar_type());
  return shareOfMean(group, (values * counts).sum(), counts.sum(), kTiny);
}

}  // namespace

at::Tensor pointSimilarity(const at::Tensor& features, const SimilarityOptions& options) {
  const at::Tensor plain = features.detach();
  const at::Tensor unit = unitRows(options.centred ? plain - plain.mean(1, true) : plain);
  const at::Tensor cosines = at::bmm(unit, unit.transpose(1, 2)).clamp_(0, 1);
  // Squaring twice takes a tenth of the time of a general power.
  return options.power == 4 ? cosines.square_().square_() : cosines.pow_(options.power);
}

at::Tensor mixedBySimilarity(const at::Tensor& similarity, const at::Tensor& scores, const at::Tensor& values) {
  const at::Tensor weights = scores.defined() ? similarity * scores.unsqueeze(1) : similarity;
  return at::bmm(weights, values.detach()) / (weights.sum(2, true) + kTiny);
}

at::Tensor refinedLabelLoss(const at::Tensor& logits,
                            const at::Tensor& refined,
                            const at::Tensor& tags,
                            const RefinedLabelOptions& options,
                            const ProcessGroup& group) {
  const auto [confidence, labels] = refined.detach().max(2);
  return pseudoLabelLoss(maskedLogits(logits, tags).flatten(0, 1),
                         labels.flatten(),
                         confidence.flatten(),
                         {options.balance_exponent, options.use_confidence},
                         group);
}

at::Tensor refinedCamLoss(const at::Tensor& cam,
                          const at::Tensor& refined,
                          const at::Tensor& tags,
                          const at::Tensor& scores,
                          const ProcessGroup& group) {
  const at::Tensor wanted = tags.to(cam.scalar_type()).unsqueeze(1);
  const at::Tensor differences = (at::abs(cam - refined.detach()) * wanted).sum(2) / wanted.sum(2).clamp_min(1);
  return shareOfMean(group, (scores.detach() * differences).sum(), scores.sum(), kTiny);
}

at::Tensor affinityLoss(const at::Tensor& probabilities,
                        const at::Tensor& similarity,
                        const at::Tensor& scores,
                        const ProcessGroup& group) {
  constexpr double kEpsilon = 1e-5;
  const at::Tensor both = at::bmm(probabilities, probabilities.transpose(1, 2));
  const at::Tensor weight = (scores.unsqueeze(1) * scores.unsqueeze(2)).detach();
  const at::Tensor attract = maskedMean(weight * at::log(both + kEpsilon), similarity.ge(kAlike), group);
  const at::Tensor repel = maskedMean(weight * at::log(1 - both + kEpsilon), similarity.le(kUnlike), group);
  return -(attract + repel) / 2;
}

at::Tensor featureSimilarityLoss(const at::Tensor& features, const at::Tensor& similarity, const ProcessGroup& group) {
  const at::Tensor unit = unitRows(features);
  const at::Tensor squares = (at::bmm(unit, unit.transpose(1, 2)) - similarity.detach()).square();
  if (group.isAlone()) return squares.mean();
  const double count = static_cast<double>(squares.numel());
  return shareOfMean(group, squares.sum(), at::full({}, count, squares.options()), kTiny);
}

at::Tensor lossOfNoPlaces(const at::Tensor& maps,
                          const std::string& refinement,
                          const RefinedLabelOptions& options,
                          const ProcessGroup& group) {
  const at::Tensor nothing = maps.sum() * 0;
  if (group.isAlone()) return nothing;
  const at::Tensor none = at::zeros({0}, maps.options());
  if (refinement == "labels" || refinement == "points" || refinement.starts_with("lifted")) {
    return pseudoLabelLoss(maps.permute({0, 2, 3, 1}).flatten(0, 2).narrow(0, 0, 0),
                           none.to(at::kLong),
                           none,
                           {options.balance_exponent, options.use_confidence},
                           group);
  }
  const at::Tensor weight = at::zeros({}, maps.options());
  at::Tensor loss = shareOfMean(group, nothing, weight, kTiny);
  // Alike and unlike places are two means.
  if (refinement == "affinity") loss = loss + shareOfMean(group, nothing, weight, kTiny);
  return loss;
}

}  // namespace tagscape

#include "core/distributed/process_group_torch.h"
#include "core/train/losses_torch.h"
#include "core/train/similarity_torch.h"

#include <ATen/ATen.h>

namespace tagscape {
namespace {

constexpr double kTiny = 1e-6;
constexpr double kMasked = -1e4;  // far below any logit, yet finite

at::Tensor unitRows(const at::Tensor& rows) { return rows / rows.norm(2, -1, true).clamp_min(kTiny); }

/// Logits of classes without a tag far below the others; with no tag at all in an image all stay.
at::Tensor maskedLogits(const at::Tensor& logits, const at::Tensor& tags) {
  const at::Tensor wanted = tags.to(logits.scalar_type()).unsqueeze(1);
  const at::Tensor any = wanted.sum(2, true).gt(0).to(logits.scalar_type());
  return logits + kMasked * (1 - wanted) * any;
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

at::Tensor lossOfNoPlaces(const at::Tensor& maps,
                          Refinement refinement,
                          const RefinedLabelOptions& options,
                          const ProcessGroup& group) {
  const at::Tensor nothing = maps.sum() * 0;
  if (group.isAlone()) return nothing;
  const at::Tensor none = at::zeros({0}, maps.options());
  if (refinement == Refinement::Labels) {
    return pseudoLabelLoss(maps.permute({0, 2, 3, 1}).flatten(0, 2).narrow(0, 0, 0),
                           none.to(at::kLong),
                           none,
                           {options.balance_exponent, options.use_confidence},
                           group);
  }
  return shareOfMean(group, nothing, at::zeros({}, maps.options()), kTiny);
}

}  // namespace tagscape

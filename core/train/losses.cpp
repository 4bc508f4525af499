#include "core/distributed/process_group_torch.h"
#include "core/train/losses_torch.h"

#include <ATen/ATen.h>

namespace tagscape {

at::Tensor multiLabelLoss(const at::Tensor& pooled,
                          const at::Tensor& tags,
                          const at::Tensor& class_weights,
                          const ProcessGroup& group) {
  const at::Tensor wanted = tags.to(pooled.scalar_type());
  const at::Tensor entropies = at::clamp_min(pooled, 0) - pooled * wanted + at::log1p(at::exp(-at::abs(pooled)));
  const at::Tensor weighted = class_weights.defined() ? entropies * class_weights : entropies;
  if (group.isAlone()) return weighted.mean();
  const double count = static_cast<double>(weighted.numel());
  return shareOfMean(group, weighted.sum(), at::full({}, count, weighted.options()));
}

at::Tensor distill(const at::Tensor& logits,
                   const at::Tensor& labels,
                   const at::Tensor& confidence,
                   const DistillOptions& options,
                   const ProcessGroup& group) {
  if (logits.size(0) == 0 && group.isAlone()) return logits.sum() * 0;
  const at::Tensor score = confidence.detach().to(logits.scalar_type());
  // Confidence 0 means no label, even if confidence is not used.
  at::Tensor weight = options.use_confidence ? score : score.gt(0).to(score.scalar_type());
  if (options.class_balance > 0) {
    // A floor for the mass of rare classes: a single point must not have the weight of a class.
    constexpr double kMinMass = 1e-3;
    const at::Tensor mass =
        sumOverRanks(group, at::zeros({logits.size(1)}, weight.options()).index_add(0, labels, weight));
    weight = weight * (mass + kMinMass).pow(-options.class_balance).index_select(0, labels);
  }
  const at::Tensor log_probability = at::log_softmax(logits, 1).gather(1, labels.unsqueeze(1)).squeeze(1);
  return -shareOfMean(group, (weight * log_probability).sum(), weight.sum(), 1e-6);
}

at::Tensor refinedCamLoss(const at::Tensor& cam,
                          const at::Tensor& refined,
                          const at::Tensor& tags,
                          const at::Tensor& scores,
                          const ProcessGroup& group) {
  const at::Tensor wanted = tags.to(cam.scalar_type()).unsqueeze(1);
  const at::Tensor differences = (at::abs(cam - refined.detach()) * wanted).sum(2) / wanted.sum(2).clamp_min(1);
  return shareOfMean(group, (scores.detach() * differences).sum(), scores.sum(), 1e-6);
}

at::Tensor supervisedLoss(const at::Tensor& logits, const at::Tensor& labels, const ProcessGroup& group) {
  const at::Tensor known = labels.lt(logits.size(1)).to(logits.scalar_type());
  const at::Tensor log_probability =
      at::log_softmax(logits, 1).gather(1, labels.clamp_max(logits.size(1) - 1).unsqueeze(1)).squeeze(1);
  const at::Tensor num_known = sumOverRanks(group, known.sum()).clamp_min(1);
  return -(known * log_probability).sum() * group.size() / num_known;
}

}  // namespace tagscape

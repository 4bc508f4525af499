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

at::Tensor pseudoLabelLoss(const at::Tensor& logits,
                           const at::Tensor& labels,
                           const at::Tensor& confidence,
                           const PseudoLabelLossOptions& options,
                           const ProcessGroup& group) {
  if (logits.size(0) == 0 && group.isAlone()) return logits.sum() * 0;
  const at::Tensor score = confidence.detach().to(logits.scalar_type());
  // Confidence 0 means that nothing is there: such a place has no label, sure or not.
  at::Tensor weight = options.use_confidence ? score : score.gt(0).to(score.scalar_type());
  if (options.balance_exponent > 0) {
    // Floors the mass of a class that is hardly there: one stray point must not weigh as much as a class.
    constexpr double kMinMass = 1e-3;
    const at::Tensor mass =
        sumOverRanks(group, at::zeros({logits.size(1)}, weight.options()).index_add(0, labels, weight));
    weight = weight * (mass + kMinMass).pow(-options.balance_exponent).index_select(0, labels);
  }
  const at::Tensor log_probability = at::log_softmax(logits, 1).gather(1, labels.unsqueeze(1)).squeeze(1);
  return -shareOfMean(group, (weight * log_probability).sum(), weight.sum(), 1e-6);
}

at::Tensor supervisedLoss(const at::Tensor& logits, const at::Tensor& labels, const ProcessGroup& group) {
  const at::Tensor known = labels.lt(logits.size(1)).to(logits.scalar_type());
  const at::Tensor log_probability =
      at::log_softmax(logits, 1).gather(1, labels.clamp_max(logits.size(1) - 1).unsqueeze(1)).squeeze(1);
  const at::Tensor num_known = sumOverRanks(group, known.sum()).clamp_min(1);
  return -(known * log_probability).sum() * group.size() / num_known;
}

at::Tensor sampleMaps(const at::Tensor& maps, const at::Tensor& pixels, const CellGrid& cells) {
  // grid_sample's coordinates run from -1 at the left edge of the first cell to 1 at the right edge of the last.
  const at::Tensor size =
      at::tensor({static_cast<double>(maps.size(3)), static_cast<double>(maps.size(2))}, maps.options());
  const at::Tensor places = (pixels - cells.first_px) / static_cast<double>(cells.stride_px);
  const at::Tensor grid = ((places + 0.5) / size * 2 - 1).unsqueeze(1);
  constexpr std::int64_t kBilinear = 0;
  constexpr std::int64_t kBorder = 1;
  return at::grid_sampler(maps, grid, kBilinear, kBorder, /*align_corners=*/false).squeeze(2).transpose(1, 2);
}

}  // namespace tagscape

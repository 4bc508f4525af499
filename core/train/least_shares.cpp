#include "core/train/least_shares_torch.h"

#include <ATen/ATen.h>

namespace tagscape {

at::Tensor withLeastShares(const at::Tensor& logits, const at::Tensor& sizes, const at::Tensor& tags, double least) {
  constexpr int kMostRounds = 200;
  constexpr double kClose = 0.99;  // of what is asked for
  const at::Tensor total = sizes.sum();
  if (least <= 0 || total.item<double>() <= 0) return at::softmax(logits, 1);
  const at::Tensor weights = (sizes / total).unsqueeze(1);
  at::Tensor raised = at::zeros({logits.size(1)}, logits.options());
  at::Tensor shares;
  for (int round = 0; round < kMostRounds; ++round) {
    shares = at::softmax(logits + raised, 1);
    const at::Tensor area = (weights * shares).sum(0);
    const at::Tensor lacking = tags * area.lt(kClose * least).to(logits.scalar_type());
    if (lacking.sum().item<double>() == 0) break;
    raised = raised + lacking * (least / area.clamp_min(1e-30)).log();
  }
  return shares;
}

}  // namespace tagscape

#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/distributed/process_group.h"

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

namespace tagscape {

/// The exchange of tensors between the ranks of a group. All are exchanges in the sense of ProcessGroup: made by every
/// rank in the same order, with tensors of the same sizes and types; they throw GroupFailure.

/// Σ over ranks, the same bits on each. No gradient. Of a group of one: `value` itself, detached.
/// @param value  any shape; float, double, int32 or int64; any device.
[[nodiscard]] at::Tensor sumOverRanks(const ProcessGroup& group, const at::Tensor& value);

/// The same with a gradient: where every rank computes a loss from the sum, each rank's value gets the gradient of the
/// sum of all those losses. The backward pass is an exchange too. Of a group of one: `value` itself.
[[nodiscard]] at::Tensor sumOverRanksWithGradient(const ProcessGroup& group, const at::Tensor& value);

/// A rank's share of a mean over what all ranks have: size · numerator / (Σ weights + tiny). Averaged over the ranks,
/// as gradients are, these are Σ numerators / (Σ weights + tiny). Of a group of one: numerator / (weight + tiny). An
/// exchange.
/// @param numerator  scalar, with its gradient.  @param weight  scalar; whatever gradient it has is cut.
[[nodiscard]] at::Tensor shareOfMean(const ProcessGroup& group,
                                     const at::Tensor& numerator,
                                     const at::Tensor& weight,
                                     double tiny = 0);

/// Overwrites the tensors with those of rank `root`.
void broadcastFrom(const ProcessGroup& group, int root, const std::vector<at::Tensor>& tensors);

/// A sum that is under way while the rank does other things.
class PendingSum {
 public:
  class Work;
  PendingSum();
  explicit PendingSum(std::unique_ptr<Work> work);
  PendingSum(PendingSum&&) noexcept;
  PendingSum& operator=(PendingSum&&) noexcept;
  ~PendingSum();

  /// Waits until the tensor holds the sum. Throws GroupFailure.
  void wait();

 private:
  std::unique_ptr<Work> work_;
};

/// Begins to replace a contiguous tensor by its sum over ranks; it must not be touched before wait(). Runs in a channel
/// of its own: only the order among these sums must be the same on all ranks, not that to other exchanges.
[[nodiscard]] PendingSum startSumOverRanks(const ProcessGroup& group, const at::Tensor& tensor);

}  // namespace tagscape

#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/distributed/process_group.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace tagscape {

/// Averages the gradients of a model over the ranks of a group while the backward pass still computes others.
///
/// Parameters are laid into buckets of a few megabytes, the last ones first, as the backward pass comes to them. A hook
/// copies each gradient into its bucket; a full bucket's sum over the ranks begins at once, in a thread of the
/// transport. The order of buckets is fixed, so that ranks whose backward passes differ still match.
///
///     buckets: one backward pass, then finish(), then the optimiser's step
///
/// A parameter that gets no gradient on some ranks counts as zero there; one that gets none on any rank keeps none, so
/// that the optimiser leaves it alone as it would with one process. For a group of one nothing is done at all.
class GradientBuckets {
 public:
  static constexpr std::int64_t kBucketBytes = 2 << 20;

  /// @param parameters  leaves that require gradients, the same on all ranks, in the order of the forward pass.
  GradientBuckets(std::shared_ptr<ProcessGroup> group,
                  std::vector<at::Tensor> parameters,
                  std::int64_t bucket_bytes = kBucketBytes);
  ~GradientBuckets();
  GradientBuckets(const GradientBuckets&) = delete;
  GradientBuckets& operator=(const GradientBuckets&) = delete;

  /// Waits for all sums and replaces every parameter's gradient by the average over the ranks. Throws GroupFailure, and
  /// std::logic_error if a parameter got gradients from two backward passes since the last call.
  void finish();

  [[nodiscard]] std::size_t numBuckets() const;
  /// How many buckets' sums have begun since the last finish().
  [[nodiscard]] std::size_t numStarted() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tagscape

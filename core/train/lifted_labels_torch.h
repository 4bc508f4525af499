#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/dataset/training_source.h"
#include "core/distributed/process_group.h"
#include "core/recipe/recipe.h"
#include "core/train/networks_torch.h"

#include <utility>
#include <vector>

namespace tagscape {

/// Labels of points by all frames of their scenes: the image network's shares of the tagged classes at the points of
/// each superpoint, multiplied over the frames that see it, then by what superpoints of all scenes have in common (see
/// Recipe::Labels). A class that one of these frames is not tagged with is unlikely at a superpoint whatever the
/// others say: tags of several frames cut out where a class is, before any network has learnt it.
class LiftedLabels {
 public:
  /// Passes every frame through the image network once, as prepared, and with options.labels.superpoint_mlp every cloud
  /// through the point network. Both are left in evaluation mode.
  [[nodiscard]] static LiftedLabels compute(Networks::Impl& networks,
                                            const TrainingSource& source,
                                            const Recipe& options);
  /// The same by the first rank for all: what ranks compute each for themselves may differ by rounding, and labels by
  /// more than that. An exchange.
  [[nodiscard]] static LiftedLabels computeByFirst(const ProcessGroup& group,
                                                   Networks::Impl& networks,
                                                   const TrainingSource& source,
                                                   const Recipe& options);

  [[nodiscard]] bool empty() const { return clouds_.empty(); }
  /// Of the clouds of a batch, numbered through.
  /// @param cloud_numbers  scene and number of each.  @return [B * N, C] shares, all 0 where nothing is known.
  [[nodiscard]] at::Tensor of(const std::vector<std::pair<std::size_t, std::size_t>>& cloud_numbers) const;

  /// For checkpoints: all clouds as one tensor [scenes, clouds, N, C], and back.
  [[nodiscard]] at::Tensor packed() const;
  [[nodiscard]] static LiftedLabels unpacked(const at::Tensor& packed);

 private:
  std::vector<std::vector<at::Tensor>> clouds_;  ///< By scene and number, [N, C].
};

}  // namespace tagscape

#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/dataset/training_source.h"
#include "core/distributed/process_group.h"
#include "core/models/networks_torch.h"
#include "core/recipe/recipe.h"

#include <optional>
#include <utility>
#include <vector>

namespace tagscape {

/// Labels of points by all frames of their scenes: each superpoint has the product, over the frames that show it, of
/// the image network's mean probabilities of the frame's tags, revised by a classifier of the superpoints of all scenes
/// (see LdaOptions and MlpOptions). A class that one of these frames is not tagged with is unlikely whatever the others
/// predict, so that tags of several frames locate a class before any network has learnt it.
class LiftedLabels {
 public:
  /// Passes every frame through the image network once, as prepared, and with options.labels.superpoint_mlp every cloud
  /// through the point network. Both are left in evaluation mode.
  [[nodiscard]] static LiftedLabels compute(Networks::Impl& networks,
                                            const TrainingSource& source,
                                            const Recipe& options);
  /// Computed by the first rank and broadcast to all: if each rank computed its own, rounding could change labels. All
  /// ranks must call it.
  [[nodiscard]] static LiftedLabels computeByFirst(const ProcessGroup& group,
                                                   Networks::Impl& networks,
                                                   const TrainingSource& source,
                                                   const Recipe& options);

  [[nodiscard]] bool empty() const { return clouds_.empty(); }
  /// The labels of the points of several clouds, concatenated.
  /// @param cloud_numbers  scene and number of each.  @return [N, C] probabilities, all 0 for points that no frame
  /// sees.
  [[nodiscard]] at::Tensor of(const std::vector<std::pair<std::size_t, std::size_t>>& cloud_numbers) const;

  /// For checkpoints: the labels of all clouds as one tensor [N, C], and back.
  [[nodiscard]] at::Tensor packed() const;
  /// @param packed  [N, C], or [scenes, clouds, N, C] as older versions wrote it.
  /// @return nothing if the number of points is not that of the clouds of `data`.
  [[nodiscard]] static std::optional<LiftedLabels> unpacked(const at::Tensor& packed, const TrainingData& data);

 private:
  std::vector<std::vector<at::Tensor>> clouds_;  ///< By scene and number, [N, C].
};

}  // namespace tagscape

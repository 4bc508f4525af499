#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/dataset/augmentation.h"
#include "core/dataset/batch_plan.h"
#include "core/dataset/network_inputs.h"
#include "core/nn/network_torch.h"
#include "core/pseudo_labels/joint_matches_torch.h"
#include "core/recipe/recipe.h"

#include <ATen/core/Tensor.h>

#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace tagscape {

/// Points of clouds that frames see, each bag to be classified by its frame's tags.
struct PointBags {
  at::Tensor rows;     ///< [R] int64, of the clouds' points numbered through.
  at::Tensor bags;     ///< [R] int64, which bag each belongs to.
  at::Tensor weights;  ///< [R] one over the size of the bag.
  at::Tensor tags;     ///< [bags, C].

  [[nodiscard]] bool empty() const { return !rows.defined(); }
};

/// All that one step computes with; what its specification does not ask for is undefined.
struct TrainingBatch {
  at::Tensor images;        ///< [U, 3, crop, crop], as the network takes them.
  at::Tensor image_tags;    ///< [U, C].
  at::Tensor image_labels;  ///< [U, crop, crop] int64, kNoClass where there is no truth; only with labels.
  PointBatch clouds;
  at::Tensor scene_tags;    ///< [B, C].
  at::Tensor point_labels;  ///< [N] int64, of the points of all clouds, as image_labels.
  PointBags bags;
  JointMatches matches;
  std::vector<std::pair<std::size_t, std::size_t>> cloud_numbers;  ///< Scene and number of each cloud.

  void moveTo(const at::Device& device);
  /// Everything by name, to be looked at.
  [[nodiscard]] NamedTensors named() const;
};

/// Makes batches: draws crops and turns, renders, finds the points that crops show. Safe to call from several threads
/// at once; the same step gives the same batch, bit by bit.
class BatchMaker {
 public:
  BatchMaker(std::shared_ptr<const TrainingSource> source,
             const Recipe& options,
             NetworkInputs inputs,
             RankShare share = {});

  /// On the CPU. Errors: those of TrainingSource::frame.
  [[nodiscard]] Result<TrainingBatch> make(const BatchSpec& spec, std::int64_t step) const;

 private:
  struct Crop;
  struct Clouds;
  [[nodiscard]] Result<Crop> drawCrop(FrameRef ref, Random& random) const;
  void putCrops(const std::vector<Crop>& crops, bool with_labels, TrainingBatch& batch) const;
  void putClouds(const Clouds& clouds, TrainingBatch& batch) const;
  [[nodiscard]] PointBags makeBags(Clouds& clouds, const CloudRows& rows) const;
  static void numberSuperpoints(const Clouds& clouds, JointMatches& matches);
  [[nodiscard]] JointMatches match(std::span<const Crop> crops,
                                   const BatchSpec& spec,
                                   Clouds& clouds,
                                   const CloudRows& rows) const;

  std::shared_ptr<const TrainingSource> source_;
  Recipe options_;
  NetworkInputs inputs_;
  BatchPlanner planner_;
};

}  // namespace tagscape

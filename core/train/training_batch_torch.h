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

/// Bags of points for multiple instance learning: the points that a frame sees, labelled with the frame's tags.
struct PointBags {
  at::Tensor rows;     ///< [R] int64, into the points of all clouds.
  at::Tensor bags;     ///< [R] int64, the bag of each row.
  at::Tensor weights;  ///< [R] 1 / size of the bag.
  at::Tensor tags;     ///< [bags, C].

  [[nodiscard]] bool empty() const { return !rows.defined(); }
};

/// The input of one step. Tensors that its specification does not ask for are undefined.
struct TrainingBatch {
  at::Tensor images;        ///< [U, 3, crop, crop], normalised.
  at::Tensor image_tags;    ///< [U, C].
  at::Tensor image_labels;  ///< [U, crop, crop] int64, kNoClass where unlabelled; only with labels.
  PointBatch clouds;
  at::Tensor scene_tags;    ///< [B, C].
  at::Tensor point_labels;  ///< [N] int64, of the points of all clouds, as image_labels.
  PointBags bags;
  JointMatches matches;
  std::vector<std::pair<std::size_t, std::size_t>> cloud_numbers;  ///< Scene and number of each cloud.

  void moveTo(const at::Device& device);
  /// All tensors by name, for inspection.
  [[nodiscard]] NamedTensors named() const;
};

/// Makes batches: draws the augmentation, renders crops, and finds the points that crops show. Thread-safe; the same
/// step gives the same batch, to the bit.
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

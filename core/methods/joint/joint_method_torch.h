#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/distributed/process_group.h"
#include "core/pseudo_labels/pseudo_label_source_torch.h"
#include "core/recipe/recipe.h"
#include "core/train/training_method_torch.h"

#include <memory>

namespace tagscape {

/// Joint training of an image and a point network from class tags. Each network first learns alone from the tags; then
/// pseudo-labels of the image network train the point network, and after a warm-up the similarity of points trains the
/// image network.
/// Source: Kweon & Yoon, "Joint learning of 2D-3D weakly supervised semantic segmentation", NeurIPS 2022.
class JointMethod final : public TrainingMethod {
 public:
  JointMethod(const Recipe& options, std::shared_ptr<const TrainingSource> source, std::shared_ptr<ProcessGroup> group);

  /// "image": trains the image network from the tags of frames. "points": trains the point network from the tags of
  /// scenes and, with frame_bags, of frames for the points that they see. "joint": both, and each by the other.
  [[nodiscard]] static std::vector<TrainingPhase> phasesOf(const Recipe& options);
  [[nodiscard]] const std::vector<TrainingPhase>& phases() const override { return phases_; }
  [[nodiscard]] NetworkHeads heads() const override;

  void beginPhase(const TrainingPhase& phase) override;
  void prepareStep(const PhasePosition& position, Networks::Impl& networks) override;
  [[nodiscard]] std::vector<LossTerm> losses(const StepInput& input) const override;

  /// The state of the pseudo-labels, in the joint phase.
  void store(TensorFile& file) const override;
  [[nodiscard]] Status restore(const TensorFile& file,
                               const std::filesystem::path& name,
                               const at::Device& device) override;

 private:
  [[nodiscard]] bool imagesTeach() const { return options_.images_teach_points.weight_2d_to_3d > 0; }
  [[nodiscard]] bool pointsTeach(const PhasePosition& position) const;
  [[nodiscard]] at::Tensor pointClassification(const StepInput& input) const;

  Recipe options_;
  std::vector<TrainingPhase> phases_;
  std::shared_ptr<const TrainingSource> source_;
  std::shared_ptr<ProcessGroup> group_;
  at::Tensor class_weights_;                          ///< Of the 3D classification loss; undefined for 1.
  std::unique_ptr<PseudoLabelSource> pseudo_labels_;  ///< Only in a phase with losses between the networks.
};

}  // namespace tagscape

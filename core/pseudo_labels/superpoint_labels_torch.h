#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/pseudo_labels/lifted_labels_torch.h"
#include "core/pseudo_labels/pseudo_label_source_torch.h"

namespace tagscape {

/// Labels of superpoints from all frames of their scenes (see LiftedLabels), recomputed four times in a phase. All
/// points of the batch have their superpoint's label, whether or not a crop shows them. Pixels are labelled by the
/// product of that and of SingleViewCamLabels' probabilities, averaged over each superpoint in each batch.
class SuperpointLabels final : public PseudoLabelSource {
 public:
  SuperpointLabels(Recipe options, std::shared_ptr<const TrainingSource> data, std::shared_ptr<ProcessGroup> group)
      : options_(std::move(options)), data_(std::move(data)), group_(std::move(group)) {}

  /// All ranks get the labels of the first (see LiftedLabels::computeByFirst).
  void prepare(int step, int num_steps, Networks::Impl& networks) override;
  [[nodiscard]] PointPseudoLabels pointLabels(const JointOutput& output) const override;
  [[nodiscard]] PseudoLabels pixelLabels(const JointOutput& output) const override;
  /// As "lifted_labels".
  void store(TensorFile& file) const override;
  [[nodiscard]] Status restore(const TensorFile& file,
                               const std::filesystem::path& name,
                               const at::Device& device) override;

 private:
  Recipe options_;
  std::shared_ptr<const TrainingSource> data_;
  std::shared_ptr<ProcessGroup> group_;
  LiftedLabels lifted_;
};

}  // namespace tagscape

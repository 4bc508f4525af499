#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/pseudo_labels/pseudo_label_source_torch.h"

namespace tagscape {

/// Labels by the frames of the step, each point by itself: the class of the largest normalised CAM at its pixel
/// (options.labels.pseudo_labels "cam") or the most probable among the frame's tags ("logits"), with
/// options.labels.confidence as confidence. Pixels are labelled by the probabilities of the frame's tags, averaged over
/// similar points. Source: Kweon & Yoon, "Joint learning of 2D-3D weakly supervised semantic segmentation", NeurIPS
/// 2022; the confidence is reconstructed, and so are labels of pixels (the paper compares CAMs: see refinedCamLoss).
class SingleViewCamLabels final : public PseudoLabelSource {
 public:
  explicit SingleViewCamLabels(Recipe options) : options_(std::move(options)) {}

  void prepare(int, int, Networks::Impl&) override {}
  [[nodiscard]] PointPseudoLabels pointLabels(const JointOutput& output) const override;
  [[nodiscard]] PseudoLabels pixelLabels(const JointOutput& output) const override;
  void store(TensorFile&) const override {}
  [[nodiscard]] Status restore(const TensorFile&, const std::filesystem::path&, const at::Device&) override {
    return {};
  }

 private:
  Recipe options_;
};

/// Probabilities of the frame's tags at the pixels of the matches, averaged over points with similar features of the
/// point network, [U, P, C]. Needs matches.
[[nodiscard]] at::Tensor probabilitiesOfSimilarPoints(const JointOutput& output, const Recipe& options);

/// No labels, [1, 0], on the device of `like`.
[[nodiscard]] PseudoLabels noLabels(const at::Tensor& like);

}  // namespace tagscape

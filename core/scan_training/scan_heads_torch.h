#pragma once

// Private to this module: tensor types appear here.

#include "core/base/job.h"
#include "core/scan_labels/class_values.h"
#include "core/scan_training/scan_features_torch.h"
#include "core/scene/tags.h"

#include <optional>
#include <vector>

namespace tagscape {

/// What the tags of frames teach: a linear classifier of pooled features. Applied to every cell it gives class
/// activation maps.
struct TagHead {
  at::Tensor weight;  ///< [D, kNumClasses]
  at::Tensor bias;    ///< [kNumClasses]
};

/// Binary cross entropy over frames and their windows, full batches, Adam with 3e-3, weight decay 3e-3 on the sum of
/// squares.
/// @param targets  [frames, kNumClasses] in 0 … 1; frames without features are left out.
/// Errors: InvalidInput if no frame has features; Cancelled.
[[nodiscard]] Result<TagHead> fitTagHead(const std::vector<FrameFeatures>& features,
                                         const std::vector<std::optional<ClassValues>>& targets,
                                         int num_steps,
                                         const Job& job);

/// What heads say of frames whose tags they did not learn: the frames are dealt into `num_parts`, and a head that
/// learned the others judges each part.
/// @return [frames, kNumClasses] probability that a frame has the tag; not numbers for frames without features.
/// Errors: as fitTagHead.
[[nodiscard]] Result<ClassValues> crossPredictTags(const std::vector<FrameFeatures>& features,
                                                   const std::vector<std::optional<ClassValues>>& targets,
                                                   int num_parts,
                                                   int num_steps,
                                                   const Job& job);

/// The head at every cell of a frame, brought to mean 0 and deviation 1 by class: [kNumClasses, height, width].
[[nodiscard]] std::vector<float> activationMaps(const TagHead& head, const FrameFeatures& frame);

/// Labels of the fine cells of one frame that a scan's labels were projected to.
struct CellTargets {
  at::Tensor probabilities;  ///< [fine cells, kNumClasses], rows of sum 1 where anything is known.
  at::Tensor is_known;       ///< [fine cells] bool: a vertex is visible there.
  at::Tensor allowed;        ///< [kNumClasses] log of how far the frame may show each class.
};

struct PixelDecoderOptions {
  int num_components = 48;  ///< Of the coarse features that are kept.
  int num_hidden = 128;
  int num_steps = 1200;
  int num_samples = 60'000;  ///< Cells that are learnt from.
  int batch = 2048;
  double learning_rate = 3e-3;
  double class_balance = .5;  ///< Each class is weighted by its frequency to the power of minus this.
  double sharpness = 2;       ///< Power of the targets' probabilities: 1 leaves them as they are.
  std::uint64_t seed = 1;
};

/// Tells classes of fine cells apart by the features of a frozen network: a small network that learns the scan's own
/// labels where vertices are visible, and names the rest of the pictures, too.
class PixelDecoder {
 public:
  /// Errors: InvalidInput if no cell is known; Cancelled.
  [[nodiscard]] static Result<PixelDecoder> fit(const std::vector<FrameFeatures>& features,
                                                const std::vector<CellTargets>& targets,
                                                const PixelDecoderOptions& options,
                                                const Job& job);

  /// @return [fine cells, kNumClasses] log-probabilities within what the frame may show.
  [[nodiscard]] at::Tensor predict(const FrameFeatures& frame, const at::Tensor& allowed) const;

 private:
  [[nodiscard]] at::Tensor inputs(const FrameFeatures& frame) const;

  at::Tensor coarse_mean_, projection_;  ///< [D], [D, components]; undefined without coarse features.
  at::Tensor mean_, deviation_;          ///< [inputs]
  at::Tensor first_, first_bias_, second_, second_bias_;
};

}  // namespace tagscape

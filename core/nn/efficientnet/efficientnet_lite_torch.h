#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/nn/efficientnet/efficientnet_lite.h"
#include "core/nn/network_torch.h"

#include <memory>

namespace tagscape {

/// An EfficientNet-Lite. Taps: stage1 … stage7 (what the last block of a stage gives), features (1280 channels), logits
/// (the classifier applied to every cell as a 1x1 convolution; its mean over the cells is the prediction for the
/// image).
///
/// Tensors that come out lie in memory channels last on the CPU: use contiguous() before view(). In evaluation, and
/// always when frozen, batch normalisation is folded into the convolutions before it.
class EfficientNetLite : public ImageNetwork {
 public:
  /// @param images  [B, 3, H, W], (RGB - 127) / 128, of any size.  @return [B, 1280, h, w], sides over the stride,
  /// rounded up.
  [[nodiscard]] virtual at::Tensor features(const at::Tensor& images) = 0;
  /// @param features  as features() gives them.  @return [B, classes, h, w].
  [[nodiscard]] virtual at::Tensor classify(const at::Tensor& features) const = 0;
};

/// Random weights from torch's generator: seed it first. firstCellCentre_px() is that of images whose sides are
/// multiples of 32. Trained without the dropout and the stochastic depth of the original. Errors: as
/// efficientNetLiteBlocks.
[[nodiscard]] Result<std::unique_ptr<EfficientNetLite>> makeEfficientNetLite(const EfficientNetLiteOptions& options);

}  // namespace tagscape

#pragma once

#include "core/base/result.h"
#include "core/nn/tensor_table.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape {

/// An EfficientNet-Lite: inverted residual blocks with depthwise convolutions, ReLU6 and no squeeze-and-excitation; the
/// stem's 32 and the head's 1280 channels are not scaled. Images are (RGB - 127) / 128 with RGB in 0 … 255.
/// Source: Tan & Le, "EfficientNet: rethinking model scaling for convolutional neural networks", 2019, table 1; the
/// Lite variants after tensorflow/tpu, models/official/efficientnet/lite.
struct EfficientNetLiteOptions {
  double width = 1;        ///< Multiplies the channels of the blocks, which are then rounded to multiples of 8.
  double depth = 1;        ///< Multiplies the blocks of a stage, rounded up; not of the first and the last stage.
  int num_classes = 1000;  ///< Channels of the classifier.
  int output_stride = 32;  ///< 32, 16 or 8: the stages beyond are dilated instead of strided.
  bool frozen = false;     ///< Weights and statistics stay as they are; nothing gets a gradient.
};

/// Variant "efficientnet-lite0" (width 1, depth 1, made for 224 x 224 pixels) or "efficientnet-lite2" (1.1, 1.2,
/// 260 x 260). Errors: InvalidInput for another name.
[[nodiscard]] Result<EfficientNetLiteOptions> efficientNetLiteVariant(std::string_view name);

/// One inverted residual block: 1x1 expansion (left out where `expanded` is `before`), depthwise, 1x1 projection.
struct EfficientNetLiteBlock {
  std::string name;  ///< "_blocks.0"
  int stage = 1;     ///< 1 … 7.
  std::int64_t before = 0, expanded = 0, after = 0;
  int kernel = 3, stride = 1, dilation = 1;  ///< Of the depthwise convolution.
  bool has_shortcut = false;

  [[nodiscard]] bool expands() const { return expanded != before; }
};

/// The blocks with their strides and dilations. Errors: InvalidInput for a width or depth that is not in 0.1 … 4, an
/// output stride other than 8, 16 or 32, a number of classes below 1.
[[nodiscard]] Result<std::vector<EfficientNetLiteBlock>> efficientNetLiteBlocks(const EfficientNetLiteOptions& options);

/// All tensors by their names in the released weight files ("_blocks.0._depthwise_conv.weight"). Errors: as
/// efficientNetLiteBlocks.
[[nodiscard]] Result<TensorTable> efficientNetLiteTensors(const EfficientNetLiteOptions& options);

/// Zeros before and after an axis.
struct SamePadding {
  std::int64_t before = 0, after = 0;
};
/// TensorFlow's SAME padding: ceil(side / stride) values come out, and an odd number of zeros has the larger half
/// after.
[[nodiscard]] SamePadding samePadding(std::int64_t side,
                                      std::int64_t kernel,
                                      std::int64_t stride,
                                      std::int64_t dilation);

/// The pixel along an axis of `side` pixels at which the first cell of the features is centred. Because of SAME padding
/// it depends on the side: stride - 1 where the stride divides it, 0 if every reduction meets an odd number of values.
[[nodiscard]] double firstCellCentre_px(const std::vector<EfficientNetLiteBlock>& blocks, std::int64_t side);

}  // namespace tagscape

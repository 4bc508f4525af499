#pragma once

#include "core/base/result.h"
#include "core/nn/tensor_table.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape {

/// A ResNet38 as weak supervision uses it: pre-activation residual blocks, dilated instead of strided from b5 on,
/// output stride 8, batch normalisation with fixed statistics, a 1x1 classifier without bias. Source: Wu et al., "Wider
/// or deeper: revisiting the ResNet model for visual recognition", 2016; layer table, dilations and dropout as in
/// psa/network/resnet38d.py of jiwoon-ahn/psa.
struct ResNet38Options {
  double width = 1;  ///< Multiplies all channels; 1 is the published network.
  int depth = 38;  ///< 38, 26 or 16 layers: the blocks b2_1, … that follow b2, b3, b4, b5 are 2 2 5 2, 1 1 2 1 or none.
  int num_classes = 20;           ///< Channels of fc8.
  bool freeze_first = true;       ///< Whether conv1a, b2, b2_1 and b2_2 stay as they are, as in the field.
  double classifier_dropout = 0;  ///< Before fc8; PSA and SEAM have 0.5, OC-CSE none.
};

/// One block: names are "<name>.bn_branch2a" and so on.
struct ResNet38Block {
  std::string name;
  std::int64_t before = 0, middle = 0, after = 0;
  std::int64_t half = 0;  ///< Of a bottleneck: the channels of its 3x3 convolution. 0 for a block of two 3x3.
  int stride = 1;
  int first_dilation = 1, dilation = 1;
  double dropout = 0;

  [[nodiscard]] bool isBottleneck() const { return half > 0; }
  [[nodiscard]] bool hasShortcutConvolution() const { return before != after || stride != 1; }
};

/// The layer table. Errors: InvalidInput for a width that is not in 0.01 … 4, a depth that does not exist, a number of
/// classes below 1.
[[nodiscard]] Result<std::vector<ResNet38Block>> resNet38Blocks(const ResNet38Options& options);

/// All tensors by their names in PSA's, SEAM's and OC-CSE's weight files. Errors: as resNet38Blocks.
[[nodiscard]] Result<TensorTable> resNet38Tensors(const ResNet38Options& options);

/// The name in this table of an array of MXNet's ImageNet weights (`ilsvrc-cls_rna-a1_cls1000_ep-0001.params`), with or
/// without "arg:" and "aux:". Empty for what has no place here: the thousand-class layer and anything unknown.
[[nodiscard]] std::string resNet38NameOfMxnet(std::string_view name);

}  // namespace tagscape

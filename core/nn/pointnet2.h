#pragma once

#include "core/base/result.h"
#include "core/geometry/point_hierarchy.h"
#include "core/nn/tensor_table.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape {

/// One scale of a set abstraction: its neighbourhood, and the widths of the layers that it applies to them.
struct AbstractionScale {
  BallGroup group;
  std::vector<std::int64_t> widths;
};
struct Abstraction {
  std::string name;
  std::size_t num_points = 0;
  std::vector<AbstractionScale> scales;  ///< Several for multi-scale grouping; their outputs are joined.
};
struct Propagation {
  std::string name;
  std::vector<std::int64_t> widths;
};

/// A PointNet++ for segmentation: what is gathered where, and how it is spread again.
///
/// Names of tensors: "<sa>.mlp_module.layer<i>.{conv.weight, bn.bn.*}" ("<sa>.mlps.<scale>.layer<i>" with several
/// scales),
/// "<fp>.mlp.layer<i>.…", "classifier.bn.*" and "classifier.conv.weight" (before them "classifier.hidden.weight" if
/// there is a hidden layer); sa and fp as VoteNet's backbone names them. Convolution weights are [to, from, 1, 1],
/// those of the classifier [to, from, 1].
struct PointNet2Options {
  std::int64_t num_channels = 3;  ///< Of each point, besides its position; 0 and more.
  int num_classes = 20;
  std::vector<Abstraction> abstractions;  ///< Fine to coarse.
  std::vector<Propagation> propagations;  ///< Coarse to fine, one for each abstraction.
  bool normalise_offsets = true;          ///< Divide the offsets from a centre by the radius.
  bool hidden_layer = false;              ///< A linear layer of as many channels before the classifier's normalisation.
  double classifier_dropout = 0;
};

/// "votenet" (the default of this program; VoteNet's and WyPR's backbone), "ssg" and "msg" (the semantic segmentation
/// networks of PointNet++'s authors, for blocks of 1.5 m).
/// Errors: InvalidInput naming the presets there are.
/// Source: facebookresearch/WyPR and facebookresearch/votenet; charlesq34/pointnet2, erikwijmans/Pointnet2_PyTorch.
[[nodiscard]] Result<PointNet2Options> pointNet2Preset(std::string_view name);

/// The neighbourhoods that the network needs, by the field's conventions.
[[nodiscard]] PointHierarchyOptions hierarchyOf(const PointNet2Options& options);

/// Channels that a propagation spreads and those of the finer level that it joins, and the layers' names.
struct PropagationInput {
  std::int64_t coarse = 0, own = 0;
};
[[nodiscard]] std::vector<PropagationInput> propagationInputs(const PointNet2Options& options);

/// "sa1.mlp_module.layer0" or "sa1.mlps.1.layer0".
[[nodiscard]] std::string abstractionLayer(const Abstraction& abstraction, std::size_t scale, std::size_t layer);

[[nodiscard]] TensorTable pointNet2Tensors(const PointNet2Options& options);

}  // namespace tagscape

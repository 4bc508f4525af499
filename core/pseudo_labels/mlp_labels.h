#pragma once

#include "core/pseudo_labels/superpoint_set.h"

#include <cstdint>
#include <vector>

namespace tagscape {

struct MlpOptions {
  FusionOptions fusion{.min_tag_area = .04, .weight = 3, .label_smoothing = .2};
  int num_rounds = 6;
  int num_steps = 300;   ///< Of each round.
  int batch_size = 512;  ///< Superpoints a step, drawn with replacement; no more than there are.
  int num_hidden = 32;
  double dropout = 0.3;  ///< Keeps the network from memorising the labels of the previous round.
  double learning_rate = 5e-3;
  double weight_decay = 1e-2;
  std::uint64_t seed = 1;
};

/// Labels superpoints by a multi-layer perceptron of their features, of their neighbours' features and of their
/// neighbours' labels, trained on all scenes together. It separates classes that no linear rule does (chairs at desks
/// from desks).
///
/// In each round a network with one hidden layer is trained from scratch on the probabilities of the round before
/// (cross entropy, superpoints weighted by the square root of their size); its output gives new probabilities, subject
/// to the tags of the frames. Source: own; the labels of neighbours as features follow auto-context (Tu & Bai, PAMI
/// 2010). Runs on the CPU whatever the networks run on; the result is the same for the same seed and number of threads.
/// @param scenes  with `adjacency`.  @param start  initial probabilities: those of ldaLabels or frameLabels.
/// @return for each scene [S, C] probabilities; rows of superpoints that no frame shows are 0.
[[nodiscard]] std::vector<ClassRows> mlpLabels(const std::vector<SuperpointSet>& scenes,
                                               std::vector<ClassRows> start,
                                               const MlpOptions& options);

}  // namespace tagscape

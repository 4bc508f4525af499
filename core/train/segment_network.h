#pragma once

#include "core/train/scene_segments.h"

#include <cstdint>
#include <vector>

namespace tagscape {

struct SegmentNetworkOptions {
  LookBelief belief{.least_share = .04, .weight = 3, .doubt = .2};
  int num_rounds = 6;
  int num_steps = 300;   ///< Of each round.
  int batch_size = 512;  ///< Segments a step, drawn with replacement; no more than there are.
  int num_hidden = 32;
  double dropout = 0.3;  ///< Keeps it from learning by heart what the round before said.
  double learning_rate = 5e-3;
  double weight_decay = 1e-2;
  std::uint64_t seed = 1;
};

/// Names segments by a small network of their looks, of what is near them and how that was named: what a linear rule
/// cannot tell (chairs at desks from desks) it can, and it learns from all scenes together.
///
/// In each round a network of one hidden layer is trained anew, from the shares of the round before (cross-entropy,
/// segments weighted by the root of their size); what it says gives new shares, within what the tags of frames allow
/// and ask for. Source: own; auto-context (Tu & Bai, 2010) for the names of neighbours.
/// Runs on the CPU whatever the networks run on, with the same outcome for the same seed and number of threads.
/// @param scenes  with `near`.  @param start  shares to begin with: those of labelsByAppearance or labelsByFrames.
/// @return for each scene [S, C] shares; rows of segments that no frame shows are 0.
[[nodiscard]] std::vector<ClassRows> labelsByNetwork(const std::vector<SceneSegments>& scenes,
                                                     std::vector<ClassRows> start,
                                                     const SegmentNetworkOptions& options);

}  // namespace tagscape

#pragma once

#include "core/base/random.h"
#include "core/dataset/training_source.h"
#include "core/recipe/recipe.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace tagscape {

/// image: the image network alone, from frame tags. points: the point network alone, from scene tags and, with
/// frame_bags, from the tags of frames for the points they see. joint: both, and the image network's pseudo-labels
/// train the point network where a frame sees its points; after a while, points that are alike train the image network.
enum class Phase { Image, Points, Joint };
[[nodiscard]] std::string_view nameOf(Phase phase);

/// Which part of every batch a process computes.
struct RankShare {
  int rank = 0;
  int size = 1;
};

/// One thing that a step looks at, with random numbers of its own for all that is drawn about it.
struct ImageDraw {
  FrameRef frame;
  Random random;
};
struct CloudDraw {
  std::size_t scene = 0;
  Random random;
};
struct BatchPlan {
  std::vector<ImageDraw> images;
  std::vector<CloudDraw> clouds;  ///< In the joint phase each draws its frames too.
};

/// Draws every step's batch from the seed, the phase and the number of the step, and from nothing else: a run that is
/// resumed needs no memory of what it has drawn, batches can be made ahead in any order, and processes that train
/// together agree without a word. Frames (image phase) and scenes (the others) come in a new random order each epoch,
/// so that each is seen equally often. Item k of the batch of all processes is drawn alike, however many processes
/// there are; each takes a run of them. Safe to call from several threads at once.
class BatchPlanner {
 public:
  /// @param data  must outlive this.
  BatchPlanner(const TrainingData& data, const Recipe& options, RankShare share = {});

  [[nodiscard]] BatchPlan plan(Phase phase, std::int64_t step) const;

 private:
  const TrainingData& data_;
  Recipe options_;
  RankShare share_;
  std::vector<FrameRef> all_frames_;
};

}  // namespace tagscape

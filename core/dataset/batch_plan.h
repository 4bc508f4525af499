#pragma once

#include "core/base/random.h"
#include "core/dataset/training_source.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tagscape {

/// What each process draws in every step of a phase.
struct BatchSpec {
  std::string stream;             ///< Of random numbers; phases with different names draw independently.
  int num_images = 0;             ///< Frames of any scene; each becomes a crop.
  int num_clouds = 0;             ///< Subsamples of scenes.
  int frames_per_cloud = 0;       ///< Frames of its scene that are drawn with each cloud; they become crops as well,
                                  ///< matched to the points of the cloud that they see.
  bool frame_bags = false;        ///< Whether the points that a frame sees form a bag with the frame's tags.
  bool with_labels = false;       ///< Whether the batch has the true labels of pixels and points.
  bool with_superpoints = false;  ///< Whether the batch has the superpoints of the points.
};

/// The part of every batch that a process computes.
struct RankShare {
  int rank = 0;
  int size = 1;
};

/// A frame or cloud drawn by a step, with a stream of random numbers for its augmentation.
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
  std::vector<CloudDraw> clouds;  ///< Each draws its own frames as well, if the specification asks for them.
};

/// Draws the batches. A batch depends on the seed, the specification and the step alone: a resumed run draws as if it
/// had not been interrupted, batches can be prepared ahead in any order, and processes that train together need not
/// communicate to draw. Each epoch goes through frames and scenes in a new random order. Item k of the joint batch is
/// the same for any number of processes; each process has a contiguous range of items. Thread-safe.
class BatchPlanner {
 public:
  /// @param data  must outlive the planner.
  BatchPlanner(const TrainingData& data, std::uint64_t seed, RankShare share = {});

  [[nodiscard]] BatchPlan plan(const BatchSpec& spec, std::int64_t step) const;

 private:
  const TrainingData& data_;
  std::uint64_t seed_;
  RankShare share_;
  std::vector<FrameRef> all_frames_;
};

}  // namespace tagscape

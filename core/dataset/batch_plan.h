#pragma once

#include "core/base/random.h"
#include "core/dataset/training_source.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tagscape {

/// What every step of a phase draws, for each process.
struct BatchSpec {
  std::string stream;        ///< Names the random numbers: they do not depend on what other phases draw.
  int num_images = 0;        ///< Frames of any scene; each becomes a crop.
  int num_clouds = 0;        ///< Subsamples of scenes.
  int frames_per_cloud = 0;  ///< Frames of its scene that are drawn with each cloud; they become crops, too, with
                             ///< the points of the cloud that they show.
  bool frame_bags = false;   ///< Whether points that frames see are gathered, to be classified by the frames' tags.
  bool with_labels = false;  ///< Whether the batch has the truth of pixels and points.
  bool with_superpoints = false;  ///< Whether the points of clouds are numbered by superpoint.
};

/// Which part of every batch a process computes.
struct RankShare {
  int rank = 0;
  int size = 1;
};

/// What a step draws: a frame or a cloud, with random numbers of its own for all that is drawn about it.
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
  std::vector<CloudDraw> clouds;  ///< Each draws its own frames too, if the specification has any.
};

/// Draws every step's batch from the seed, the specification and the number of the step, and from nothing else: a run
/// that is resumed needs no memory of what it has drawn, batches can be made ahead in any order, and processes that
/// train together agree without communicating. Frames and scenes come in a new random order each epoch, so that each is
/// drawn equally often. Item k of the batch of all processes is the same for any number of processes, each of which
/// takes a run of items. Safe to call from several threads at once.
class BatchPlanner {
 public:
  /// @param data  must outlive this.
  BatchPlanner(const TrainingData& data, std::uint64_t seed, RankShare share = {});

  [[nodiscard]] BatchPlan plan(const BatchSpec& spec, std::int64_t step) const;

 private:
  const TrainingData& data_;
  std::uint64_t seed_;
  RankShare share_;
  std::vector<FrameRef> all_frames_;
};

}  // namespace tagscape

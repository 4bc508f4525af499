#pragma once

// Private to core/workflows.

#include "core/base/job.h"
#include "core/dataset/training_data.h"
#include "core/train/trainer.h"
#include "core/workflows/scene_predictor.h"
#include "core/workflows/train_checkpoint.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape {

/// What a training needs before its first step.
struct TrainSetup {
  std::string device;
  int num_threads = 0;
  std::shared_ptr<const TrainingData> data;
  std::unique_ptr<Trainer> trainer;
  std::shared_ptr<const TrainingData> live_data;  ///< What `live` shows.
  std::vector<LiveSnapshot> live;                 ///< Of the first scenes; of several ranks only on the first.
  bool image_learnt = false;   ///< Whether the weights to begin with are those of a network that has learnt: of
  bool points_learnt = false;  ///< another run, not of the resumed one, which says so itself.
};

/// Chooses threads, makes the networks, reads the data. Networks first: an unavailable device is reported at
/// once. An exchange: ranks that see other data than the first would wait for each other in vain.
/// @param resumed  whose weights to take, or null.
/// Errors: of networks, weights and data; InvalidInput if ranks see different data; Cancelled.
[[nodiscard]] Result<TrainSetup> setUpTraining(const std::vector<SharedScene>& scenes,
                                               const Recipe& options,
                                               const ResumableCheckpoint* resumed,
                                               const std::shared_ptr<ProcessGroup>& group,
                                               const Job& job);

/// Errors: InvalidInput on ranks that have another number than the first. An exchange.
[[nodiscard]] Status checkSameEverywhere(ProcessGroup& group, std::string_view what, std::int64_t own);

}  // namespace tagscape

#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/train/training_batch_torch.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace tagscape {

/// Prepares the batches of the next steps on worker threads.
class BatchLoader {
 public:
  /// @param num_threads  at least 1; one more batch than threads is kept ready.
  BatchLoader(std::shared_ptr<const BatchMaker> maker, int num_threads);
  ~BatchLoader();
  BatchLoader(const BatchLoader&) = delete;
  BatchLoader& operator=(const BatchLoader&) = delete;

  /// Discards all prepared batches and starts with this step.
  void start(BatchSpec spec, std::int64_t first_step);
  /// The batch of the next step, in order; waits until it is ready. Errors: those of BatchMaker::make; Internal for an
  /// exception.
  [[nodiscard]] Result<TrainingBatch> next();

 private:
  void work(const std::stop_token& stop);

  std::shared_ptr<const BatchMaker> maker_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  BatchSpec spec_;
  std::int64_t round_ = 0;    ///< Number of start() calls; batches of earlier rounds are discarded.
  std::int64_t to_make_ = 0;  ///< The next step that no thread has started.
  std::int64_t to_take_ = 0;
  bool started_ = false;
  std::map<std::int64_t, Result<TrainingBatch>> ready_;
  std::int64_t ahead_;
  std::vector<std::jthread> threads_;  ///< Last, since they use all other members.
};

}  // namespace tagscape

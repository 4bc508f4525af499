#pragma once

// Private to the learning modules: tensor types appear here.

#include "core/train/training_batch_torch.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace tagscape {

/// Makes the batches of the next steps on threads of its own while one is computed with.
class BatchLoader {
 public:
  /// @param num_threads  1 and more; as many batches and one more are kept ready.
  BatchLoader(std::shared_ptr<const BatchMaker> maker, int num_threads);
  ~BatchLoader();
  BatchLoader(const BatchLoader&) = delete;
  BatchLoader& operator=(const BatchLoader&) = delete;

  /// Discards the batches that were made, and begins with this step.
  void start(BatchSpec spec, std::int64_t first_step);
  /// The batch of the next step; waits until it is there. Errors: those of BatchMaker::make; Internal for an exception.
  [[nodiscard]] Result<TrainingBatch> next();

 private:
  void work(const std::stop_token& stop);

  std::shared_ptr<const BatchMaker> maker_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  BatchSpec spec_;
  std::int64_t round_ = 0;    ///< Counts start(): what was begun before it is thrown away.
  std::int64_t to_make_ = 0;  ///< The next step that no thread has begun with.
  std::int64_t to_take_ = 0;
  bool started_ = false;
  std::map<std::int64_t, Result<TrainingBatch>> ready_;
  std::int64_t ahead_;
  std::vector<std::jthread> threads_;  ///< Last: they use all the others.
};

}  // namespace tagscape

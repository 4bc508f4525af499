#include "core/distributed/torch_failure.h"
#include "core/train/batch_loader_torch.h"

namespace tagscape {
namespace {

Result<TrainingBatch> makeOrFail(const BatchMaker& maker, const BatchSpec& spec, std::int64_t step) {
  try {
    return maker.make(spec, step);
  } catch (const std::exception& failure) {
    return fail(torchFailure("making a batch", failure, "image_batch, points_batch, joint_batch or points_per_cloud"));
  }
}

}  // namespace

BatchLoader::BatchLoader(std::shared_ptr<const BatchMaker> maker, int num_threads)
    : maker_(std::move(maker)), ahead_(num_threads + 1) {
  for (int i = 0; i < num_threads; ++i) {
    threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
  }
}

BatchLoader::~BatchLoader() {
  for (std::jthread& thread : threads_) thread.request_stop();
  changed_.notify_all();
}

void BatchLoader::start(BatchSpec spec, std::int64_t first_step) {
  const std::lock_guard lock(mutex_);
  spec_ = std::move(spec);
  to_make_ = to_take_ = first_step;
  ready_.clear();
  started_ = true;
  ++round_;
  changed_.notify_all();
}

Result<TrainingBatch> BatchLoader::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return ready_.contains(to_take_); });
  auto node = ready_.extract(to_take_++);
  changed_.notify_all();
  return std::move(node.mapped());
}

void BatchLoader::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [&] { return started_ && to_make_ < to_take_ + ahead_; })) {
    const std::int64_t step = to_make_++, round = round_;
    const BatchSpec spec = spec_;
    lock.unlock();
    Result<TrainingBatch> made = makeOrFail(*maker_, spec, step);
    lock.lock();
    if (round == round_) ready_.emplace(step, std::move(made));
    changed_.notify_all();
  }
}

}  // namespace tagscape

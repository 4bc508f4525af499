#include "ui/jobs/job_runner.h"

#include <chrono>
#include <sys/resource.h>
#include <unistd.h>

namespace tagscape {
namespace {

constexpr int kLowNiceness = 10;

}  // namespace

JobRunner::JobRunner(Priority priority, QObject* parent)
    : QObject(parent), thread_([this, priority](const std::stop_token& quit) { loop(quit, priority); }) {}

JobRunner::~JobRunner() {
  drop();
  thread_.request_stop();
  wake_.notify_all();
  thread_.join();
}

void JobRunner::enqueue(Work work) {
  auto request = std::make_unique<Request>();
  request->number = ++latest_;
  request->work = std::move(work);
  {
    const std::lock_guard lock(mutex_);
    running_stop_.request_stop();
    waiting_ = std::move(request);
  }
  wake_.notify_all();
  setBusy(true);
}

void JobRunner::cancel() {
  const std::lock_guard lock(mutex_);
  running_stop_.request_stop();
  if (waiting_) waiting_->stop.request_stop();
}

void JobRunner::drop() {
  ++latest_;
  {
    const std::lock_guard lock(mutex_);
    running_stop_.request_stop();
    waiting_.reset();
  }
  setBusy(false);
}

void JobRunner::loop(const std::stop_token& quit, Priority priority) {
  // On Linux the niceness is the thread's own; threads that it starts inherit it.
  if (priority == Priority::Low && ::getpriority(PRIO_PROCESS, 0) < kLowNiceness)
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kLowNiceness);
  while (true) {
    std::unique_ptr<Request> request;
    {
      std::unique_lock lock(mutex_);
      if (!wake_.wait(lock, quit, [this] { return waiting_ != nullptr; })) return;
      request = std::move(waiting_);
      running_stop_ = request->stop;
    }
    const Job job{progressSink(request->number), request->stop.get_token()};
    std::function<void()> deliver = request->work(job);
    QMetaObject::invokeMethod(
        this,
        [this, number = request->number, deliver = std::move(deliver)] {
          if (number != latest_) return;
          setBusy(false);
          deliver();
        },
        Qt::QueuedConnection);
  }
}

ProgressSink JobRunner::progressSink(std::uint64_t number) {
  using Clock = std::chrono::steady_clock;
  return [this, number, last = Clock::time_point{}, last_stage = std::string()](const Progress& progress) mutable {
    const auto now = Clock::now();
    if (progress.stage == last_stage && now - last < std::chrono::milliseconds(33)) return;
    last = now;
    last_stage = progress.stage;
    QMetaObject::invokeMethod(
        this,
        [this, number, progress] {
          if (number == latest_) Q_EMIT progressed(progress);
        },
        Qt::QueuedConnection);
  };
}

void JobRunner::setBusy(bool is_busy) {
  if (is_busy_ == is_busy) return;
  is_busy_ = is_busy;
  Q_EMIT busyChanged(is_busy);
}

}  // namespace tagscape

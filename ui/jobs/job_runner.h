#pragma once

#include "core/base/job.h"

#include <QObject>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace tagscape {

/// Runs the latest of its jobs on a worker thread: a new job stops the running one and replaces a waiting one, and only
/// the result of the latest is delivered, on the thread that owns the runner.
///
/// All public functions must be called on the owning thread.
class JobRunner : public QObject {
  Q_OBJECT

 public:
  /// Low: its thread, and threads started by it, yield the processors to drawing, scrubbing and other jobs.
  enum class Priority { Normal, Low };
  explicit JobRunner(Priority priority = Priority::Normal, QObject* parent = nullptr);
  /// Stops the running job, waits for it, and discards its result.
  ~JobRunner() override;

  /// @param work     called on the worker with a Job for stopping and progress; an exception becomes an Internal error.
  /// @param deliver  called on the owning thread with the result, unless a later start() made it stale.
  template <class T>
  void start(std::function<Result<T>(const Job&)> work, std::function<void(Result<T>)> deliver) {
    enqueue([work = std::move(work), deliver = std::move(deliver)](const Job& job) -> std::function<void()> {
      auto result = std::make_shared<Result<T>>(guarded<T>(work, job));
      return [deliver, result] { deliver(std::move(*result)); };
    });
  }

  /// Requests the job to stop. Its result, usually a Cancelled error, is still delivered.
  void cancel();
  /// Requests the job to stop and discards its result.
  void drop();
  [[nodiscard]] bool isBusy() const { return is_busy_; }

 Q_SIGNALS:
  /// Progress of the latest job, on the owning thread, at most about 30 times a second.
  void progressed(const tagscape::Progress& progress);
  void busyChanged(bool is_busy);

 private:
  using Work = std::function<std::function<void()>(const Job&)>;

  template <class T>
  static Result<T> guarded(const std::function<Result<T>(const Job&)>& work, const Job& job) {
    try {
      return work(job);
    } catch (const std::exception& exception) {
      return fail(ErrorCode::Internal, std::string("An unexpected failure: ") + exception.what());
    }
  }

  struct Request {
    std::uint64_t number = 0;
    Work work;
    std::stop_source stop;
  };

  void enqueue(Work work);
  void loop(const std::stop_token& quit, Priority priority);
  [[nodiscard]] ProgressSink progressSink(std::uint64_t number);
  void setBusy(bool is_busy);

  std::uint64_t latest_ = 0;  // Owning thread only, as is is_busy_.
  bool is_busy_ = false;
  std::mutex mutex_;  // Guards the next two.
  std::unique_ptr<Request> waiting_;
  std::stop_source running_stop_{std::nostopstate};
  std::condition_variable_any wake_;
  std::jthread thread_;  // Last: it must end before anything else goes.
};

}  // namespace tagscape

#include "core/distributed/heartbeat_monitor_torch.h"

#include <fmt/format.h>
#include <torch/csrc/distributed/c10d/Store.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <vector>

namespace tagscape {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kBeat = 1000ms;
constexpr auto kUrgentBeat = 200ms;
/// Three missed heartbeats: enough to name a rank once an exchange has failed, too few to end a run alone.
constexpr auto kUrgentSilence = 3000ms;
constexpr auto kPatience = 5000ms;                     ///< For the store to answer at the end.
constexpr std::int64_t kLeft = std::int64_t{1} << 40;  ///< Added to the beats of a rank that has ended in order.

const std::string kFailure = "failure";
const std::string kHeard = "heard";  // how many ranks have read it, besides the one that hosts the store
const std::string kLost = "lost";    // how many cannot be expected to
std::string beatsOf(int rank) { return fmt::format("beats/{}", rank); }
std::vector<std::uint8_t> bytesOf(const std::string& text) { return {text.begin(), text.end()}; }
double seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

/// What one rank showed last.
struct Sign {
  std::int64_t beats = -1;
  Clock::time_point seen;
};

}  // namespace

struct HeartbeatMonitor::State {
  State(c10::intrusive_ptr<c10d::Store> opened, Place where)
      : store(std::move(opened)), place(std::move(where)), signs(static_cast<std::size_t>(place.size)) {}

  // Used by the thread alone.
  c10::intrusive_ptr<c10d::Store> store;
  const Place place;
  std::vector<Sign> signs;

  // Shared, under the mutex.
  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false, urgent = false, finished = false;
  std::optional<std::string> failure, to_publish;
  Clock::time_point last_round = Clock::now();

  void run();
  void round();
  void leave();
  void publish(const std::string& reason);
  void hear(const std::string& reason);
  std::optional<std::string> findSilent(bool everywhere);
  std::optional<std::string> look(int rank, Clock::duration patience);
};

/// Looks at one rank; a reason if it has been silent for too long.
std::optional<std::string> HeartbeatMonitor::State::look(int rank, Clock::duration patience) {
  Sign& sign = signs[static_cast<std::size_t>(rank)];
  const std::int64_t beats = store->add(beatsOf(rank), 0);
  const auto now = Clock::now();  // After the answer: if this process was stopped meanwhile, the others were not.
  if (beats != sign.beats) {
    sign = {beats, now};
    return std::nullopt;
  }
  if (now - sign.seen < patience) return std::nullopt;
  if (beats >= kLeft) return fmt::format("rank {} of {} has already ended", rank, place.size);
  return fmt::format("rank {} of {} gave no sign of life for {:.0f} s: it was killed, stopped, or its machine is gone",
                     rank,
                     place.size,
                     seconds(now - sign.seen));
}

std::optional<std::string> HeartbeatMonitor::State::findSilent(bool everywhere) {
  const auto patience = everywhere ? std::min<Clock::duration>(place.silence, kUrgentSilence) : place.silence;
  const int num_looked_at = everywhere ? place.size - 1 : 1;
  for (int step = 1; step <= num_looked_at; ++step) {
    if (auto reason = look((place.rank + step) % place.size, patience)) return reason;
  }
  return std::nullopt;
}

void HeartbeatMonitor::State::hear(const std::string& reason) {
  if (!place.hosts_store) store->add(kHeard, 1);
  const std::lock_guard lock(mutex);
  failure = reason;
  changed.notify_all();
}

void HeartbeatMonitor::State::publish(const std::string& reason) {
  const auto kept = store->compareSet(kFailure, {}, bytesOf(reason));
  hear(std::string(kept.begin(), kept.end()));
}

void HeartbeatMonitor::State::round() {
  store->add(beatsOf(place.rank), 1);
  std::optional<std::string> own_failure;
  bool known = false, everywhere = false;
  {
    const std::lock_guard lock(mutex);
    own_failure = to_publish;
    known = failure.has_value();
    everywhere = urgent;
  }
  if (!known) {
    if (store->check({kFailure})) {
      const auto text = store->get(kFailure);
      hear(std::string(text.begin(), text.end()));
    } else if (own_failure) {
      publish(*own_failure);
    } else if (const auto silent = findSilent(everywhere)) {
      store->add(kLost, 1);
      publish(*silent);
    }
  }
  const std::lock_guard lock(mutex);
  last_round = Clock::now();
}

void HeartbeatMonitor::State::leave() {
  store->add(beatsOf(place.rank), kLeft);
  if (!place.hosts_store) return;
  {
    const std::lock_guard lock(mutex);
    if (!failure) return;
  }
  const auto end = Clock::now() + kUrgentSilence;
  while (Clock::now() < end && store->add(kHeard, 0) + store->add(kLost, 0) < place.size - 1)
    std::this_thread::sleep_for(50ms);
}

void HeartbeatMonitor::State::run() {
  std::optional<std::string> lost;
  try {
    for (bool go_on = true; go_on;) {
      round();
      std::unique_lock lock(mutex);
      const auto interval = std::min<Clock::duration>(urgent ? kUrgentBeat : kBeat, place.silence / 4);
      const bool was_urgent = urgent;
      changed.wait_for(
          lock, interval, [&] { return stopping || urgent != was_urgent || (to_publish.has_value() && !failure); });
      go_on = !stopping;
    }
    leave();
  } catch (const std::exception&) {
    lost = fmt::format("{} cannot be reached any more", place.meeting_point);
  }
  const std::lock_guard lock(mutex);
  if (lost && !failure) failure = lost;
  finished = true;
  changed.notify_all();
}

HeartbeatMonitor::HeartbeatMonitor(c10::intrusive_ptr<c10d::Store> store, Place place)
    : state_(std::make_shared<State>(std::move(store), std::move(place))),
      thread_([state = state_] { state->run(); }) {}

HeartbeatMonitor::~HeartbeatMonitor() {
  std::unique_lock lock(state_->mutex);
  state_->stopping = true;
  state_->changed.notify_all();
  const bool finished = state_->changed.wait_for(lock, kPatience, [&] { return state_->finished; });
  lock.unlock();
  finished ? thread_.join() : thread_.detach();
}

std::optional<std::string> HeartbeatMonitor::failure() {
  const auto now = Clock::now();
  const auto silence = state_->place.silence;
  // If this process itself was stopped for a while, its thread needs a moment to hear how the others are.
  if (now - last_asked_ > std::min<Clock::duration>(kPatience, silence)) asked_since_ = now;
  last_asked_ = now;
  const std::lock_guard lock(state_->mutex);
  if (state_->failure) return state_->failure;
  const auto waiting = now - std::max(state_->last_round, asked_since_);
  if (waiting > silence && !state_->finished)
    return fmt::format("{} has not answered for {:.0f} s", state_->place.meeting_point, seconds(waiting));
  return std::nullopt;
}

std::optional<std::string> HeartbeatMonitor::investigate() {
  {
    std::unique_lock lock(state_->mutex);
    state_->urgent = true;
    state_->changed.notify_all();
    state_->changed.wait_for(lock, kUrgentSilence + kPatience, [&] { return state_->failure || state_->finished; });
  }
  return failure();
}

void HeartbeatMonitor::abort(const std::string& reason) {
  std::unique_lock lock(state_->mutex);
  if (state_->failure || state_->finished) return;
  state_->to_publish = reason;
  state_->changed.notify_all();
  state_->changed.wait_for(lock, kPatience, [&] { return state_->failure || state_->finished; });
}

}  // namespace tagscape

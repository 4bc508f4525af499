#include "core/workflows/train_run.h"

#include "core/base/files.h"
#include "core/base/log.h"
#include "core/base/process_memory.h"
#include "core/io/cam_file.h"
#include "core/methods/training_methods.h"
#include "core/recipe/recipe_file.h"
#include "core/run/run_journal.h"
#include "core/workflows/train_setup.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <thread>
#include <unistd.h>

namespace tagscape {
namespace {

using Clock = std::chrono::steady_clock;
using Values = std::map<std::string, double>;

constexpr auto kPausePoll = std::chrono::milliseconds(100);
constexpr int kStepsToMeasureSpeed = 5;

double secondsSince(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

/// A training from preparation to the last checkpoint, with all output to the run directory.
class TrainRun {
 public:
  TrainRun(const std::vector<SharedScene>& scenes,
           RunDirectory run,
           const Recipe& options,
           const Job& job,
           std::shared_ptr<ProcessGroup> group,
           std::optional<ResumableCheckpoint> resumed = {})
      : scenes_(scenes),
        run_(std::move(run)),
        journal_(run_),
        options_(options),
        job_(job),
        group_(std::move(group)),
        plan_(phasesOf(options)),
        resumed_(std::move(resumed)) {
    status_.pid = getpid();
    status_.scene_path = scenes.front()->path.string();
    for (const TrainingPhase& phase : plan_) status_.total_steps += phase.num_steps;
    if (!resumed_) return;
    const Checkpoint& from = resumed_->checkpoint;
    status_.step = from.step;
    status_.total_steps = from.total_steps;
    image_learnt_ = from.image_learnt;
    points_learnt_ = from.points_learnt;
    earlier_s_ = from.seconds;
  }

  /// Runs and writes the final state, also after an error.
  Result<TrainReport> run() {
    auto report = train();
    if (report) {
      status_.state = RunState::Finished;
      status_.eta_s = 0;
    } else {
      status_.state = report.error().code == ErrorCode::Cancelled ? RunState::Stopped : RunState::Failed;
      status_.reason = report.error().message;
      log::error(fmt::format("training {}: {}", nameOf(status_.state), status_.reason));
      if (!all_stopped_) group_->abort(report.error());
    }
    const Status written = writes() ? journal_.end(status_) : Status();
    if (report && !written) return fail(written.error());
    return report;
  }

 private:
  Result<TrainReport> train() {
    if (writes()) TAGSCAPE_TRY(openRun());
    if (!group_->isAlone())
      log::info(fmt::format("rank {} of {}, by {}", group_->rank(), group_->size(), group_->transport()));
    TAGSCAPE_TRY(setUp());
    log::info(fmt::format("prepared in {:.1f} s, training on {}", secondsSince(begin_), report_.device));
    for (const TrainingPhase& phase : plan_) TAGSCAPE_TRY(runPhase(phase));
    report_.num_steps = status_.step;
    report_.seconds = elapsed_s();
    log::info(fmt::format("trained {} steps in {:.1f} s, peak memory {} MiB",
                          report_.num_steps,
                          report_.seconds,
                          processPeakBytes() >> 20));
    TAGSCAPE_TRY(group_->barrier());  // Rank 0's last checkpoint is part of the result: all ranks succeed or none.
    return report_;
  }

  [[nodiscard]] Trainer& trainer() { return *setup_.trainer; }

  /// Of several ranks one.
  [[nodiscard]] bool writes() const { return group_->isFirst(); }

  Status openRun() {
    TAGSCAPE_TRY(journal_.begin(status_));
    TAGSCAPE_TRY(log::addFile(run_.logFile()));
    return resumed_ ? Status() : writeConfig();
  }

  Status setUp() {
    TAGSCAPE_ASSIGN(setup_, setUpTraining(scenes_, options_, resumed_ ? &*resumed_ : nullptr, group_, job_));
    TAGSCAPE_TRY(checkSameEverywhere(*group_, "steps done", status_.step));
    image_learnt_ = image_learnt_ || setup_.image_learnt;
    points_learnt_ = points_learnt_ || setup_.points_learnt;
    describeData();
    return {};
  }

  Status writeConfig() const {
    std::string text =
        "# What this training was asked to do, complete. Written by tagscape; changing it changes nothing.\n\n";
    text += formatRecipe(options_) + "\n[data]\nscenes = [\n";
    for (const auto& scene : scenes_) text += "  '" + quotableInConfig(scene->path) + "',\n";
    text += fmt::format("]\n{}{}\n", kProcessesKey, group_->size());
    return writeFileAtomically(run_.configFile(), text);
  }

  void describeData() {
    const TrainingData& data = *setup_.data;
    report_.device = setup_.device;
    report_.num_threads = setup_.num_threads;
    report_.warnings = data.warnings;
    report_.num_scenes = static_cast<int>(data.scenes.size());
    report_.num_frames = static_cast<int>(data.numFrames());
    for (const auto& scene : data.scenes) report_.num_frames_skipped += scene.num_frames_skipped;
    if (writes()) {
      for (const std::string& warning : report_.warnings) log::warn(warning);
    }
    log::info(fmt::format("{} scenes, {} frames, {} frames left out",
                          report_.num_scenes,
                          report_.num_frames,
                          report_.num_frames_skipped));
  }

  /// Begins the phase, or goes on in it. @return how many steps it has; 0 if it is over.
  Result<int> enterPhase(const TrainingPhase& plan) {
    phase_done_ = 0;
    if (!resumed_) {
      trainer().beginPhase(plan.name, plan.num_steps);
      return plan.num_steps;
    }
    const Checkpoint& from = resumed_->checkpoint;
    if (plan.name != from.phase) return 0;  // Already completed: the phases are visited from the start.
    phase_done_ = from.phase_step;
    const int num_steps = from.phase_steps;
    if (phase_done_ < num_steps) {
      TAGSCAPE_TRY(trainer().resume({plan.name, phase_done_, num_steps}, resumed_->state, resumed_->state_file));
      log::info(fmt::format("resumed at step {} of phase {}", phase_done_, from.phase));
    }
    resumed_.reset();
    return phase_done_ < num_steps ? num_steps : 0;
  }

  Status runPhase(const TrainingPhase& plan) {
    const auto phase_begin = Clock::now();
    const double paused_before = paused_s_;
    TAGSCAPE_ASSIGN(int num_steps, enterPhase(plan));
    if (num_steps == 0) return {};
    const int first_step = phase_done_;
    status_.state = RunState::Running;
    status_.phase = plan.name;
    tail_.clear();
    while (phase_done_ < num_steps) {
      TAGSCAPE_TRY(obeyRequests());
      TAGSCAPE_ASSIGN(const Values values, stepOrKeepBatch());
      ++phase_done_;
      ++status_.step;
      image_learnt_ = image_learnt_ || plan.image_lr.has_value();
      points_learnt_ = points_learnt_ || plan.points_lr.has_value();
      const double seconds = secondsSince(phase_begin) - (paused_s_ - paused_before);
      status_.steps_per_s = (phase_done_ - first_step) / std::max(seconds, 1e-9);
      if (phase_done_ == kStepsToMeasureSpeed) {
        TAGSCAPE_ASSIGN(num_steps, stretch(plan, seconds / (phase_done_ - first_step)));
      }
      TAGSCAPE_TRY(tell(values, num_steps, phase_done_ == num_steps));
    }
    finishPhase(plan.name, secondsSince(phase_begin) - (paused_s_ - paused_before));
    TAGSCAPE_TRY(showLive());
    const Status saved = saveCheckpoint();
    // Training continues in the next phase, so the last steps of this one must be saved.
    if (saved || plan.name != plan_.back().name) return noted(saved);
    Error error = saved.error();
    error.message +=
        fmt::format(" The older checkpoints are whole: make space, then go on with tagscape train --resume {}.",
                    run_.path().string());
    return fail(std::move(error));
  }

  /// A batch with a loss that is not finite is saved for inspection.
  Result<Values> stepOrKeepBatch() {
    auto values = trainer().step();
    if (values || values.error().code != ErrorCode::Internal || group_->failure()) return values;
    const auto file = run_.path() / (writes() ? std::string("broken_batch.safetensors")
                                              : fmt::format("broken_batch.rank{}.safetensors", group_->rank()));
    if (!writeSafetensors(file, trainer().lastBatch())) return values;
    Error error = values.error();
    error.message += fmt::format(" The batch is in {}.", file.string());
    return fail(std::move(error));
  }

  /// More steps if the minimum duration would not be reached.
  Result<int> stretch(const TrainingPhase& plan, double seconds_per_step) {
    std::int64_t planned = 0;
    for (const TrainingPhase& phase : plan_) planned += phase.num_steps;
    const double share_s = options_.general.min_seconds * plan.num_steps / static_cast<double>(planned);
    const auto own = static_cast<std::int64_t>(std::min(1e7, std::ceil(share_s / seconds_per_step)));
    TAGSCAPE_ASSIGN(const std::int64_t agreed, group_->broadcast(own));
    const int needed = static_cast<int>(agreed);
    if (needed <= plan.num_steps) return plan.num_steps;
    status_.total_steps += needed - plan.num_steps;
    trainer().setPhaseSteps(needed);
    log::info(
        fmt::format("phase {}: {} steps instead of {}, to last {:.0f} s", plan.name, needed, plan.num_steps, share_s));
    return needed;
  }

  /// Metrics, state, snapshots and checkpoints, each when it is due.
  Status tell(const Values& values, int phase_steps, bool last) {
    tail_.push_back(values);
    while (tail_.size() > static_cast<std::size_t>(std::max(1, phase_steps / 10))) tail_.pop_front();
    status_.eta_s = static_cast<double>(status_.total_steps - status_.step) / status_.steps_per_s;
    if (phase_done_ == 1 || phase_done_ % options_.execution.log_every_steps == 0 || last) {
      if (writes()) journal_.recordStep({status_.step, elapsed_s(), status_.phase, values});
    }
    job_.report("training: " + status_.phase,
                status_.step,
                status_.total_steps,
                fmt::format("loss {:.3f}", values.at("loss_total")));
    if (phase_done_ == 1 || last) writeStatus();
    heartbeat();
    if (last) return {};
    if (options_.execution.live_every_s > 0 && secondsSince(last_live_) >= options_.execution.live_every_s)
      TAGSCAPE_TRY(showLive());
    const bool by_time = options_.execution.checkpoint_every_s > 0 &&
                         secondsSince(last_checkpoint_) >= options_.execution.checkpoint_every_s;
    const bool by_steps =
        options_.execution.checkpoint_every_steps > 0 && phase_done_ % options_.execution.checkpoint_every_steps == 0;
    return by_time || by_steps ? noted(saveCheckpoint()) : Status();
  }

  /// Tolerates a failed write of a file that is written again later. Other errors are returned.
  Status noted(const Status& written) {
    if (!written && written.error().code != ErrorCode::NotWritable) return written;
    journal_.reportWrite(written);
    return {};
  }

  /// Of training, including before a resumption.
  [[nodiscard]] double elapsed_s() const { return earlier_s_ + secondsSince(begin_); }

  void writeStatus() {
    if (writes()) journal_.writeStatus(status_);
  }
  void heartbeat() {
    if (writes()) journal_.heartbeat(status_);
  }

  enum class Action { GoOn, Pause, Stop };

  /// What all ranks do next: pause or stop if the run directory says so to rank 0, stop if any rank's job is stopped.
  Result<Action> nextAction() {
    constexpr std::int64_t kPause = 1, kStop = 1 << 20;
    const RunRequest request = writes() ? run_.readRequest() : RunRequest::None;
    const bool stop = request == RunRequest::Stop || job_.stopRequested();
    TAGSCAPE_ASSIGN(const std::int64_t asked, group_->sum(stop ? kStop : request == RunRequest::Pause ? kPause : 0));
    return asked >= kStop ? Action::Stop : asked > 0 ? Action::Pause : Action::GoOn;
  }

  /// Pauses while asked to. Errors: Cancelled if a stop is asked for, by the job or the run directory.
  Status obeyRequests() {
    TAGSCAPE_ASSIGN(Action action, nextAction());
    if (action == Action::Pause) {
      const auto paused_since = Clock::now();
      status_.state = RunState::Paused;
      log::info("paused");
      writeStatus();
      while (action == Action::Pause) {
        std::this_thread::sleep_for(kPausePoll);
        heartbeat();
        TAGSCAPE_ASSIGN(action, nextAction());
      }
      paused_s_ += secondsSince(paused_since);
      status_.state = RunState::Running;
      log::info("resumed");
      writeStatus();
    }
    if (action != Action::Stop) return {};
    all_stopped_ = true;
    status_.state = RunState::Stopping;
    writeStatus();
    if (status_.step > 0) TAGSCAPE_TRY(saveCheckpoint());
    return fail(ErrorCode::Cancelled,
                fmt::format("training was stopped at step {} of {}", status_.step, status_.total_steps));
  }

  void finishPhase(const std::string& phase, double seconds) {
    report_.phase_seconds.emplace_back(phase, seconds);
    Values sums;
    for (const Values& values : tail_) {
      for (const auto& [name, value] : values) sums[name] += value;
    }
    std::string listing;
    for (const auto& [name, sum] : sums) {
      if (!name.starts_with("loss_")) continue;
      const double mean = sum / static_cast<double>(tail_.size());
      report_.final_losses.emplace_back(fmt::format("{}/{}", phase, name), mean);
      listing += fmt::format(", {} {:.4f}", name, mean);
    }
    log::info(fmt::format("phase {}: {} steps in {:.1f} s ({:.1f} s waiting for data){}",
                          phase,
                          phase_done_,
                          seconds,
                          trainer().waited_s() - waited_before_s_,
                          listing));
    waited_before_s_ = trainer().waited_s();
  }

  /// No snapshots on ranks that do not write: there are none to take there.
  Status showLive() {
    last_live_ = Clock::now();
    for (std::size_t i = 0; i < setup_.live.size(); ++i) {
      TAGSCAPE_ASSIGN(const SceneCams cams,
                      setup_.live[i].take(trainer().networks(), status_.step, image_learnt_, points_learnt_));
      TAGSCAPE_TRY(noted(writeCams(run_.liveFile(cams.scene_name), cams)));
    }
    return {};
  }

  Status saveCheckpoint() {
    last_checkpoint_ = Clock::now();
    if (!writes()) return {};
    const PhasePosition& position = trainer().position();
    Checkpoint checkpoint;
    checkpoint.step = status_.step;
    checkpoint.phase = status_.phase;
    checkpoint.networks = trainer().networks().description();
    checkpoint.weights = trainer().networks().weights();
    checkpoint.phase_step = position.step;
    checkpoint.phase_steps = position.num_steps;
    checkpoint.total_steps = status_.total_steps;
    checkpoint.image_learnt = image_learnt_;
    checkpoint.points_learnt = points_learnt_;
    checkpoint.seconds = elapsed_s();
    TAGSCAPE_ASSIGN(report_.checkpoint, writeCheckpoint(run_.checkpointFolder(), checkpoint, trainer().state()));
    return {};
  }

  const std::vector<SharedScene>& scenes_;
  RunDirectory run_;
  RunJournal journal_;  ///< Only of the rank that writes.
  const Recipe& options_;
  const Job& job_;
  std::shared_ptr<ProcessGroup> group_;
  std::vector<TrainingPhase> plan_;
  std::optional<ResumableCheckpoint> resumed_;  ///< Until the phase that it is of is reached.
  TrainSetup setup_;

  RunStatus status_;
  TrainReport report_;
  std::deque<Values> tail_;  ///< Of the last tenth of the phase.
  int phase_done_ = 0;
  bool image_learnt_ = false;
  bool points_learnt_ = false;
  bool all_stopped_ = false;  ///< All ranks have agreed to stop; no communication follows.
  double paused_s_ = 0;
  double earlier_s_ = 0;
  double waited_before_s_ = 0;  ///< For data, in earlier phases.
  Clock::time_point begin_ = Clock::now();
  Clock::time_point last_live_ = begin_;
  Clock::time_point last_checkpoint_ = begin_;
};

}  // namespace

std::string quotableInConfig(const std::filesystem::path& path) {
  std::string text;
  for (const char c : path.string()) text += c == '\'' || static_cast<unsigned char>(c) < 0x20 ? '_' : c;
  return text;
}

Result<TrainReport> runTraining(const std::vector<SharedScene>& scenes,
                                RunDirectory run,
                                const Recipe& options,
                                const Job& job,
                                std::shared_ptr<ProcessGroup> group,
                                std::optional<ResumableCheckpoint> resumed) {
  return TrainRun(scenes, std::move(run), options, job, std::move(group), std::move(resumed)).run();
}

}  // namespace tagscape

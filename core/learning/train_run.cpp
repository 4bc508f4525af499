#include "core/learning/train_run.h"

#include "core/base/files.h"
#include "core/base/log.h"
#include "core/base/process_memory.h"
#include "core/io/cam_file.h"
#include "core/learning/scene_predictor.h"
#include "core/run/run_journal.h"
#include "core/train/data_options.h"
#include "core/train/threads.h"
#include "core/train/trainer.h"

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
constexpr int kStepsToJudgeSpeed = 5;

double secondsSince(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

struct PhasePlan {
  Phase phase;
  int num_steps;
};

std::vector<PhasePlan> planOf(const TrainOptions& options) {
  std::vector<PhasePlan> plan{
      {Phase::Image, options.image_steps}, {Phase::Points, options.points_steps}, {Phase::Joint, options.joint_steps}};
  std::erase_if(plan, [](const PhasePlan& phase) { return phase.num_steps == 0; });
  return plan;
}

NetworkDescription networkDescription(const TrainOptions& options) {
  NetworkDescription description;
  description.image_kind = options.image_network;
  description.point_kind = options.point_network;
  description.image_is_pretrained = !options.image_weights.empty();
  description.image_width = options.image_width;
  description.points_width = options.points_width;
  description.image_long_side_px = options.image_long_side_px;
  description.points_per_cloud = options.points_per_cloud;
  return description;
}

/// One training from preparation to the last checkpoint, and what it tells the run directory on the way.
class TrainRun {
 public:
  TrainRun(const std::vector<SharedScene>& scenes,
           RunDirectory run,
           const TrainOptions& options,
           const Job& job,
           std::shared_ptr<ProcessGroup> group,
           std::optional<ResumableCheckpoint> resumed = {})
      : scenes_(scenes),
        run_(std::move(run)),
        journal_(run_),
        options_(options),
        job_(job),
        group_(std::move(group)),
        plan_(planOf(options)),
        resumed_(std::move(resumed)) {
    status_.pid = getpid();
    status_.scene_path = scenes.front()->path.string();
    for (const PhasePlan& phase : plan_) status_.total_steps += phase.num_steps;
    if (!resumed_) return;
    const Checkpoint& from = resumed_->checkpoint;
    status_.step = from.step;
    status_.total_steps = from.total_steps;
    image_learnt_ = from.image_learnt;
    points_learnt_ = from.points_learnt;
    earlier_s_ = from.seconds;
  }

  /// Runs and leaves the final state behind, whatever it is.
  Result<TrainReport> run() {
    auto report = train();
    if (report) {
      status_.state = RunState::Finished;
      status_.eta_s = 0;
    } else {
      status_.state = report.error().code == ErrorCode::Cancelled ? RunState::Stopped : RunState::Failed;
      status_.reason = report.error().message;
      log::error(fmt::format("training {}: {}", nameOf(status_.state), status_.reason));
      if (!all_stopped_) group_->raise(report.error());
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
    chooseThreads();
    TAGSCAPE_TRY(prepare());
    log::info(fmt::format("prepared in {:.1f} s, training on {}", secondsSince(begin_), report_.device));
    for (const PhasePlan& phase : plan_) TAGSCAPE_TRY(runPhase(phase));
    report_.num_steps = status_.step;
    report_.seconds = elapsed_s();
    log::info(fmt::format("trained {} steps in {:.1f} s, peak memory {} MiB",
                          report_.num_steps,
                          report_.seconds,
                          processPeakBytes() >> 20));
    TAGSCAPE_TRY(group_->barrier());  // What rank 0 wrote last is part of it: all end well or none.
    return report_;
  }

  /// Of several ranks one.
  [[nodiscard]] bool writes() const { return group_->isFirst(); }

  Status openRun() {
    TAGSCAPE_TRY(journal_.begin(status_));
    TAGSCAPE_TRY(log::addFile(run_.logFile()));
    return resumed_ ? Status() : writeConfig();
  }

  void chooseThreads() {
    const bool large = options_.image_network == "resnet38";
    const ThreadChoice threads =
        large ? setLargeNetworkThreads(options_.num_threads) : setLearningThreads(options_.num_threads);
    log::info("threads: " + threads.reason);
    report_.num_threads = threads.torch_threads;
  }

  /// Networks, data, trainer. Networks first: a device that is not there should be said at once.
  Status prepare() {
    TAGSCAPE_ASSIGN(Networks networks, Networks::create(networkDescription(options_), options_.device, options_.seed));
    report_.device = networks.deviceName();
    TAGSCAPE_TRY(setInitialWeights(networks));
    const TrainingDataOptions wanted = dataOptionsOf(options_, networks);
    TAGSCAPE_ASSIGN(auto prepared, prepareTrainingData(scenes_, wanted, job_));
    data_ = std::make_shared<const TrainingData>(std::move(prepared));
    describeData();
    TAGSCAPE_TRY(checkSameEverywhere("frames", report_.num_frames));
    TAGSCAPE_TRY(checkSameEverywhere("steps done", status_.step));
    TAGSCAPE_ASSIGN(
        auto trainer,
        Trainer::create(std::make_shared<const TrainingSource>(data_, wanted), std::move(networks), options_, group_));
    trainer_ = std::make_unique<Trainer>(std::move(trainer));
    return writes() ? prepareLive(wanted) : Status();
  }

  /// Ranks that see other data than rank 0 would wait for each other in vain, or train something else.
  Status checkSameEverywhere(std::string_view what, std::int64_t own) {
    TAGSCAPE_ASSIGN(const std::int64_t first, group_->fromFirst(own));
    if (own == first) return {};
    return fail(ErrorCode::InvalidInput,
                fmt::format("rank {} sees {} {} where rank 0 sees {}. Give all ranks the same scans and run directory.",
                            group_->rank(),
                            own,
                            what,
                            first));
  }

  Status setInitialWeights(Networks& networks) {
    if (resumed_) return networks.setWeights(resumed_->checkpoint.weights, resumed_->checkpoint.file);
    if (!options_.image_weights.empty()) TAGSCAPE_TRY(networks.loadPretrainedImage(options_.image_weights));
    if (!options_.points_weights.empty()) TAGSCAPE_TRY(networks.loadPretrainedPoints(options_.points_weights));
    if (options_.start_from.empty()) return {};
    TAGSCAPE_ASSIGN(const RunDirectory source, RunDirectory::open(options_.start_from));
    TAGSCAPE_ASSIGN(const Checkpoint checkpoint, readNewestCheckpoint(source.checkpointFolder()));
    image_learnt_ = !checkpoint.has_state || checkpoint.image_learnt;
    points_learnt_ = !checkpoint.has_state || checkpoint.points_learnt;
    log::info(fmt::format("starting with the weights of {}", checkpoint.file.string()));
    return networks.setWeights(checkpoint.weights, checkpoint.file);
  }

  /// Snapshots show the first scenes; they need them in memory whatever the others are.
  Status prepareLive(TrainingDataOptions wanted) {
    const auto num_live = std::min(data_->scenes.size(), static_cast<std::size_t>(options_.live_scenes));
    if (num_live == 0) return {};
    if (!wanted.in_memory) {
      wanted.in_memory = true;
      wanted.clouds_per_scene = 1;
      std::vector<SharedScene> shown;
      for (std::size_t i = 0; i < num_live; ++i) shown.push_back(data_->scenes[i].scene);
      TAGSCAPE_ASSIGN(auto prepared, prepareTrainingData(shown, wanted, job_));
      live_data_ = std::make_shared<const TrainingData>(std::move(prepared));
    } else {
      live_data_ = data_;
    }
    for (std::size_t i = 0; i < std::min(num_live, live_data_->scenes.size()); ++i) {
      live_.emplace_back(*live_data_->scenes[i].scene, live_data_->scenes[i]);
    }
    return {};
  }

  Status writeConfig() const {
    std::string text =
        "# What this training was asked to do, complete. Written by tagscape; changing it changes nothing.\n\n";
    text += formatTrainConfig(options_) + "\n[data]\nscenes = [\n";
    for (const auto& scene : scenes_) text += "  '" + quotableInConfig(scene->path) + "',\n";
    text += fmt::format("]\n{}{}\n", kProcessesKey, group_->size());
    return writeFileAtomically(run_.configFile(), text);
  }

  void describeData() {
    report_.warnings = data_->warnings;
    report_.num_scenes = static_cast<int>(data_->scenes.size());
    report_.num_frames = static_cast<int>(data_->numFrames());
    for (const auto& scene : data_->scenes) report_.num_frames_skipped += scene.num_frames_skipped;
    if (writes()) {
      for (const std::string& warning : report_.warnings) log::warn(warning);
    }
    log::info(fmt::format("{} scenes, {} frames, {} frames left out",
                          report_.num_scenes,
                          report_.num_frames,
                          report_.num_frames_skipped));
  }

  /// Begins the phase, or goes on in it. @return how many steps it has; 0 if it is over.
  Result<int> enterPhase(const PhasePlan& plan) {
    phase_done_ = 0;
    if (!resumed_) {
      trainer_->beginPhase(plan.phase, plan.num_steps);
      return plan.num_steps;
    }
    const Checkpoint& from = resumed_->checkpoint;
    if (nameOf(plan.phase) != from.phase) return 0;  // It came before: the plan is walked from its beginning.
    phase_done_ = from.phase_step;
    const int num_steps = from.phase_steps;
    if (phase_done_ < num_steps) {
      TAGSCAPE_TRY(trainer_->resume({plan.phase, phase_done_, num_steps}, resumed_->state, resumed_->state_file));
      log::info(fmt::format("resumed at step {} of phase {}", phase_done_, from.phase));
    }
    resumed_.reset();
    return phase_done_ < num_steps ? num_steps : 0;
  }

  Status runPhase(const PhasePlan& plan) {
    const auto phase_begin = Clock::now();
    const double paused_before = paused_s_;
    TAGSCAPE_ASSIGN(int num_steps, enterPhase(plan));
    if (num_steps == 0) return {};
    const int first_step = phase_done_;
    status_.state = RunState::Running;
    status_.phase = nameOf(plan.phase);
    tail_.clear();
    while (phase_done_ < num_steps) {
      TAGSCAPE_TRY(obeyRequests());
      TAGSCAPE_ASSIGN(const Values values, stepOrKeepBatch());
      ++phase_done_;
      ++status_.step;
      if (plan.phase != Phase::Points) image_learnt_ = true;
      if (plan.phase != Phase::Image) points_learnt_ = true;
      const double seconds = secondsSince(phase_begin) - (paused_s_ - paused_before);
      status_.steps_per_s = (phase_done_ - first_step) / std::max(seconds, 1e-9);
      if (phase_done_ == kStepsToJudgeSpeed) {
        TAGSCAPE_ASSIGN(num_steps, stretch(plan, seconds / (phase_done_ - first_step)));
      }
      TAGSCAPE_TRY(tell(values, num_steps, phase_done_ == num_steps));
    }
    finishPhase(plan.phase, secondsSince(phase_begin) - (paused_s_ - paused_before));
    TAGSCAPE_TRY(showLive());
    const Status saved = saveCheckpoint();
    // Between phases the training goes on; what its last steps made has to be kept by somebody.
    if (saved || plan.phase != plan_.back().phase) return noted(saved);
    Error error = saved.error();
    error.message +=
        fmt::format(" The older checkpoints are whole: make space, then go on with tagscape train --resume {}.",
                    run_.path().string());
    return fail(std::move(error));
  }

  /// A batch whose loss is not finite is kept, so that a person can find out why.
  Result<Values> stepOrKeepBatch() {
    auto values = trainer_->step();
    if (values || values.error().code != ErrorCode::Internal || group_->failure()) return values;
    const auto file = run_.path() / (writes() ? std::string("broken_batch.safetensors")
                                              : fmt::format("broken_batch.rank{}.safetensors", group_->rank()));
    if (!writeSafetensors(file, trainer_->lastBatch())) return values;
    Error error = values.error();
    error.message += fmt::format(" The batch is in {}.", file.string());
    return fail(std::move(error));
  }

  /// More steps where the wished duration would not be reached.
  Result<int> stretch(const PhasePlan& plan, double seconds_per_step) {
    std::int64_t planned = 0;
    for (const PhasePlan& phase : plan_) planned += phase.num_steps;
    const double share_s = options_.min_seconds * plan.num_steps / static_cast<double>(planned);
    const auto own = static_cast<std::int64_t>(std::min(1e7, std::ceil(share_s / seconds_per_step)));
    TAGSCAPE_ASSIGN(const std::int64_t agreed, group_->fromFirst(own));
    const int needed = static_cast<int>(agreed);
    if (needed <= plan.num_steps) return plan.num_steps;
    status_.total_steps += needed - plan.num_steps;
    trainer_->setPhaseSteps(needed);
    log::info(fmt::format(
        "phase {}: {} steps instead of {}, to last {:.0f} s", nameOf(plan.phase), needed, plan.num_steps, share_s));
    return needed;
  }

  /// Metrics, state, snapshots and checkpoints, each when it is due.
  Status tell(const Values& values, int phase_steps, bool last) {
    tail_.push_back(values);
    while (tail_.size() > static_cast<std::size_t>(std::max(1, phase_steps / 10))) tail_.pop_front();
    status_.eta_s = static_cast<double>(status_.total_steps - status_.step) / status_.steps_per_s;
    if (phase_done_ == 1 || phase_done_ % options_.log_every_steps == 0 || last) {
      if (writes()) journal_.append({status_.step, elapsed_s(), status_.phase, values});
    }
    job_.report("training: " + status_.phase,
                status_.step,
                status_.total_steps,
                fmt::format("loss {:.3f}", values.at("loss_total")));
    if (phase_done_ == 1 || last) say();
    beat();
    if (last) return {};
    if (options_.live_every_s > 0 && secondsSince(last_live_) >= options_.live_every_s) TAGSCAPE_TRY(showLive());
    const bool by_time =
        options_.checkpoint_every_s > 0 && secondsSince(last_checkpoint_) >= options_.checkpoint_every_s;
    const bool by_steps = options_.checkpoint_every_steps > 0 && phase_done_ % options_.checkpoint_every_steps == 0;
    return by_time || by_steps ? noted(saveCheckpoint()) : Status();
  }

  /// Forgives a file that could not be written where there will be another one. Other errors stay.
  Status noted(const Status& written) {
    if (!written && written.error().code != ErrorCode::NotWritable) return written;
    journal_.note(written);
    return {};
  }

  /// Of training, earlier sittings of a resumed run included.
  [[nodiscard]] double elapsed_s() const { return earlier_s_ + secondsSince(begin_); }

  void say() {
    if (writes()) journal_.say(status_);
  }
  void beat() {
    if (writes()) journal_.beat(status_);
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
      say();
      while (action == Action::Pause) {
        std::this_thread::sleep_for(kPausePoll);
        beat();
        TAGSCAPE_ASSIGN(action, nextAction());
      }
      paused_s_ += secondsSince(paused_since);
      status_.state = RunState::Running;
      log::info("resumed");
      say();
    }
    if (action != Action::Stop) return {};
    all_stopped_ = true;
    status_.state = RunState::Stopping;
    say();
    if (status_.step > 0) TAGSCAPE_TRY(saveCheckpoint());
    return fail(ErrorCode::Cancelled,
                fmt::format("training was stopped at step {} of {}", status_.step, status_.total_steps));
  }

  void finishPhase(Phase phase, double seconds) {
    report_.phase_seconds.emplace_back(nameOf(phase), seconds);
    Values sums;
    for (const Values& values : tail_) {
      for (const auto& [name, value] : values) sums[name] += value;
    }
    std::string listing;
    for (const auto& [name, sum] : sums) {
      if (!name.starts_with("loss_")) continue;
      const double mean = sum / static_cast<double>(tail_.size());
      report_.final_losses.emplace_back(fmt::format("{}/{}", nameOf(phase), name), mean);
      listing += fmt::format(", {} {:.4f}", name, mean);
    }
    log::info(fmt::format("phase {}: {} steps in {:.1f} s ({:.1f} s waiting for data){}",
                          nameOf(phase),
                          phase_done_,
                          seconds,
                          trainer_->waited_s() - waited_before_s_,
                          listing));
    waited_before_s_ = trainer_->waited_s();
  }

  /// No snapshots on ranks that do not write: live_ is empty there.
  Status showLive() {
    last_live_ = Clock::now();
    for (std::size_t i = 0; i < live_.size(); ++i) {
      TAGSCAPE_ASSIGN(const SceneCams cams,
                      live_[i].take(trainer_->networks(), status_.step, image_learnt_, points_learnt_));
      TAGSCAPE_TRY(noted(writeCams(run_.liveFile(cams.scene_name), cams)));
    }
    return {};
  }

  Status saveCheckpoint() {
    last_checkpoint_ = Clock::now();
    if (!writes()) return {};
    const PhasePosition& position = trainer_->position();
    Checkpoint checkpoint;
    checkpoint.step = status_.step;
    checkpoint.phase = status_.phase;
    checkpoint.networks = trainer_->networks().description();
    checkpoint.weights = trainer_->networks().weights();
    checkpoint.phase_step = position.step;
    checkpoint.phase_steps = position.num_steps;
    checkpoint.total_steps = status_.total_steps;
    checkpoint.image_learnt = image_learnt_;
    checkpoint.points_learnt = points_learnt_;
    checkpoint.seconds = elapsed_s();
    TAGSCAPE_ASSIGN(report_.checkpoint, writeCheckpoint(run_.checkpointFolder(), checkpoint, trainer_->state()));
    return {};
  }

  const std::vector<SharedScene>& scenes_;
  RunDirectory run_;
  RunJournal journal_;  ///< Only of the rank that writes.
  const TrainOptions& options_;
  const Job& job_;
  std::shared_ptr<ProcessGroup> group_;
  std::vector<PhasePlan> plan_;
  std::optional<ResumableCheckpoint> resumed_;  ///< Until the phase that it is of is reached.
  std::shared_ptr<const TrainingData> data_;
  std::shared_ptr<const TrainingData> live_data_;
  std::unique_ptr<Trainer> trainer_;
  std::vector<LiveSnapshot> live_;

  RunStatus status_;
  TrainReport report_;
  std::deque<Values> tail_;  ///< Of the last tenth of the phase.
  int phase_done_ = 0;
  bool image_learnt_ = false;
  bool points_learnt_ = false;
  bool all_stopped_ = false;  ///< The ranks agreed to stop: nobody waits for this one.
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
                                const TrainOptions& options,
                                const Job& job,
                                std::shared_ptr<ProcessGroup> group,
                                std::optional<ResumableCheckpoint> resumed) {
  return TrainRun(scenes, std::move(run), options, job, std::move(group), std::move(resumed)).run();
}

}  // namespace tagscape

#include "core/learning/train_job.h"

#include "core/base/files.h"
#include "core/base/log.h"
#include "core/base/process_memory.h"
#include "core/io/cam_file.h"
#include "core/learning/scene_predictor.h"
#include "core/learning/train_checkpoint.h"
#include "core/run/run_directory.h"
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

constexpr double kHeartbeat_s = 1;
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

TrainingDataOptions dataOptions(const TrainOptions& options) {
  TrainingDataOptions data;
  data.image_long_side_px = options.image_long_side_px;
  data.points_per_cloud = static_cast<std::size_t>(options.points_per_cloud);
  data.clouds_per_scene = options.clouds_per_scene;
  data.tolerance = {options.tolerance_m, options.tolerance_relative};
  data.depth_source = depthSourceNamed(options.depth_source).value_or(DepthSource::Auto);  // was checked
  data.seed = options.seed;
  return data;
}

NetworkDescription networkDescription(const TrainOptions& options) {
  NetworkDescription description;
  description.image_width = options.image_width;
  description.points_width = options.points_width;
  description.image_long_side_px = options.image_long_side_px;
  description.points_per_cloud = options.points_per_cloud;
  return description;
}

/// One training from preparation to the last checkpoint, and what it tells the run directory on the way.
class TrainRun {
 public:
  TrainRun(const std::vector<SharedScene>& scenes, RunDirectory run, const TrainOptions& options, const Job& job)
      : scenes_(scenes), run_(std::move(run)), options_(options), job_(job), plan_(planOf(options)) {
    status_.pid = getpid();
    status_.scene_path = scenes.front()->path.string();
    for (const PhasePlan& phase : plan_) status_.total_steps += phase.num_steps;
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
    }
    const Status written = run_.writeStatus(status_);
    if (report && !written) return fail(written.error());
    return report;
  }

 private:
  Result<TrainReport> train() {
    TAGSCAPE_TRY(run_.writeStatus(status_));
    TAGSCAPE_TRY(log::addFile(run_.logFile()));
    TAGSCAPE_TRY(writeConfig());
    const ThreadChoice threads = setLearningThreads(options_.num_threads);
    log::info("threads: " + threads.reason);
    report_.num_threads = threads.torch_threads;
    // Before the data are read: a device that is not there should be said at once.
    TAGSCAPE_ASSIGN(Networks networks, Networks::create(networkDescription(options_), options_.device, options_.seed));
    report_.device = networks.deviceName();
    TAGSCAPE_ASSIGN(auto prepared, prepareTrainingData(scenes_, dataOptions(options_), job_));
    data_ = std::make_shared<const TrainingData>(std::move(prepared));
    describeData();
    TAGSCAPE_ASSIGN(auto trainer, Trainer::create(data_, std::move(networks), options_));
    trainer_ = std::make_unique<Trainer>(std::move(trainer));
    const auto num_live = std::min(scenes_.size(), static_cast<std::size_t>(options_.live_scenes));
    for (std::size_t i = 0; i < num_live; ++i) live_.emplace_back(*scenes_[i], data_->scenes[i]);

    log::info(fmt::format("prepared in {:.1f} s, training on {}", secondsSince(begin_), report_.device));
    for (const PhasePlan& phase : plan_) TAGSCAPE_TRY(runPhase(phase));
    report_.num_steps = status_.step;
    report_.seconds = secondsSince(begin_);
    log::info(fmt::format("trained {} steps in {:.1f} s, peak memory {} MiB",
                          report_.num_steps,
                          report_.seconds,
                          processPeakBytes() >> 20));
    return report_;
  }

  Status writeConfig() const {
    std::string text =
        "# What this training was asked to do, complete. Written by tagscape; changing it changes nothing.\n\n";
    text += formatTrainConfig(options_) + "\n[data]\nscenes = [\n";
    for (const auto& scene : scenes_) {
      std::string quoted;
      for (const char c : scene->path.string()) quoted += c == '\'' || static_cast<unsigned char>(c) < 0x20 ? '_' : c;
      text += "  '" + quoted + "',\n";
    }
    return writeFileAtomically(run_.configFile(), text + "]\n");
  }

  void describeData() {
    report_.warnings = data_->warnings;
    report_.num_scenes = static_cast<int>(data_->scenes.size());
    report_.num_frames = static_cast<int>(data_->numFrames());
    for (const auto& scene : data_->scenes) report_.num_frames_skipped += scene.num_frames_skipped;
    for (const std::string& warning : report_.warnings) log::warn(warning);
    log::info(fmt::format("{} scenes, {} frames, {} frames left out",
                          report_.num_scenes,
                          report_.num_frames,
                          report_.num_frames_skipped));
  }

  Status runPhase(const PhasePlan& plan) {
    const auto phase_begin = Clock::now();
    double paused_before = paused_s_;
    int num_steps = plan.num_steps;
    status_.state = RunState::Running;
    status_.phase = nameOf(plan.phase);
    phase_done_ = 0;
    tail_.clear();
    trainer_->beginPhase(plan.phase, num_steps);
    while (phase_done_ < num_steps) {
      TAGSCAPE_TRY(obeyRequests());
      TAGSCAPE_ASSIGN(const Values values, trainer_->step());
      ++phase_done_;
      ++status_.step;
      (plan.phase == Phase::Points ? points_learnt_ : image_learnt_) = true;
      if (plan.phase == Phase::Joint) points_learnt_ = true;
      const double seconds = secondsSince(phase_begin) - (paused_s_ - paused_before);
      if (phase_done_ == kStepsToJudgeSpeed) num_steps = stretch(plan, seconds / phase_done_);
      TAGSCAPE_TRY(tell(values, seconds, num_steps, phase_done_ == num_steps));
    }
    finishPhase(plan.phase, secondsSince(phase_begin) - (paused_s_ - paused_before));
    TAGSCAPE_TRY(writeLive());
    return saveCheckpoint();
  }

  /// More steps where the wished duration would not be reached.
  int stretch(const PhasePlan& plan, double seconds_per_step) {
    std::int64_t planned = 0;
    for (const PhasePlan& phase : plan_) planned += phase.num_steps;
    const double share_s = options_.min_seconds * plan.num_steps / static_cast<double>(planned);
    const int needed = static_cast<int>(std::min(1e7, std::ceil(share_s / seconds_per_step)));
    if (needed <= plan.num_steps) return plan.num_steps;
    status_.total_steps += needed - plan.num_steps;
    trainer_->setPhaseSteps(needed);
    log::info(fmt::format(
        "phase {}: {} steps instead of {}, to last {:.0f} s", nameOf(plan.phase), needed, plan.num_steps, share_s));
    return needed;
  }

  /// Metrics, state, snapshots and checkpoints, each when it is due.
  Status tell(const Values& values, double phase_s, int phase_steps, bool last) {
    tail_.push_back(values);
    while (tail_.size() > static_cast<std::size_t>(std::max(1, phase_steps / 10))) tail_.pop_front();
    status_.steps_per_s = phase_done_ / std::max(phase_s, 1e-9);
    status_.eta_s = static_cast<double>(status_.total_steps - status_.step) / status_.steps_per_s;
    if (phase_done_ == 1 || phase_done_ % options_.log_every_steps == 0 || last) {
      TAGSCAPE_TRY(run_.appendMetrics({status_.step, secondsSince(begin_), status_.phase, values}));
    }
    job_.report("training: " + status_.phase,
                status_.step,
                status_.total_steps,
                fmt::format("loss {:.3f}", values.at("loss_total")));
    if (secondsSince(last_heartbeat_) >= kHeartbeat_s || phase_done_ == 1 || last) TAGSCAPE_TRY(beat());
    if (last) return {};
    if (options_.live_every_s > 0 && secondsSince(last_live_) >= options_.live_every_s) TAGSCAPE_TRY(writeLive());
    if (options_.checkpoint_every_s > 0 && secondsSince(last_checkpoint_) >= options_.checkpoint_every_s) {
      TAGSCAPE_TRY(saveCheckpoint());
    }
    return {};
  }

  Status beat() {
    last_heartbeat_ = Clock::now();
    return run_.writeStatus(status_);
  }

  /// Pauses while asked to. Errors: Cancelled if a stop is asked for, by the job or the run directory.
  Status obeyRequests() {
    RunRequest request = run_.readRequest();
    if (request == RunRequest::Pause) {
      const auto paused_since = Clock::now();
      status_.state = RunState::Paused;
      log::info("paused");
      TAGSCAPE_TRY(beat());
      while (request == RunRequest::Pause && !job_.stopRequested()) {
        std::this_thread::sleep_for(kPausePoll);
        if (secondsSince(last_heartbeat_) >= kHeartbeat_s) TAGSCAPE_TRY(beat());
        request = run_.readRequest();
      }
      paused_s_ += secondsSince(paused_since);
      status_.state = RunState::Running;
      log::info("resumed");
      TAGSCAPE_TRY(beat());
    }
    if (request != RunRequest::Stop && !job_.stopRequested()) return {};
    status_.state = RunState::Stopping;
    TAGSCAPE_TRY(beat());
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
    log::info(fmt::format("phase {}: {} steps in {:.1f} s{}", nameOf(phase), phase_done_, seconds, listing));
  }

  Status writeLive() {
    last_live_ = Clock::now();
    for (std::size_t i = 0; i < live_.size(); ++i) {
      TAGSCAPE_ASSIGN(const SceneCams cams,
                      live_[i].take(trainer_->networks(), status_.step, image_learnt_, points_learnt_));
      TAGSCAPE_TRY(writeCams(run_.liveFile(scenes_[i]->name), cams));
    }
    return {};
  }

  Status saveCheckpoint() {
    last_checkpoint_ = Clock::now();
    TAGSCAPE_ASSIGN(report_.checkpoint,
                    writeCheckpoint(run_.checkpointFolder(), status_.step, status_.phase, trainer_->networks()));
    return {};
  }

  const std::vector<SharedScene>& scenes_;
  RunDirectory run_;
  const TrainOptions& options_;
  const Job& job_;
  std::vector<PhasePlan> plan_;
  std::shared_ptr<const TrainingData> data_;
  std::unique_ptr<Trainer> trainer_;
  std::vector<LiveSnapshot> live_;

  RunStatus status_;
  TrainReport report_;
  std::deque<Values> tail_;  ///< Of the last tenth of the phase.
  int phase_done_ = 0;
  bool image_learnt_ = false;
  bool points_learnt_ = false;
  double paused_s_ = 0;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point last_heartbeat_ = begin_;
  Clock::time_point last_live_ = begin_;
  Clock::time_point last_checkpoint_ = begin_;
};

}  // namespace

Result<TrainReport> trainScenes(const std::vector<SharedScene>& scenes,
                                const std::filesystem::path& run_folder,
                                const TrainOptions& options,
                                const Job& job) {
  if (scenes.empty()) return fail(ErrorCode::InvalidInput, "there is no scene to train on. Name at least one.");
  TAGSCAPE_TRY(checkTrainOptions(options));
  TAGSCAPE_ASSIGN(RunDirectory run, RunDirectory::create(run_folder, options.overwrite));
  return TrainRun(scenes, std::move(run), options, job).run();
}

}  // namespace tagscape

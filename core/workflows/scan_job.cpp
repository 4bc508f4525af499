#include "core/workflows/scan_job.h"

#include "core/base/log.h"
#include "core/cam/cam_values.h"
#include "core/io/cam_file.h"
#include "core/models/networks.h"
#include "core/recipe/recipe_check.h"
#include "core/run/run_directory.h"
#include "core/run/run_journal.h"
#include "core/scan_training/scan_labelling.h"
#include "core/train/threads.h"
#include "core/weights/weight_store.h"
#include "core/workflows/scan_label_store.h"
#include "core/workflows/train_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace tagscape {
namespace {

constexpr std::string_view kLabelPhase = "labels";
constexpr std::string_view kBestEncoder = "efficientnet-lite2";

struct QualityRow {
  ScanQuality quality;
  std::string_view name;
  int width_px, head_steps, decoder_steps, decoder_hidden;
  bool refit;
  int image_steps, points_steps;
};
constexpr std::array<QualityRow, 3> kQualities{{
    {ScanQuality::Fast, "fast", 448, 200, 400, 64, false, 60, 20},
    {ScanQuality::Balanced, "balanced", 512, 400, 1200, 128, true, 300, 120},
    {ScanQuality::Best, "best", 640, 400, 2400, 192, true, 900, 300},
}};

const QualityRow& rowOf(ScanQuality quality) { return kQualities.at(static_cast<std::size_t>(quality)); }

/// Pixels of a frame over those at the default width.
double relativePixels(const QualityRow& row) {
  const double ratio = static_cast<double>(row.width_px) / ScanRecipe().image_width_px;
  return ratio * ratio;
}

ScanRecipe recipeOf(const ScanTrainOptions& options, std::uint64_t seed) {
  const QualityRow& row = rowOf(options.quality);
  ScanRecipe recipe;
  if (options.quality == ScanQuality::Best && findWeights(kBestEncoder)) recipe.encoder = kBestEncoder;
  if (!options.encoder.empty()) recipe.encoder = options.encoder;
  recipe.image_width_px = row.width_px;
  recipe.head_steps = row.head_steps;
  recipe.refit = row.refit;
  recipe.decoder_steps = row.decoder_steps;
  recipe.decoder_hidden = row.decoder_hidden;
  recipe.seed = seed;
  if (options.class_prior) return recipe;
  recipe.class_prior = 0;
  recipe.labels.room_prior = 0;
  return recipe;
}

/// Reports the progress of the labelling to the run directory and the caller, and stops on request of either.
class LabelProgress {
 public:
  LabelProgress(RunDirectory run, const Scene& scene, ScanQuality quality, const Job& job)
      : run_(run), journal_(std::move(run)), job_(job), quality_(quality), num_frames_(scene.frames.size()) {
    status_.pid = getpid();
    status_.phase = kLabelPhase;
    status_.scene_path = scene.path.string();
  }
  [[nodiscard]] Status begin() { return journal_.begin(status_); }
  [[nodiscard]] Job watched() {
    return {[this](const Progress& progress) { tell(progress); }, stop_.get_token()};
  }
  void end(const Error& error) {
    status_.state = error.code == ErrorCode::Cancelled ? RunState::Stopped : RunState::Failed;
    status_.reason = error.message;
    log::error(fmt::format("labelling {}: {}", nameOf(status_.state), status_.reason));
    (void)journal_.end(status_);  // The error that ended it is what is reported.
  }

 private:
  using Clock = std::chrono::steady_clock;

  void tell(const Progress& progress) {
    if (job_.stopRequested() || run_.readRequest() == RunRequest::Stop) stop_.request_stop();
    job_.report(progress.stage, progress.done, progress.total, progress.detail);
    journal_.heartbeat(status_);
    constexpr std::int64_t kFirst = 2, kMeasured = 6;  // The first frame warms up.
    if (progress.stage != "encoding frames") return;
    if (progress.done == kFirst) measured_from_ = Clock::now();
    if (progress.done != kMeasured) return;
    const double frame_s = std::chrono::duration<double>(Clock::now() - measured_from_).count() / (kMeasured - kFirst);
    std::string times;
    for (const QualityRow& row : kQualities) {
      const double seconds = expectedSeconds(row.quality, frame_s / relativePixels(rowOf(quality_)), num_frames_);
      times += fmt::format("{}{} {:.0f} s", times.empty() ? "" : ", ", row.name, seconds);
    }
    log::info(fmt::format("on this machine, about: {} (--quality)", times));
  }
  RunDirectory run_;
  RunJournal journal_;
  const Job& job_;
  ScanQuality quality_;
  std::size_t num_frames_;
  RunStatus status_;
  std::stop_source stop_;
  Clock::time_point measured_from_ = Clock::now();
};

void logDoubts(const Scene& scene, const std::vector<DoubtfulTag>& doubts) {
  constexpr std::size_t kMaxNamed = 10;
  for (std::size_t i = 0; i < std::min(doubts.size(), kMaxNamed); ++i) {
    const DoubtfulTag& doubt = doubts[i];
    const auto name = classCatalog()[static_cast<std::size_t>(doubt.class_index)].name;
    const int frame = scene.frames[doubt.frame].number;
    log::info(
        doubt.is_missing
            ? fmt::format(
                  "frame {}: the tag '{}' may be missing ({:.0f} % of the picture)", frame, name, 100 * doubt.area)
            : fmt::format("frame {}: nothing was found for the tag '{}'", frame, name));
  }
  if (doubts.size() > kMaxNamed) log::info(fmt::format("and {} more doubtful tags", doubts.size() - kMaxNamed));
}

Status keepLabels(const RunDirectory& run, const Scene& scene, SceneCams labels) {
  TAGSCAPE_TRY(writeScanLabels(run, scene, labels));
  const std::filesystem::path file = run.predictionFile(scene.name);
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  labels.origin = "labels of the scan from its tags";
  labels.point_logits.clear();
  for (FrameCams& frame : labels.frames) frame.logits.clear();
  return writeCams(file, labels);
}

Result<SceneCams> labelScan(const RunDirectory& run,
                            const SharedScene& scene,
                            const ScanTrainOptions& options,
                            const Recipe& training,
                            const Job& job) {
  (void)setLargeNetworkThreads(training.execution.num_threads);
  LabelProgress progress(run, *scene, options.quality, job);
  TAGSCAPE_TRY(progress.begin());
  TAGSCAPE_TRY(log::addFile(run.logFile()));
  log::info(fmt::format("class prior: {}", options.class_prior ? "imagenet, and places in rooms" : "none"));
  auto labelled = labelScanFromTags(scene, recipeOf(options, training.general.seed), progress.watched());
  if (labelled) {
    logDoubts(*scene, labelled->doubts);
    const Status kept = keepLabels(run, *scene, labelled->cams);
    if (kept) return std::move(labelled->cams);
    labelled = fail(kept.error());
  }
  progress.end(labelled.error());
  return fail(labelled.error());
}

}  // namespace

std::string_view nameOf(ScanQuality quality) { return rowOf(quality).name; }

Result<ScanQuality> scanQualityNamed(std::string_view name) {
  for (const QualityRow& row : kQualities) {
    if (row.name == name) return row.quality;
  }
  return fail(ErrorCode::InvalidInput, fmt::format("there is no quality '{}'. Choose fast, balanced or best.", name));
}

Recipe distillationRecipe(ScanQuality quality) {
  Recipe training;
  training.general.preset = "scan";
  training.phases.supervision = Supervision::Labels;
  training.phases.image_steps = rowOf(quality).image_steps;
  training.phases.points_steps = rowOf(quality).points_steps;
  training.phases.joint_steps = 0;
  // The labels are the prediction of this scan; snapshots of the networks trained on them would replace it.
  training.execution.live_scenes = 0;
  return training;
}

double expectedSeconds(ScanQuality quality, double frame_s, std::size_t num_frames) {
  // In frames encoded at the default width: the solution of superpoints, a step of the decoder, of the image and of the
  // point network, as measured on two cores of an EPYC.
  constexpr double kLabelsPerFrame = .35, kDecoderStep = .03, kImageStep = .4, kPointsStep = .7;
  const QualityRow& row = rowOf(quality);
  const double labels = kLabelsPerFrame * (row.refit ? 2 : 1) * static_cast<double>(num_frames);
  return frame_s * (relativePixels(row) * static_cast<double>(num_frames) + labels + kDecoderStep * row.decoder_steps +
                    kImageStep * row.image_steps + kPointsStep * row.points_steps);
}

Result<TrainReport> trainScan(const SharedScene& scene,
                              const std::filesystem::path& run_folder,
                              const ScanTrainOptions& options,
                              const Recipe& training,
                              const Job& job) {
  TAGSCAPE_TRY(checkRecipe(training));
  // Report an unavailable device at once, not after labelling.
  TAGSCAPE_TRY(Networks::create({}, training.execution.device, training.general.seed));
  if (options.resume && RunDirectory::isRun(run_folder)) {
    if (const auto labels = readScanLabels(run_folder, *scene))
      return resumeTraining({sceneWithLabels(scene, *labels)}, run_folder, training, job);
  }
  TAGSCAPE_ASSIGN(RunDirectory run, RunDirectory::create(run_folder, training.execution.overwrite || options.resume));
  TAGSCAPE_ASSIGN(const SceneCams labels, labelScan(run, scene, options, training, job));
  return runTraining({sceneWithLabels(scene, labels)}, std::move(run), training, job, ProcessGroup::alone());
}

}  // namespace tagscape

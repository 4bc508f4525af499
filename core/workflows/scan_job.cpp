#include "core/workflows/scan_job.h"

#include "core/base/log.h"
#include "core/cam/cam_values.h"
#include "core/io/cam_file.h"
#include "core/models/networks.h"
#include "core/recipe/presets.h"
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
#include <chrono>
#include <optional>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace tagscape {
namespace {

constexpr std::string_view kLabelPhase = "labels";
constexpr std::string_view kBestEncoder = "efficientnet-lite2";

/// Pixels of a frame over those at the default width.
double relativePixels(const Recipe& recipe) {
  const double ratio = static_cast<double>(recipe.scan.encoder_width_px) / Recipe().scan.encoder_width_px;
  return ratio * ratio;
}

bool usesPrior(const Recipe& recipe) { return recipe.scan.class_prior != ClassPrior::None; }

ScanRecipe labellingOf(const Recipe& recipe) {
  const auto& options = recipe.scan;
  ScanRecipe labelling;
  if (options.quality == ScanQuality::Best && findWeights(kBestEncoder)) labelling.encoder = kBestEncoder;
  if (!options.encoder.empty()) labelling.encoder = options.encoder;
  labelling.class_prior = usesPrior(recipe) ? options.class_prior_weight : 0;
  labelling.labels.room_prior = usesPrior(recipe) ? static_cast<float>(options.room_prior_weight) : 0;
  labelling.labels.smoothing = static_cast<float>(options.superpoint_smoothing);
  labelling.labels.tag_model.false_tags = static_cast<float>(options.false_tags);
  labelling.labels.tag_model.hidden = static_cast<float>(options.hidden_tags);
  labelling.image_width_px = options.encoder_width_px;
  labelling.head_steps = options.head_steps;
  labelling.tag_parts = options.tag_parts;
  labelling.refit = options.head_refit;
  labelling.decoder_steps = options.decoder_steps;
  labelling.decoder_hidden = options.decoder_hidden;
  labelling.seed = recipe.general.seed;
  return labelling;
}

/// Reports the progress of the labelling to the run directory and the caller, and stops on request of either.
class LabelProgress {
 public:
  LabelProgress(RunDirectory run, const Scene& scene, const Recipe& recipe, const Job& job)
      : run_(run), journal_(std::move(run)), job_(job), recipe_(recipe), num_frames_(scene.frames.size()) {
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
    status_.note.clear();
    status_.step = status_.total_steps = 0;  // They counted something else than steps of training.
    status_.eta_s = 0;
    log::error(fmt::format("labelling {}: {}", nameOf(status_.state), status_.reason));
    (void)journal_.end(status_);  // The error that ended it is what is reported.
  }

 private:
  using Clock = std::chrono::steady_clock;

  void tell(const Progress& progress) {
    if (job_.stopRequested() || run_.readRequest() == RunRequest::Stop) stop_.request_stop();
    job_.report(progress.stage, progress.done, progress.total, progress.detail);
    status_.step = progress.done;
    status_.total_steps = progress.total;
    status_.note = fmt::format("{}, quality {}", progress.stage, nameOf(recipe_.scan.quality));
    if (progress.stage == "encoding frames") measure(progress);
    if (expected_end_) status_.eta_s = std::max(0., secondsUntil(*expected_end_));
    journal_.heartbeat(status_);
  }
  /// Tells once how long each quality takes, from a few frames after the first, which warms up.
  void measure(const Progress& progress) {
    constexpr std::int64_t kFirst = 2, kMeasured = 6;
    const std::int64_t last = std::min(kMeasured, progress.total - 1), first = std::min(kFirst, last - 1);
    if (progress.done == first) measured_from_ = Clock::now();
    if (progress.done != last || last <= first || expected_end_) return;
    const double frame_s =
        std::chrono::duration<double>(Clock::now() - measured_from_).count() / static_cast<double>(last - first);
    const double relative_s = frame_s / relativePixels(recipe_);
    const double left_s = expectedSeconds(recipe_, relative_s, num_frames_) - frame_s * static_cast<double>(last);
    expected_end_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(left_s));
    log::info(fmt::format("on this machine, about: {} (--quality)", timesByQuality(relative_s)));
    status_.eta_s = left_s;
    journal_.writeStatus(status_);
  }
  [[nodiscard]] static double secondsUntil(std::chrono::steady_clock::time_point end) {
    return std::chrono::duration<double>(end - Clock::now()).count();
  }
  /// "fast 20 s, balanced 90 s, best 300 s"
  [[nodiscard]] std::string timesByQuality(double frame_s) const {
    std::string times;
    for (const auto quality : {ScanQuality::Fast, ScanQuality::Balanced, ScanQuality::Best}) {
      Recipe other = recipe_;
      setScanQuality(other, quality);
      const double seconds = expectedSeconds(quality == recipe_.scan.quality ? recipe_ : other, frame_s, num_frames_);
      times += fmt::format("{}{} {:.0f} s", times.empty() ? "" : ", ", nameOf(quality), seconds);
    }
    return times;
  }

  RunDirectory run_;
  RunJournal journal_;
  const Job& job_;
  const Recipe& recipe_;
  std::size_t num_frames_;
  RunStatus status_;
  std::stop_source stop_;
  Clock::time_point measured_from_ = Clock::now();
  std::optional<Clock::time_point> expected_end_;
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

Result<SceneCams> labelScan(const RunDirectory& run, const SharedScene& scene, const Recipe& recipe, const Job& job) {
  (void)setLargeNetworkThreads(recipe.execution.num_threads);
  LabelProgress progress(run, *scene, recipe, job);
  TAGSCAPE_TRY(progress.begin());
  TAGSCAPE_TRY(log::addFile(run.logFile()));
  log::info(fmt::format("class prior: {}", usesPrior(recipe) ? "imagenet, and places in rooms" : "none"));
  auto labelled = labelScanFromTags(scene, labellingOf(recipe), progress.watched());
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

double expectedSeconds(const Recipe& recipe, double frame_s, std::size_t num_frames) {
  // In frames encoded at the default width: the solution of superpoints, a step of the decoder, of the image and of the
  // point network, as measured on two cores of an EPYC.
  constexpr double kLabelsPerFrame = .35, kDecoderStep = .03, kImageStep = .4, kPointsStep = .7;
  const double labels = kLabelsPerFrame * (recipe.scan.head_refit ? 2 : 1) * static_cast<double>(num_frames);
  return frame_s *
         (relativePixels(recipe) * static_cast<double>(num_frames) + labels + kDecoderStep * recipe.scan.decoder_steps +
          kImageStep * recipe.phases.image_steps + kPointsStep * recipe.phases.points_steps);
}

Result<TrainReport> trainScan(const SharedScene& scene,
                              const std::filesystem::path& run_folder,
                              const Recipe& recipe,
                              bool resumes,
                              const Job& job) {
  TAGSCAPE_TRY(checkRecipe(recipe));
  // A device that is not there should be said at once, not after the labels.
  TAGSCAPE_TRY(Networks::create({}, recipe.execution.device, recipe.general.seed));
  if (resumes && RunDirectory::isRun(run_folder)) {
    if (const auto labels = readScanLabels(run_folder, *scene))
      return resumeTraining({sceneWithLabels(scene, *labels)}, run_folder, recipe, job);
  }
  TAGSCAPE_ASSIGN(RunDirectory run, RunDirectory::create(run_folder, recipe.execution.overwrite || resumes));
  TAGSCAPE_ASSIGN(const SceneCams labels, labelScan(run, scene, recipe, job));
  return runTraining({sceneWithLabels(scene, labels)}, std::move(run), recipe, job, ProcessGroup::alone());
}

}  // namespace tagscape

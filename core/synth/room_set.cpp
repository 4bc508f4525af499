#include "core/synth/room_set.h"

#include "core/base/files.h"
#include "core/base/parallel.h"
#include "core/scans/scannet_write.h"
#include "core/synth/categories.h"

#include <fmt/format.h>

#include <atomic>
#include <cerrno>
#include <cmath>
#include <fcntl.h>
#include <mutex>
#include <sys/file.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kStage = "scanning invented rooms";
constexpr const char* kRecord = "synth.txt";
constexpr const char* kUnfinished = ".unfinished";

Status checkRange(std::string_view what, double value, double min, double max) {
  if (value >= min && value <= max) return {};
  return fail(ErrorCode::InvalidInput, fmt::format("{} must be {} to {}, not {}.", what, min, max, value));
}

Status checkOptions(const RoomSetOptions& options) {
  const auto& scene = options.scene;
  TAGSCAPE_TRY(checkRange("The number of scenes", options.num_scenes, 1, 10'000));
  TAGSCAPE_TRY(checkRange("The number of validation scenes", options.num_val, 0, options.num_scenes));
  TAGSCAPE_TRY(checkRange("The number of frames", scene.num_frames, 2, 10'000));
  TAGSCAPE_TRY(checkRange("The image width", scene.width, 32, 4096));
  TAGSCAPE_TRY(checkRange("The image height", scene.height, 32, 4096));
  TAGSCAPE_TRY(checkRange("The depth noise (m)", scene.sensor.depth_noise_m, 0, 1));
  TAGSCAPE_TRY(checkRange("The depth step (mm)", scene.sensor.depth_step_mm, 1, 1000));
  TAGSCAPE_TRY(checkRange("The colour noise", scene.sensor.color_noise, 0, 1));
  TAGSCAPE_TRY(checkRange("The blur (px)", scene.sensor.blur_px, 0, 20));
  TAGSCAPE_TRY(checkRange("The exposure", scene.sensor.exposure, 0, .9));
  TAGSCAPE_TRY(checkRange("The light", scene.sensor.light, 0, 1));
  TAGSCAPE_TRY(checkRange("The holes", scene.sensor.holes, 0, 5));
  TAGSCAPE_TRY(checkRange("The motion blur (px)", scene.sensor.motion_blur_px, 0, 100));
  TAGSCAPE_TRY(checkRange("The number of things of no class", scene.clutter, 0, 100));
  TAGSCAPE_TRY(checkRange("The share of missing tags", scene.missing_tags, 0, 1));
  TAGSCAPE_TRY(checkRange("The share of false tags", scene.false_tags, 0, 1));
  TAGSCAPE_TRY(checkRange("The mesh edge (m)", scene.surface.edge_m, .01, 1));
  return checkRange("The mesh noise (m)", scene.surface.noise_m, 0, .1);
}

/// Everything that the bytes depend on, a line each. The first line changes whenever the generator's output does.
std::string recordOf(const RoomSetOptions& options) {
  const synth::SceneOptions& scene = options.scene;
  const synth::SensorOptions& sensor = scene.sensor;
  const synth::SurfaceOptions& surface = scene.surface;
  std::string text = "generator = rooms 1\n";
  text += fmt::format("scenes = {}\nval = {}\nseed = {}\n", options.num_scenes, options.num_val, options.seed);
  text += fmt::format("frames = {}\nwidth = {}\nheight = {}\n", scene.num_frames, scene.width, scene.height);
  text += fmt::format("exported frames = {}\n", scene.exported_frames);
  text +=
      fmt::format("depth noise = {} m at 2 m\ndepth step = {} mm at 2 m\n", sensor.depth_noise_m, sensor.depth_step_mm);
  text += fmt::format("color noise = {}\nblur = {} px\n", sensor.color_noise, sensor.blur_px);
  text += fmt::format("exposure = {}\nlight = {}\nholes = {}\n", sensor.exposure, sensor.light, sensor.holes);
  text += fmt::format("mesh = {}\nmesh edge = {} m\n", surface.is_noisy ? "noisy" : "clean", surface.edge_m);
  text += fmt::format("mesh noise = {} m\n", surface.noise_m);
  // Only where they are used: data sets of earlier versions can be continued.
  const bool is_as_scanned = scene.fused_mesh || scene.clutter > 0 || scene.missing_tags > 0 || scene.false_tags > 0 ||
                             sensor.motion_blur_px > 0;
  if (!is_as_scanned) return text;
  text += fmt::format("fused mesh = {}\nclutter = {}\n", scene.fused_mesh, scene.clutter);
  text += fmt::format("missing tags = {}\nfalse tags = {}\n", scene.missing_tags, scene.false_tags);
  return text + fmt::format("motion blur = {} px\n", sensor.motion_blur_px);
}

std::string firstLineThatDiffers(std::string_view there, std::string_view wanted) {
  while (!wanted.empty()) {
    const std::string_view a = there.substr(0, there.find('\n'));
    const std::string_view b = wanted.substr(0, wanted.find('\n'));
    if (a != b) return fmt::format("\"{}\" there, \"{}\" now", a.substr(0, 80), b);
    there.remove_prefix(std::min(there.size(), a.size() + 1));
    wanted.remove_prefix(std::min(wanted.size(), b.size() + 1));
  }
  return "its end";
}

/// Accepts an empty or new folder, or one started by an earlier run with the same options.
Status claimFolder(const fs::path& folder, const RoomSetOptions& options) {
  const std::string record = recordOf(options);
  std::error_code code;
  if (fs::exists(folder / kRecord, code)) {
    TAGSCAPE_ASSIGN(const auto there, readTextFile(folder / kRecord, 1 << 16));
    if (there == record) return ensureWritableFolder(folder);
    return failFile(
        ErrorCode::InvalidInput,
        folder / kRecord,
        fmt::format("the data set here was made with other options: {}", firstLineThatDiffers(there, record)),
        "Name a new folder, remove this one, or use its options");
  }
  const bool is_free = !fs::exists(folder, code) || (fs::is_directory(folder, code) && fs::is_empty(folder, code));
  if (!is_free) {
    return failFile(ErrorCode::InvalidInput,
                    folder,
                    "is already there and is no data set that this program began",
                    "Name a new folder, or remove this one first");
  }
  TAGSCAPE_TRY(ensureWritableFolder(folder));
  return writeFileAtomically(folder / kRecord, record);
}

/// A lock held while scenes are made; a second process would remove the unfinished scenes of the first.
class FolderLock {
 public:
  static Result<FolderLock> take(const fs::path& folder) {
    const int file = ::open((folder / kRecord).c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return failFile(ErrorCode::NotWritable, folder / kRecord, "cannot be opened", "Try again");
    FolderLock lock(file);
    if (::flock(file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return lock;  // Some file systems have no locks.
    return failFile(ErrorCode::InvalidInput,
                    folder,
                    "another process is making this data set now",
                    "Wait for it, or name another folder");
  }
  FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock() {
    if (file_ >= 0) ::close(file_);
  }

 private:
  explicit FolderLock(int file) : file_(file) {}
  int file_;
};

std::string sceneId(int number) { return fmt::format("scene{:04}_00", number); }

/// Steps of the golden ratio give about the right proportion of kinds in every range of scenes.
synth::RoomKind kindOf(int number) {
  constexpr double kGoldenRatio = 0.6180339887498949;
  const double at = .3 + kGoldenRatio * number;
  return synth::roomKindAt(at - std::floor(at));
}

/// A folder that is removed unless its scene was published.
class SceneFolder {
 public:
  SceneFolder(const fs::path& root, const std::string& id)
      : unfinished_(root / kUnfinished / id), whole_(root / "scans" / id) {}
  SceneFolder(const SceneFolder&) = delete;
  SceneFolder& operator=(const SceneFolder&) = delete;
  ~SceneFolder() {
    std::error_code ignored;
    fs::remove_all(unfinished_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return unfinished_; }
  [[nodiscard]] Status publish() const {
    std::error_code code;
    fs::create_directories(whole_.parent_path(), code);
    if (!code) fs::rename(unfinished_, whole_, code);
    if (code) return failFile(ErrorCode::NotWritable, whole_, code.message(), "Choose a folder that you may write to");
    return {};
  }

 private:
  fs::path unfinished_, whole_;
};

/// Writes scenes and keeps count. Threads share it.
class SceneWriter {
 public:
  SceneWriter(const fs::path& root, const RoomSetOptions& options, bool frames_use_threads, const Job& job)
      : root_(root), options_(options), random_(options.seed), frames_use_threads_(frames_use_threads), job_(job) {}

  [[nodiscard]] Status write(int number) {
    const std::string id = sceneId(number);
    std::error_code code;
    if (fs::exists(root_ / "scans" / id, code)) {
      frames_done_ += options_.scene.num_frames;
      return {};
    }
    TAGSCAPE_TRY(job_.checkStop(kStage));
    const Random random = random_.fork(id);
    synth::Room room = synth::furnishRoom(kindOf(number), random.fork("furniture"));
    synth::addClutter(room, options_.scene.clutter, random.fork("clutter"));
    const SceneFolder folder(root_, id);
    const auto on_frame = [&] { countFrame(id); };
    TAGSCAPE_ASSIGN(
        const auto cost,
        synth::writeRoomScene(folder.path(), id, room, options_.scene, random, frames_use_threads_, job_, on_frame));
    TAGSCAPE_TRY(folder.publish());
    const std::scoped_lock lock(mutex_);
    ++result_.num_made;
    result_.cost.num_triangles += cost.num_triangles;
    result_.cost.num_vertices += cost.num_vertices;
    result_.cost.num_rays += cost.num_rays;
    result_.cost.rendering_s += cost.rendering_s;
    return {};
  }

  /// Only when no thread writes any more.
  [[nodiscard]] const RoomSetResult& result() const { return result_; }

 private:
  void countFrame(const std::string& id) {
    const std::int64_t done = ++frames_done_;
    // Progress is reported on the thread of the job only.
    const auto total = std::int64_t{options_.num_scenes} * options_.scene.num_frames;
    if (std::this_thread::get_id() == caller_) job_.report(kStage, done, total, id);
  }

  const fs::path& root_;
  const RoomSetOptions& options_;
  Random random_;
  bool frames_use_threads_;
  const Job& job_;
  std::thread::id caller_ = std::this_thread::get_id();
  std::atomic<std::int64_t> frames_done_{0};
  std::mutex mutex_;
  RoomSetResult result_;
};

Result<RoomSetResult> writeScenes(const fs::path& folder, const RoomSetOptions& options, const Job& job) {
  const auto count = static_cast<std::size_t>(options.num_scenes);
  const bool frames_use_threads = options.num_scenes < numThreads();
  SceneWriter writer(folder, options, frames_use_threads, job);
  std::vector<Status> statuses(count);
  std::atomic<bool> failed{false};
  const auto work = [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end && !failed; ++i) {
      statuses[i] = writer.write(static_cast<int>(i));
      if (!statuses[i]) failed = true;
    }
  };
  if (frames_use_threads) {
    work(0, count);
  } else {
    parallelFor(count, 1, work);
  }
  for (auto& status : statuses) TAGSCAPE_TRY(std::move(status));
  return writer.result();
}

Status writeSplit(const fs::path& path, int begin, int end) {
  std::string text;
  for (int i = begin; i < end; ++i) text += sceneId(i) + "\n";
  return writeFileAtomically(path, text);
}

}  // namespace

std::optional<RoomSetOptions> roomSetPreset(std::string_view name) {
  RoomSetOptions options;
  auto& scene = options.scene;
  if (name == "rooms") return options;
  if (name == "rooms-sensor") {
    scene.fused_mesh = true;
    scene.surface.edge_m = .06;
    scene.clutter = 4;
    scene.missing_tags = .05;
    scene.false_tags = .02;
    scene.sensor.motion_blur_px = 3;
    scene.sensor.exposure = .3;
    return options;
  }
  if (name == "rooms-small") {
    options.num_scenes = 12;
    options.num_val = 4;
    scene.num_frames = 6;
    scene.width = 96;
    scene.height = 72;
    scene.surface.edge_m = .16;
    return options;
  }
  if (name == "sample") {
    options.num_scenes = 3;
    options.num_val = 1;
    scene.num_frames = 24;
    scene.width = 320;
    scene.height = 240;
    scene.surface.edge_m = .06;
    return options;
  }
  if (name == "scannet-size") {
    options.num_scenes = 1;
    options.num_val = 0;
    scene.num_frames = 300;
    scene.width = 640;
    scene.height = 480;
    scene.surface.edge_m = .034;
    return options;
  }
  return std::nullopt;
}

Result<RoomSetResult> writeRoomSet(const fs::path& folder, const RoomSetOptions& options, const Job& job) {
  TAGSCAPE_TRY(checkOptions(options));
  TAGSCAPE_TRY(job.checkStop(kStage));
  TAGSCAPE_TRY(claimFolder(folder, options));
  TAGSCAPE_ASSIGN(const FolderLock lock, FolderLock::take(folder));
  std::error_code ignored;
  fs::remove_all(folder / kUnfinished, ignored);  // of a run that was killed
  job.report(kStage, 0, std::int64_t{options.num_scenes} * options.scene.num_frames);
  TAGSCAPE_TRY(writeLabelTable(folder / "scannetv2-labels.combined.tsv", synth::labelTable(options.scene.clutter > 0)));
  auto result = writeScenes(folder, options, job);
  fs::remove_all(folder / kUnfinished, ignored);
  if (!result) return fail(result.error());
  const int num_train = options.num_scenes - options.num_val;
  TAGSCAPE_TRY(writeSplit(folder / "scannetv2_train.txt", 0, num_train));
  TAGSCAPE_TRY(writeSplit(folder / "scannetv2_val.txt", num_train, options.num_scenes));
  return result;
}

}  // namespace tagscape

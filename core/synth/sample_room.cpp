#include "core/synth/sample_room.h"

#include "core/base/files.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/io/image_codec.h"
#include "core/scans/frame_folder_write.h"
#include "core/scans/tags_file.h"
#include "core/scene/class_catalog.h"
#include "core/synth/camera_path.h"
#include "core/synth/frame_renderer.h"
#include "core/synth/room.h"

#include <fmt/format.h>

#include <optional>
#include <unistd.h>
#include <vector>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kStage = "scanning an invented room";
constexpr int kJpegQuality = 92;
/// Frames between two checks for a stop.
constexpr std::size_t kBatch = 4;

Status checkOptions(const SampleRoomOptions& options) {
  const auto refuse = [](std::string_view what) {
    return fail(ErrorCode::InvalidInput, fmt::format("A sample room needs {}.", what));
  };
  if (options.num_frames < 1 || options.num_frames > 10'000) return refuse("1 to 10,000 frames");
  const auto isSide = [](int side) { return side >= 16 && side <= 4096; };
  if (!isSide(options.width) || !isSide(options.height)) return refuse("images of 16 to 4096 pixels a side");
  if (!(options.depth_noise_m >= 0 && options.depth_noise_m <= 1)) return refuse("a depth noise of 0 to 1 m");
  return {};
}

Status checkIsFree(const fs::path& folder) {
  std::error_code code;
  if (!fs::exists(folder, code)) return {};
  if (fs::is_directory(folder, code) && fs::is_empty(folder, code)) return {};
  return failFile(ErrorCode::InvalidInput, folder, "is already there", "Name a new folder, or remove this one first");
}

/// A folder beside the final one that is removed again unless it was renamed.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const fs::path& final_folder) : final_(final_folder), path_(final_folder) {
    path_ += fmt::format(".{}.part", ::getpid());
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  [[nodiscard]] const fs::path& path() const { return path_; }

  [[nodiscard]] Status create() const {
    std::error_code ignored;
    fs::remove_all(path_, ignored);  // of a crashed process that had the same number
    for (const char* name : {"color", "depth", "intrinsic", "label", "pose"}) {
      TAGSCAPE_TRY(ensureWritableFolder(path_ / name));
    }
    return {};
  }

  [[nodiscard]] Status publish() const {
    std::error_code code;
    fs::rename(path_, final_, code);
    if (code) return failFile(ErrorCode::NotWritable, final_, code.message(), "Choose a folder that you may write to");
    return {};
  }

 private:
  fs::path final_, path_;
};

/// NYU40 ids of what the pixels show.
RawDepthImage nyu40Of(const synth::Room& room, const Image<std::uint16_t>& objects) {
  RawDepthImage nyu40 = objects;
  for (auto& pixel : nyu40.pixels) {
    if (pixel > 0) pixel = classCatalog()[room.model.objects[pixel - 1U].class_index].nyu40_id;
  }
  return nyu40;
}

/// Writes one frame's four files and gives its tags.
Result<TagSet> writeFrame(
    const fs::path& folder, int number, const Pose& pose, const synth::Room& room, const synth::RenderedFrame& frame) {
  TAGSCAPE_TRY(writeExportedFrame(folder, number, frame.color, frame.depth_mm, pose, kJpegQuality));
  TAGSCAPE_ASSIGN(const auto label, encodePng16(nyu40Of(room, frame.object)));
  TAGSCAPE_TRY(writeFileAtomically(folder / "label" / fmt::format("{}.png", number), label));
  return synth::tagsOf(frame, room.model);
}

/// Renders and writes frames, several at once; gives their tags.
Result<Tags> writeFrames(const fs::path& folder,
                         const synth::Room& room,
                         const SampleRoomOptions& options,
                         const Random& random,
                         const Job& job) {
  const synth::RayCaster caster(room.model);
  const Intrinsics camera = synth::scannerIntrinsics(options.width, options.height);
  const synth::SensorOptions sensor{.depth_noise_m = options.depth_noise_m};
  const auto poses = synth::planScan(room, caster, options.num_frames, random.fork("path"));
  std::vector<Result<TagSet>> tags(poses.size());
  for (std::size_t first = 0; first < poses.size(); first += kBatch) {
    TAGSCAPE_TRY(job.checkStop(kStage));
    parallelFor(std::min(kBatch, poses.size() - first), 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = first + begin; i < first + end; ++i) {
        Random own = random.fork(fmt::format("frame {}", i));
        const auto frame = synth::renderFrame(room, caster, camera, poses[i], sensor, own);
        tags[i] = writeFrame(folder, static_cast<int>(i), poses[i], room, frame);
      }
    });
    const std::size_t done = std::min(first + kBatch, poses.size());
    job.report(kStage, static_cast<std::int64_t>(done), options.num_frames);
  }
  Tags all;
  all.scene = TagSet();
  for (std::size_t i = 0; i < tags.size(); ++i) {
    TAGSCAPE_ASSIGN(const TagSet own, std::move(tags[i]));
    all.frames[static_cast<int>(i)] = own;
    *all.scene |= own;
  }
  TAGSCAPE_TRY(writeExportedCameras(folder, camera, camera));
  return all;
}

}  // namespace

Status writeSampleRoom(const fs::path& folder, const SampleRoomOptions& options, const Job& job) {
  TAGSCAPE_TRY(checkOptions(options));
  // "room/" and "room/." name the same folder as "room"; the temporary name needs the last part.
  fs::path target = fs::absolute(folder).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();
  TAGSCAPE_TRY(checkIsFree(target));
  TAGSCAPE_TRY(job.checkStop(kStage));
  job.report(kStage, 0, options.num_frames);

  const TemporaryFolder temporary(target);
  TAGSCAPE_TRY(temporary.create());
  const Random random(options.seed);
  const synth::Room room = synth::furnishLivingRoom(random.fork("furniture"));
  TAGSCAPE_ASSIGN(const Tags tags, writeFrames(temporary.path(), room, options, random, job));
  TAGSCAPE_TRY(writeTags(temporary.path() / "tags.json", tags));
  TAGSCAPE_TRY(job.checkStop(kStage));
  return temporary.publish();
}

}  // namespace tagscape

#include "core/workflows/train_checkpoint.h"

#include "core/base/files.h"
#include "core/base/log.h"
#include "core/scene/class_catalog.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <vector>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t kNumKept = 2;
constexpr int kFormatVersion = 2;
constexpr int kOldestReadable = 1;
constexpr std::uintmax_t kMaxJsonBytes = 1 << 20;

/// The fields of a checkpoint by their names in the json. What is here is written and read.
template <class Visit>
Status visitNetworks(NetworkDescription& networks, Visit&& visit) {
  TAGSCAPE_TRY(visit("image_kind", networks.image_kind));
  TAGSCAPE_TRY(visit("point_kind", networks.point_kind));
  TAGSCAPE_TRY(visit("image_width", networks.image_width));
  TAGSCAPE_TRY(visit("points_width", networks.points_width));
  TAGSCAPE_TRY(visit("image_long_side_px", networks.image_long_side_px));
  return visit("points_per_cloud", networks.points_per_cloud);
}

template <class Visit>
Status visitProgress(Checkpoint& checkpoint, Visit&& visit) {
  TAGSCAPE_TRY(visit("phase_step", checkpoint.phase_step));
  TAGSCAPE_TRY(visit("phase_steps", checkpoint.phase_steps));
  TAGSCAPE_TRY(visit("total_steps", checkpoint.total_steps));
  TAGSCAPE_TRY(visit("image_learnt", checkpoint.image_learnt));
  TAGSCAPE_TRY(visit("points_learnt", checkpoint.points_learnt));
  TAGSCAPE_TRY(visit("image_is_pretrained", checkpoint.networks.image_is_pretrained));
  return visit("seconds", checkpoint.seconds);
}

Json describe(Checkpoint checkpoint) {
  Json classes = Json::array();
  for (const ClassInfo& info : classCatalog()) classes.push_back(info.name);
  Json object{{"format", "tagscape-checkpoint"},
              {"version", kFormatVersion},
              {"step", checkpoint.step},
              {"phase", checkpoint.phase},
              {"classes", classes}};
  const auto put = [&](const char* key, const auto& value) -> Status {
    object[key] = value;
    return {};
  };
  (void)visitNetworks(checkpoint.networks, put);
  (void)visitProgress(checkpoint, put);
  return object;
}

fs::path stateFileOf(const fs::path& json) {
  fs::path state = json;
  return state.replace_extension(".state.safetensors");
}

/// The .json files, oldest first: their names hold the step with leading zeros.
std::vector<fs::path> checkpointsIn(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code failure;
  for (fs::directory_iterator entry(folder, failure); !failure && entry != fs::directory_iterator();
       entry.increment(failure)) {
    const fs::path& path = entry->path();
    if (path.extension() == ".json" && path.stem().string().starts_with("step_")) found.push_back(path);
  }
  std::sort(found.begin(), found.end());
  return found;
}

template <class T>
Status readField(const Json& object, const char* key, T& value, const fs::path& file) {
  try {
    object.at(key).get_to(value);
    return {};
  } catch (const Json::exception&) {
    return failFile(ErrorCode::InvalidInput,
                    file,
                    fmt::format("'{}' is missing or of another type", key),
                    "Use a checkpoint that this program wrote, or train again.");
  }
}

Result<Checkpoint> readCheckpoint(const fs::path& file) {
  TAGSCAPE_ASSIGN(const std::string text, readTextFile(file, kMaxJsonBytes));
  const Json object = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) {
    return failFile(ErrorCode::InvalidInput, file, "it is no JSON object", "Train again.");
  }
  Checkpoint checkpoint;
  int version = 0;
  const auto get = [&](const char* key, auto& value) { return readField(object, key, value, file); };
  TAGSCAPE_TRY(get("version", version));
  if (version < kOldestReadable || version > kFormatVersion) {
    return failFile(
        ErrorCode::Unsupported,
        file,
        fmt::format("it has version {}, this program reads {} to {}", version, kOldestReadable, kFormatVersion),
        "Use the program that wrote it.");
  }
  TAGSCAPE_TRY(get("step", checkpoint.step));
  TAGSCAPE_TRY(get("phase", checkpoint.phase));
  TAGSCAPE_TRY(visitNetworks(checkpoint.networks, get));
  checkpoint.has_state = version >= 2;
  if (checkpoint.has_state) TAGSCAPE_TRY(visitProgress(checkpoint, get));
  constexpr int kMaxPixels = 1 << 14;
  constexpr int kMaxPoints = 1 << 24;
  if (checkpoint.networks.image_long_side_px < 8 || checkpoint.networks.image_long_side_px > kMaxPixels ||
      checkpoint.networks.points_per_cloud < 1 || checkpoint.networks.points_per_cloud > kMaxPoints) {
    return failFile(
        ErrorCode::InvalidInput, file, "image_long_side_px or points_per_cloud is out of range", "Train again.");
  }
  if (checkpoint.phase_step < 0 || checkpoint.phase_step > checkpoint.phase_steps || checkpoint.step < 0) {
    return failFile(ErrorCode::InvalidInput, file, "a number of steps is out of range", "Train again.");
  }
  checkpoint.file = file;
  checkpoint.file.replace_extension(".safetensors");
  TAGSCAPE_ASSIGN(checkpoint.weights, readSafetensors(checkpoint.file));
  return checkpoint;
}

tl::unexpected<Error> noCheckpointIn(const fs::path& folder) {
  return failFile(ErrorCode::NotFound, folder, "there is no checkpoint", "Train first, or name another run.");
}

}  // namespace

Result<fs::path> writeCheckpoint(const fs::path& folder, const Checkpoint& checkpoint, const TensorFile& state) {
  const std::string name = fmt::format("step_{:08}", checkpoint.step);
  const fs::path weights = folder / (name + ".safetensors");
  const fs::path description = folder / (name + ".json");
  TAGSCAPE_TRY(writeSafetensors(weights, checkpoint.weights));
  TAGSCAPE_TRY(writeSafetensors(stateFileOf(description), state));
  TAGSCAPE_TRY(writeFileAtomically(description, describe(checkpoint).dump(1) + "\n"));
  std::vector<fs::path> all = checkpointsIn(folder);
  for (std::size_t i = 0; i + kNumKept < all.size(); ++i) {
    std::error_code ignored;
    fs::remove(all[i], ignored);
    fs::remove(stateFileOf(all[i]), ignored);
    fs::remove(all[i].replace_extension(".safetensors"), ignored);
  }
  return weights;
}

Result<Checkpoint> readNewestCheckpoint(const fs::path& folder) {
  const std::vector<fs::path> all = checkpointsIn(folder);
  if (all.empty()) return noCheckpointIn(folder);
  return readCheckpoint(all.back());
}

Result<ResumableCheckpoint> readResumableCheckpoint(const fs::path& folder) {
  const std::vector<fs::path> all = checkpointsIn(folder);
  Result<ResumableCheckpoint> newest = noCheckpointIn(folder);
  for (auto file = all.rbegin(); file != all.rend(); ++file) {
    auto read = [&]() -> Result<ResumableCheckpoint> {
      ResumableCheckpoint found;
      TAGSCAPE_ASSIGN(found.checkpoint, readCheckpoint(*file));
      if (!found.checkpoint.has_state) {
        return failFile(ErrorCode::Unsupported,
                        *file,
                        "it is of an earlier version, which cannot be resumed",
                        "Start a new run from its weights with --start-from.");
      }
      found.state_file = stateFileOf(*file);
      TAGSCAPE_ASSIGN(found.state, readSafetensors(found.state_file));
      return found;
    }();
    if (read) return read;
    log::warn(fmt::format("checkpoint passed over: {}", read.error().message));
    if (file == all.rbegin()) newest = read;
  }
  return newest;
}

}  // namespace tagscape

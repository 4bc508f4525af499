#include "core/learning/train_checkpoint.h"

#include "core/base/files.h"
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
constexpr int kFormatVersion = 1;
constexpr std::uintmax_t kMaxJsonBytes = 1 << 20;

Json describe(std::int64_t step, const std::string& phase, const NetworkDescription& networks) {
  Json classes = Json::array();
  for (const ClassInfo& info : classCatalog()) classes.push_back(info.name);
  return {{"format", "tagscape-checkpoint"},
          {"version", kFormatVersion},
          {"step", step},
          {"phase", phase},
          {"image_kind", networks.image_kind},
          {"point_kind", networks.point_kind},
          {"image_width", networks.image_width},
          {"points_width", networks.points_width},
          {"image_long_side_px", networks.image_long_side_px},
          {"points_per_cloud", networks.points_per_cloud},
          {"classes", classes}};
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

}  // namespace

Result<fs::path> writeCheckpoint(const fs::path& folder,
                                 std::int64_t step,
                                 const std::string& phase,
                                 const Networks& networks) {
  const std::string name = fmt::format("step_{:08}", step);
  const fs::path weights = folder / (name + ".safetensors");
  TAGSCAPE_TRY(writeSafetensors(weights, networks.weights()));
  TAGSCAPE_TRY(
      writeFileAtomically(folder / (name + ".json"), describe(step, phase, networks.description()).dump(1) + "\n"));
  std::vector<fs::path> all = checkpointsIn(folder);
  for (std::size_t i = 0; i + kNumKept < all.size(); ++i) {
    std::error_code ignored;
    fs::remove(all[i], ignored);
    fs::remove(all[i].replace_extension(".safetensors"), ignored);
  }
  return weights;
}

Result<Checkpoint> readNewestCheckpoint(const fs::path& folder) {
  const std::vector<fs::path> all = checkpointsIn(folder);
  if (all.empty()) {
    return failFile(ErrorCode::NotFound, folder, "there is no checkpoint", "Train first, or name another run.");
  }
  const fs::path& file = all.back();
  TAGSCAPE_ASSIGN(const std::string text, readTextFile(file, kMaxJsonBytes));
  const Json object = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) {
    return failFile(ErrorCode::InvalidInput, file, "it is no JSON object", "Train again.");
  }
  Checkpoint checkpoint;
  int version = 0;
  TAGSCAPE_TRY(readField(object, "version", version, file));
  if (version != kFormatVersion) {
    return failFile(ErrorCode::Unsupported,
                    file,
                    fmt::format("it has version {}, this program reads {}", version, kFormatVersion),
                    "Use the program that wrote it.");
  }
  TAGSCAPE_TRY(readField(object, "step", checkpoint.step, file));
  TAGSCAPE_TRY(readField(object, "phase", checkpoint.phase, file));
  TAGSCAPE_TRY(readField(object, "image_kind", checkpoint.networks.image_kind, file));
  TAGSCAPE_TRY(readField(object, "point_kind", checkpoint.networks.point_kind, file));
  TAGSCAPE_TRY(readField(object, "image_width", checkpoint.networks.image_width, file));
  TAGSCAPE_TRY(readField(object, "points_width", checkpoint.networks.points_width, file));
  TAGSCAPE_TRY(readField(object, "image_long_side_px", checkpoint.networks.image_long_side_px, file));
  TAGSCAPE_TRY(readField(object, "points_per_cloud", checkpoint.networks.points_per_cloud, file));
  constexpr int kMostPixels = 1 << 14;
  constexpr int kMostPoints = 1 << 24;
  if (checkpoint.networks.image_long_side_px < 8 || checkpoint.networks.image_long_side_px > kMostPixels ||
      checkpoint.networks.points_per_cloud < 1 || checkpoint.networks.points_per_cloud > kMostPoints) {
    return failFile(
        ErrorCode::InvalidInput, file, "image_long_side_px or points_per_cloud is out of range", "Train again.");
  }
  checkpoint.file = file;
  checkpoint.file.replace_extension(".safetensors");
  TAGSCAPE_ASSIGN(checkpoint.weights, readSafetensors(checkpoint.file));
  return checkpoint;
}

}  // namespace tagscape

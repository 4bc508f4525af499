#include "core/pipeline/frame_tags.h"

#include "core/base/files.h"
#include "core/base/log.h"
#include "core/base/parallel.h"
#include "core/layouts/scan_layout.h"
#include "core/pipeline/source_signature.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <string>
#include <utility>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

constexpr const char* kStage = "Deriving tags of frames";
constexpr int kTagsVersion = 1;  // raise when the same label images give other tags

/// Tags of one frame, or the error of its label image.
Result<TagSet> tagsOfFrame(const Scene& scene, std::size_t index, double min_fraction) {
  TAGSCAPE_ASSIGN(const auto labels, scene.pixels->labels(index));
  return tagsOfLabels(labels, min_fraction);
}

/// The files that labels of frames come from.
std::vector<fs::path> labelSourcesOf(const Scene& scene) {
  const ScanLayout layout = detectLayout(scene.path);
  std::vector<fs::path> sources{layout.files.label_zip};
  for (const auto& source : sourcesOf(layout)) {
    if (source.filename().string().starts_with("label")) sources.push_back(source);
  }
  return sources;
}

using FoundTags = std::vector<std::optional<Result<TagSet>>>;

/// The file with the tags of a scene's frames, under a name that changes with its label images, the frames and the
/// share.
fs::path cacheFile(const Scene& scene, double min_fraction) {
  SourceSignature signature;
  signature.add(fmt::format("{} {} {}", kTagsVersion, scene.path.string(), min_fraction));
  for (const Frame& frame : scene.frames) signature.add(fmt::format("{} {}", frame.number, frame.has_labels));
  for (const auto& source : labelSourcesOf(scene)) signature.addPath(source);
  return userCacheFolder() / "tags" / fmt::format("{}-{}.txt", scene.name, signature.hex());
}

/// Nothing if they are not kept, or not for as many frames.
std::optional<FoundTags> readKept(const fs::path& file, std::size_t num_frames) {
  constexpr std::uintmax_t kMostBytes = std::uintmax_t{16} << 20;
  std::error_code code;
  if (!fs::exists(file, code)) return std::nullopt;
  const auto text = readTextFile(file, kMostBytes);
  if (!text) return std::nullopt;
  FoundTags found;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    if (line == "-") {
      found.emplace_back();
    } else if (line.size() == kNumClasses && line.find_first_not_of("01") == std::string::npos) {
      found.emplace_back(TagSet(line));
    } else {
      return std::nullopt;
    }
  }
  return found.size() == num_frames ? std::optional(std::move(found)) : std::nullopt;
}

/// Whole results only: a label image that could not be read is tried again.
void keep(const fs::path& file, const FoundTags& found) {
  std::string text;
  for (const auto& tags : found) {
    if (tags && !*tags) return;
    text += (tags ? (*tags)->to_string() : "-") + "\n";
  }
  if (const Status kept = writeFileAtomically(file, text); !kept)
    log::debug("The tags of frames are not kept for the next start. " + kept.error().message);
}

/// Decodes all label images. Errors: Cancelled; Internal.
Result<FoundTags> tagsOfFrames(const Scene& scene, double min_fraction, const Job& job) {
  FoundTags found(scene.frames.size());
  constexpr std::size_t kFramesPerRound = 32;  // between rounds this thread reports and looks whether to stop
  for (std::size_t begin = 0; begin < found.size(); begin += kFramesPerRound) {
    TAGSCAPE_TRY(job.checkStop(kStage));
    job.report(kStage, static_cast<std::int64_t>(begin), static_cast<std::int64_t>(found.size()));
    parallelFor(std::min(kFramesPerRound, found.size() - begin), 1, [&](std::size_t first, std::size_t last) {
      for (std::size_t i = begin + first; i < begin + last; ++i) {
        if (scene.frames[i].has_labels && !job.stopRequested()) found[i] = tagsOfFrame(scene, i, min_fraction);
      }
    });
  }
  TAGSCAPE_TRY(job.checkStop(kStage));
  for (const auto& tags : found) {
    if (tags && !*tags && tags->error().code == ErrorCode::Internal) return fail(tags->error());
  }
  return found;
}

void applyTags(const FoundTags& found, Scene& scene) {
  TagSet all;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i]) continue;
    if (!*found[i]) {
      scene.warnings.push_back({scene.path, found[i]->error().message});
      continue;
    }
    const TagSet tags = scene.tags ? **found[i] & *scene.tags : **found[i];
    scene.frames[i].tags = tags;
    all |= tags;
  }
  if (!scene.tags) scene.tags = all;
  scene.tag_source = TagSource::Derived;
}

}  // namespace

TagSet tagsOfLabels(const Image<std::uint8_t>& labels, double min_pixel_fraction) {
  std::array<std::size_t, 256> counts{};
  for (const auto label : labels.pixels) ++counts[label];
  TagSet tags;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    tags[i] = counts[i] > 0 &&
              static_cast<double>(counts[i]) >= min_pixel_fraction * static_cast<double>(labels.pixels.size());
  }
  return tags;
}

Result<SharedScene> deriveFrameTags(const SharedScene& scene, const FrameTagOptions& options, const Job& job) {
  if (!(options.min_pixel_fraction >= 0 && options.min_pixel_fraction <= 1))
    return fail(ErrorCode::InvalidInput, "The minimum fraction of pixels must be between 0 and 1");
  const bool has_labels =
      scene->pixels &&
      std::any_of(scene->frames.begin(), scene->frames.end(), [](const Frame& frame) { return frame.has_labels; });
  if (scene->tag_source == TagSource::Given || !has_labels) return scene;
  const fs::path file = options.use_cache ? cacheFile(*scene, options.min_pixel_fraction) : fs::path();
  std::optional<FoundTags> found;
  if (options.use_cache) found = readKept(file, scene->frames.size());
  if (!found) {
    TAGSCAPE_ASSIGN(found, tagsOfFrames(*scene, options.min_pixel_fraction, job));
    if (options.use_cache) keep(file, *found);
  }
  Scene tagged = *scene;
  applyTags(*found, tagged);
  return std::make_shared<const Scene>(std::move(tagged));
}

}  // namespace tagscape

#include "core/pipeline/frame_tags.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <array>

namespace tagscape {
namespace {

constexpr const char* kStage = "Deriving tags of frames";

/// Tags of one frame, or the error of its label image.
Result<TagSet> tagsOfFrame(const Scene& scene, std::size_t index, double min_share) {
  TAGSCAPE_ASSIGN(const auto labels, scene.pixels->labels(index));
  return tagsOfLabels(labels, min_share);
}

void applyTags(const std::vector<std::optional<Result<TagSet>>>& found, Scene& scene) {
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
  std::vector<std::optional<Result<TagSet>>> found(scene->frames.size());
  constexpr std::size_t kFramesPerRound = 32;  // between rounds this thread reports and looks whether to stop
  for (std::size_t begin = 0; begin < found.size(); begin += kFramesPerRound) {
    TAGSCAPE_TRY(job.checkStop(kStage));
    job.report(kStage, static_cast<std::int64_t>(begin), static_cast<std::int64_t>(found.size()));
    parallelFor(std::min(kFramesPerRound, found.size() - begin), 1, [&](std::size_t first, std::size_t last) {
      for (std::size_t i = begin + first; i < begin + last; ++i) {
        if (scene->frames[i].has_labels && !job.stopRequested())
          found[i] = tagsOfFrame(*scene, i, options.min_pixel_fraction);
      }
    });
  }
  TAGSCAPE_TRY(job.checkStop(kStage));
  Scene tagged = *scene;
  applyTags(found, tagged);
  return std::make_shared<const Scene>(std::move(tagged));
}

}  // namespace tagscape

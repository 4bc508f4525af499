#include "core/scene/scene_tags.h"

#include <fmt/format.h>

namespace tagscape {

std::string namesOf(const TagSet& set) {
  std::string names;
  for (std::size_t c = 0; c < kNumClasses; ++c) {
    if (set[c]) names += (names.empty() ? "" : ", ") + std::string(classCatalog()[c].name);
  }
  return names;
}

std::optional<TagSet> tagsOfScene(const Scene& scene) {
  TagSet tags = scene.tags.value_or(TagSet{});
  for (const Frame& frame : scene.frames) tags |= frame.tags.value_or(TagSet{});
  return tags.any() ? std::optional(tags) : std::nullopt;
}

std::optional<TagSet> tagsOfFrame(const Frame& frame, const std::optional<TagSet>& scene_tags) {
  return scene_tags && frame.tags && frame.tags->any() ? frame.tags : scene_tags;
}

Result<SceneTags> resolveTags(const Scene& scene) {
  SceneTags tags;
  for (const Frame& frame : scene.frames) {
    if (!frame.tags || frame.tags->none()) continue;
    ++tags.num_tagged_frames;
    const TagSet stray = scene.tags && scene.tags->any() ? *frame.tags & ~*scene.tags : TagSet{};
    if (stray.any()) {
      tags.warnings.push_back(
          fmt::format("scene '{}', frame {}: tagged {}, which the scene's tags lack. They were added to the scene's.",
                      scene.name,
                      frame.number,
                      namesOf(stray)));
    }
  }
  tags.from_frames = !scene.tags || scene.tags->none();
  tags.scene = tagsOfScene(scene).value_or(TagSet{});
  if (tags.scene.none()) {
    return failFile(ErrorCode::InvalidInput,
                    scene.path / "tags.json",
                    fmt::format("scene '{}' has no tags, neither its own nor of frames", scene.name),
                    "List the classes of the scene and of each frame in a file tags.json beside its frames.");
  }
  if (tags.from_frames) {
    tags.warnings.push_back(fmt::format(
        "scene '{}' has no tags of its own: the union of its frames' is used ({})", scene.name, namesOf(tags.scene)));
  }
  return tags;
}

}  // namespace tagscape

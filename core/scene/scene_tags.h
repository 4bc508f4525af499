#pragma once

#include "core/base/result.h"
#include "core/scene/scene.h"

#include <optional>
#include <string>
#include <vector>

namespace tagscape {

/// A scene's tags after they were made to fit together.
struct SceneTags {
  TagSet scene;              ///< Contains every frame's tags. Never empty.
  bool from_frames = false;  ///< The scene had none: this is the union of its frames'.
  int num_tagged_frames = 0;
  std::vector<std::string> warnings;  ///< What had to be changed, naming the scene, the frame and the classes.
};

/// Errors: InvalidInput if neither the scene nor any frame has a tag, naming tags.json.
[[nodiscard]] Result<SceneTags> resolveTags(const Scene& scene);

/// Everything that a scene is tagged with: its own tags and those of its frames. Nothing if neither has any.
[[nodiscard]] std::optional<TagSet> tagsOfScene(const Scene& scene);

/// A frame's own tags where it has some, else its scene's; none where `scene_tags` are not used.
[[nodiscard]] std::optional<TagSet> tagsOfFrame(const Frame& frame, const std::optional<TagSet>& scene_tags);

/// "wall, sofa".
[[nodiscard]] std::string namesOf(const TagSet& set);

}  // namespace tagscape

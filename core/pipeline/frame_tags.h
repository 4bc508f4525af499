#pragma once

#include "core/base/job.h"
#include "core/scene/scene.h"

namespace tagscape {

struct FrameTagOptions {
  double min_pixel_fraction =
      0.005;               ///< A class is a tag of a frame when it covers at least this fraction of its image.
  bool use_cache = false;  ///< Keep the tags in the user's cache folder, and take them from there if nothing changed.
};

/// Classes that cover at least `min_pixel_fraction` of a label image (kNoClass counts as pixels without a class).
[[nodiscard]] TagSet tagsOfLabels(const Image<std::uint8_t>& labels, double min_pixel_fraction);

/// Gives the frames that have label images the tags that these show, and the scene, if it has none, the union of them.
/// What a person gave (TagSource::Given) stays as it is. Tags of frames that the scene lacks are left out. A label
/// image that cannot be read is a warning, and its frame has no tags.
///
/// Errors: Cancelled; InvalidInput if the fraction is not between 0 and 1; Internal if a label image cannot be opened
/// because of the process (see failOpening).
/// Cost: decodes every label image, on all threads; about 10 ms each at 1296 x 968. From the cache: one small file.
[[nodiscard]] Result<SharedScene> deriveFrameTags(const SharedScene& scene,
                                                  const FrameTagOptions& options,
                                                  const Job& job);

}  // namespace tagscape

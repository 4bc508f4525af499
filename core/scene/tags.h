#pragma once

#include "core/scene/class_catalog.h"

#include <bitset>
#include <map>
#include <optional>

namespace tagscape {

/// Which classes are present; bit i is class i of the catalogue.
using TagSet = std::bitset<kNumClasses>;

/// The class tags of a scan. Frames are keyed by frame number, as in the file names. An image can only show what
/// its scene contains, so a frame's tags should be a subset of the scene's.
struct Tags {
  std::optional<TagSet> scene;
  std::map<int, TagSet> frames;
};

}  // namespace tagscape

#include "core/scene/cams.h"

namespace tagscape {

float camAt(const FrameCams& cams, int class_index, float u, float v, int width, int height) {
  if (cams.width <= 0 || cams.height <= 0) return 0;
  return cams.sampler(width, height).at(u, v).of(cams.map(class_index));
}

}  // namespace tagscape

#include "core/scene/scene.h"

namespace tagscape {

Result<Image<std::uint8_t>> FrameSource::labels(std::size_t) const {
  return fail(ErrorCode::NotFound, "This scan has no label images");
}

}  // namespace tagscape

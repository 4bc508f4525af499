#include "core/exchange/formats/frame_pixels.h"

#include "core/exchange/formats/pack.h"
#include "core/io/image_codec.h"

#include <algorithm>

namespace tagscape::formats {

Status forEachFrame(const ExportScene& scene, const std::function<Status(int number, const LayerFrame& frame)>& add) {
  if (scene.layer->frames == nullptr) return {};
  for (const std::size_t index : scene.layer->frames->indices()) {
    TAGSCAPE_ASSIGN(const LayerFrame frame, scene.layer->frames->read(index));
    TAGSCAPE_TRY(add(scene.scene->frames[index].number, frame));
  }
  return {};
}

std::vector<FrameRegion> regionsOf(const LayerFrame& frame) {
  std::vector<FrameRegion> regions;
  const int width = frame.classes.width;
  for (const LabelledGroup& group : groupsOf(frame.classes.pixels, frame.instances.pixels)) {
    FrameRegion region{group.row, group.instance, {width, frame.classes.height, 1}};
    region.area = static_cast<std::int64_t>(group.members.size());
    region.left = width;
    region.top = frame.classes.height;
    for (const std::uint32_t i : group.members) {
      region.mask.pixels[i] = 1;
      const int x = static_cast<int>(i) % width, y = static_cast<int>(i) / width;
      region.left = std::min(region.left, x);
      region.right = std::max(region.right, x);
      region.top = std::min(region.top, y);
      region.bottom = std::max(region.bottom, y);
    }
    regions.push_back(std::move(region));
  }
  return regions;
}

ForeignFrame emptyForeignFrame(int width, int height, bool with_instances) {
  ForeignFrame frame{.ids = {width, height, 1, kForeignNone}};
  if (with_instances) frame.instances = {width, height, 1, 0U};
  return frame;
}

bool isImageSide(std::int64_t side) { return side > 0 && side * side <= kMaxImagePixels * 4; }

}  // namespace tagscape::formats

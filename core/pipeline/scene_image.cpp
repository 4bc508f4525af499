#include "core/pipeline/scene_image.h"

#include "core/layouts/scan_layout.h"

#include <algorithm>

namespace tagscape {
namespace {

Result<Scene> readFramesOnly(const std::filesystem::path& scan) {
  ScanLayout layout = detectLayout(scan);
  if (layout.kind == ScanKind::PointFile) return failFile(ErrorCode::NotFound, scan, "it has no images", "");
  if (layout.files.id.empty()) return readScan(scan);
  ScanNetFiles& files = layout.files;
  for (auto* file : {&files.mesh, &files.labels, &files.segments, &files.aggregation, &files.text, &files.label_zip})
    file->clear();
  return readScanNetScene(files, {});
}

}  // namespace

Result<RgbImage> representativeImage(const std::filesystem::path& scan) {
  TAGSCAPE_ASSIGN(const Scene scene, readFramesOnly(scan));
  const std::size_t count = scene.frames.size();
  for (std::size_t step = 0; step < count && scene.pixels; ++step) {
    const std::size_t index = (count / 2 + step) % count;
    if (scene.frames[index].has_color) return scene.pixels->color(index);
  }
  return failFile(ErrorCode::NotFound, scan, "none of its frames has a colour image", "Export them again");
}

}  // namespace tagscape

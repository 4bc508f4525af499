#include "core/scans/folder_pixels.h"

#include "core/base/files.h"
#include "core/io/depth_codec.h"

#include <fmt/format.h>

#include <cmath>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kMaxImageBytes = std::uintmax_t{512} << 20;

/// The image as the camera `to` would have taken it from the same place: the nearest pixel of what `from` took, nothing
/// where it saw nothing.
template <class T>
Image<T> resampled(const Image<T>& image, const Intrinsics& from, const Intrinsics& to) {
  Image<T> result(image.width, image.height, image.channels);
  std::vector<int> columns(static_cast<std::size_t>(image.width));
  for (int x = 0; x < image.width; ++x)
    columns[static_cast<std::size_t>(x)] = static_cast<int>(std::lround((x - to.cx) / to.fx * from.fx + from.cx));
  for (int y = 0; y < image.height; ++y) {
    const auto row = static_cast<int>(std::lround((y - to.cy) / to.fy * from.fy + from.cy));
    if (row < 0 || row >= image.height) continue;
    for (int x = 0; x < image.width; ++x) {
      const int column = columns[static_cast<std::size_t>(x)];
      if (column < 0 || column >= image.width) continue;
      for (int channel = 0; channel < image.channels; ++channel)
        result.at(x, y, channel) = image.at(column, row, channel);
    }
  }
  return result;
}

class FolderPixels final : public FrameSource {
 public:
  FolderPixels(std::vector<FrameFiles> files, const FolderCameras& cameras, std::shared_ptr<const LabelImages> labels)
      : files_(std::move(files)), cameras_(cameras), labels_(std::move(labels)) {}

  Result<RgbImage> color(std::size_t index) const override {
    const FrameFiles& frame = files_.at(index);
    if (frame.color.empty()) return fail(ErrorCode::NotFound, "This frame has no colour image. Choose another frame");
    TAGSCAPE_ASSIGN(const auto bytes, readFile(frame.color, kMaxImageBytes));
    TAGSCAPE_ASSIGN(auto image, decodeColor(bytes, frame.color));
    TAGSCAPE_TRY(checkSize({image.width, image.height}, cameras_.color, frame.color));
    if (frame.color_camera) return resampled(image, *frame.color_camera, cameras_.color);
    return image;
  }

  Result<DepthImage> depth(std::size_t index) const override {
    const FrameFiles& frame = files_.at(index);
    if (frame.depth.empty()) return fail(ErrorCode::NotFound, "This frame has no depth map. Choose another frame");
    TAGSCAPE_ASSIGN(const auto bytes, readFile(frame.depth, kMaxImageBytes));
    TAGSCAPE_ASSIGN(auto image, decodeDepth(bytes, cameras_.depth_units_per_m, frame.depth));
    TAGSCAPE_TRY(checkSize({image.width, image.height}, cameras_.depth, frame.depth));
    if (frame.depth_camera) return resampled(image, *frame.depth_camera, cameras_.depth);
    return image;
  }

  Result<Image<std::uint8_t>> labels(std::size_t index) const override {
    if (!labels_) return FrameSource::labels(index);
    return labels_->read(files_.at(index).number, {cameras_.color.width, cameras_.color.height});
  }

 private:
  static Status checkSize(ImageSize found, const Intrinsics& camera, const fs::path& path) {
    if (found == ImageSize{camera.width, camera.height}) return {};
    return failFile(ErrorCode::InvalidInput,
                    path,
                    fmt::format("{} x {} pixels, but the scene's images have {} x {}",
                                found.width,
                                found.height,
                                camera.width,
                                camera.height),
                    "Export the frame again at the size of the others");
  }

  std::vector<FrameFiles> files_;
  FolderCameras cameras_;
  std::shared_ptr<const LabelImages> labels_;
};

}  // namespace

std::shared_ptr<const FrameSource> makeFolderPixels(std::vector<FrameFiles> files,
                                                    const FolderCameras& cameras,
                                                    std::shared_ptr<const LabelImages> labels) {
  return std::make_shared<const FolderPixels>(std::move(files), cameras, std::move(labels));
}

}  // namespace tagscape

#include "core/scans/folder_pixels.h"

#include "core/base/files.h"

#include <fmt/format.h>

#include <algorithm>

namespace tagscape {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kMaxImageBytes = std::uintmax_t{512} << 20;
constexpr float kMetresPerDepthUnit = 0.001F;

class FolderPixels final : public FrameSource {
 public:
  FolderPixels(std::vector<FrameFiles> files,
               ImageSize color,
               ImageSize depth,
               std::shared_ptr<const LabelImages> labels)
      : files_(std::move(files)), color_size_(color), depth_size_(depth), labels_(std::move(labels)) {}

  Result<RgbImage> color(std::size_t index) const override {
    const fs::path& path = files_.at(index).color;
    if (path.empty()) return fail(ErrorCode::NotFound, "This frame has no colour image. Choose another frame");
    TAGSCAPE_ASSIGN(const auto bytes, readFile(path, kMaxImageBytes));
    TAGSCAPE_ASSIGN(auto image, decodeColor(bytes, path));
    TAGSCAPE_TRY(checkSize({image.width, image.height}, color_size_, path));
    return image;
  }

  Result<DepthImage> depth(std::size_t index) const override {
    const fs::path& path = files_.at(index).depth;
    if (path.empty()) return fail(ErrorCode::NotFound, "This frame has no depth map. Choose another frame");
    TAGSCAPE_ASSIGN(const auto bytes, readFile(path, kMaxImageBytes));
    TAGSCAPE_ASSIGN(const auto raw, decodePng16(bytes, path));
    TAGSCAPE_TRY(checkSize({raw.width, raw.height}, depth_size_, path));
    DepthImage metres(raw.width, raw.height, 1);
    std::transform(raw.pixels.begin(), raw.pixels.end(), metres.pixels.begin(), [](std::uint16_t value) {
      return static_cast<float>(value) * kMetresPerDepthUnit;
    });
    return metres;
  }

  Result<Image<std::uint8_t>> labels(std::size_t index) const override {
    if (!labels_) return FrameSource::labels(index);
    return labels_->read(files_.at(index).number, color_size_);
  }

 private:
  static Status checkSize(ImageSize found, ImageSize expected, const fs::path& path) {
    if (found == expected) return {};
    return failFile(ErrorCode::InvalidInput,
                    path,
                    fmt::format("{} x {} pixels, but the scene's images have {} x {}",
                                found.width,
                                found.height,
                                expected.width,
                                expected.height),
                    "Export the frame again at the size of the others");
  }

  std::vector<FrameFiles> files_;
  ImageSize color_size_;
  ImageSize depth_size_;
  std::shared_ptr<const LabelImages> labels_;
};

}  // namespace

std::shared_ptr<const FrameSource> makeFolderPixels(std::vector<FrameFiles> files,
                                                    ImageSize color,
                                                    ImageSize depth,
                                                    std::shared_ptr<const LabelImages> labels) {
  return std::make_shared<const FolderPixels>(std::move(files), color, depth, std::move(labels));
}

}  // namespace tagscape

// <scene>/12.png: the frame's colours, half of them the colour of the class. For people; nothing reads them back.

#include "core/exchange/formats/formats.h"
#include "core/exchange/formats/frame_pixels.h"
#include "core/io/image_codec.h"

#include <fmt/format.h>

namespace tagscape::formats {
namespace {

/// The frame's own picture at the size of its labels, the nearest pixel of each; grey where it has none.
RgbImage backgroundOf(const Scene& scene, std::size_t index, int width, int height) {
  constexpr std::uint8_t kGrey = 128;
  RgbImage background(width, height, 3, kGrey);
  const auto color =
      scene.pixels != nullptr ? scene.pixels->color(index) : Result<RgbImage>(fail(ErrorCode::NotFound, ""));
  if (!color) return background;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int u = static_cast<int>((static_cast<std::int64_t>(x) * color->width) / width);
      const int v = static_cast<int>((static_cast<std::int64_t>(y) * color->height) / height);
      for (int channel = 0; channel < 3; ++channel) background.at(x, y, channel) = color->at(u, v, channel);
    }
  }
  return background;
}

}  // namespace

Status writeOverlays(const ExportScene& scene, const FileSink& sink) {
  if (scene.layer->frames == nullptr) return {};
  for (const std::size_t index : scene.layer->frames->indices()) {
    TAGSCAPE_ASSIGN(const LayerFrame frame, scene.layer->frames->read(index));
    RgbImage picture = backgroundOf(*scene.scene, index, frame.classes.width, frame.classes.height);
    for (std::size_t i = 0; i < frame.classes.pixels.size(); ++i) {
      const std::uint16_t row = frame.classes.pixels[i];
      if (row == kUnlabelled) continue;
      for (std::size_t channel = 0; channel < 3; ++channel) {
        auto& value = picture.pixels[3 * i + channel];
        value = static_cast<std::uint8_t>((value + scene.layer->classes[row].rgb[channel]) / 2);
      }
    }
    TAGSCAPE_ASSIGN(auto bytes, encodePng(picture));
    TAGSCAPE_TRY(
        sink(fmt::format("{}/{}.png", scene.scene->name, scene.scene->frames[index].number), std::move(bytes)));
  }
  return {};
}

}  // namespace tagscape::formats

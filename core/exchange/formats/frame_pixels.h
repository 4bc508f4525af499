#pragma once

#include "core/exchange/exchange_format.h"

#include <cstdint>
#include <functional>

/// Frames of a scene for formats that hold images.
namespace tagscape::formats {

/// Calls `add` for each frame that has labels. @param number  as in its file name.
[[nodiscard]] Status forEachFrame(const ExportScene& scene,
                                  const std::function<Status(int number, const LayerFrame& frame)>& add);

/// What an object is in one frame: every class, or every instance of it, with the pixels that it covers.
struct FrameRegion {
  std::uint16_t row = 0;
  std::uint32_t instance = 0;
  Image<std::uint8_t> mask{};                    ///< 1 where it is.
  std::int64_t area = 0;                         ///< Pixels.
  int left = 0, top = 0, right = 0, bottom = 0;  ///< First and last column and row that it covers.
};
[[nodiscard]] std::vector<FrameRegion> regionsOf(const LayerFrame& frame);

/// A frame without labels of this size.
[[nodiscard]] ForeignFrame emptyForeignFrame(int width, int height, bool with_instances);

/// A width or height that a file states, bounded before anything is made of it.
[[nodiscard]] bool isImageSide(std::int64_t side);

}  // namespace tagscape::formats

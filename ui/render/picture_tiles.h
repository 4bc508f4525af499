#pragma once

#include "core/base/result.h"
#include "ui/render/scene_renderer.h"

#include <QRect>
#include <QSize>

#include <cstdint>
#include <vector>

namespace tagscape {

/// What pictures may be: 2 GiB in memory at most.
inline constexpr int kLargestPictureSide_px = 65'536;
inline constexpr std::int64_t kMaxPicturePixels = std::int64_t{1} << 29;

/// Errors: InvalidInput for a picture without pixels or a larger one.
[[nodiscard]] Status checkPictureSize(QSize size_px);

/// A part of a picture that is too large to be drawn at once. Pixels are the picture's, from its top left.
struct PictureTile {
  QRect kept;   ///< What of the picture is taken from it.
  QRect drawn;  ///< What is drawn for it: a margin more, where the picture goes on.
};

/// Cuts a picture into tiles, row by row, as equal as can be. What is kept of them is the picture, each pixel once.
/// @param largest_px  for neither side of `drawn` to exceed.
/// @param margin_px   that is drawn about what is kept, so that its pixels are those of the whole picture.
/// Errors: InvalidInput if the margins would take more than three quarters of a tile.
[[nodiscard]] Result<std::vector<PictureTile>> tilesOf(QSize picture_px, int largest_px, int margin_px);

/// The look of the pixels `drawn` of a picture that looks like `whole`: the projection shifted, and that part of the
/// background.
[[nodiscard]] RenderSettings settingsOfTile(const RenderSettings& whole, QSize picture_px, const QRect& drawn);

}  // namespace tagscape

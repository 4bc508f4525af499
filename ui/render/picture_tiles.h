#pragma once

#include "core/base/result.h"
#include "ui/render/scene_renderer.h"

#include <QRect>
#include <QSize>

#include <cstdint>
#include <vector>

namespace tagscape {

/// The maximum size of pictures, 2 GiB in memory.
inline constexpr int kLargestPictureSide_px = 65'536;
inline constexpr std::int64_t kMaxPicturePixels = std::int64_t{1} << 29;

/// Errors: InvalidInput for an empty or too large picture.
[[nodiscard]] Status checkPictureSize(QSize size_px);

/// A part of a picture that is too large to draw at once, in pixels of the picture from its top left.
struct PictureTile {
  QRect kept;   ///< The part of the picture that is taken from the tile.
  QRect drawn;  ///< The part that is drawn: with a margin, except at the picture's border.
};

/// Divides a picture into tiles of nearly equal size, row by row, whose `kept` parts cover each pixel once.
/// @param largest_px  maximum side of `drawn`.
/// @param margin_px   drawn around `kept`, so that its pixels equal those of the whole picture.
/// Errors: InvalidInput if the margins would take more than three quarters of a tile.
[[nodiscard]] Result<std::vector<PictureTile>> tilesOf(QSize picture_px, int largest_px, int margin_px);

/// The settings that draw the part `drawn` of a picture: the projection shifted, and that part of the background.
[[nodiscard]] RenderSettings settingsOfTile(const RenderSettings& whole, QSize picture_px, const QRect& drawn);

}  // namespace tagscape

#include "ui/render/picture_tiles.h"

#include <algorithm>
#include <string>

namespace tagscape {
namespace {

int numTiles(int side_px, int largest_px, int kept_px) {
  return side_px <= largest_px ? 1 : (side_px + kept_px - 1) / kept_px;
}

/// The start of tile `i` of `count`.
int beginOf(int i, int count, int side_px) { return static_cast<int>(std::int64_t{side_px} * i / count); }

}  // namespace

Status checkPictureSize(QSize size_px) {
  if (size_px.isEmpty()) return fail(ErrorCode::InvalidInput, "A picture needs a width and a height.");
  const std::int64_t num_pixels = std::int64_t{size_px.width()} * size_px.height();
  const bool is_too_long = std::max(size_px.width(), size_px.height()) > kLargestPictureSide_px;
  if (!is_too_long && num_pixels <= kMaxPicturePixels) return {};
  return fail(ErrorCode::InvalidInput,
              "A picture of " + std::to_string(size_px.width()) + " x " + std::to_string(size_px.height()) +
                  " pixels is too large: a side may have " + std::to_string(kLargestPictureSide_px) +
                  " pixels, and all of it " + std::to_string(kMaxPicturePixels / 1'000'000) +
                  " million. Choose a smaller size.");
}

Result<std::vector<PictureTile>> tilesOf(QSize picture_px, int largest_px, int margin_px) {
  const QRect all(QPoint(0, 0), picture_px);
  if (std::max(picture_px.width(), picture_px.height()) <= largest_px) return std::vector{PictureTile{all, all}};
  const int kept_px = largest_px - 2 * margin_px;
  if (kept_px < std::max(1, largest_px / 4)) {
    return fail(ErrorCode::InvalidInput,
                "A picture of this size would be drawn in parts of " + std::to_string(largest_px) +
                    " pixels a side, and its points are too large for them. Choose a smaller size or smaller points.");
  }
  const int columns = numTiles(picture_px.width(), largest_px, kept_px);
  const int rows = numTiles(picture_px.height(), largest_px, kept_px);
  std::vector<PictureTile> tiles;
  for (int row = 0; row < rows; ++row) {
    const int top = beginOf(row, rows, picture_px.height()), below = beginOf(row + 1, rows, picture_px.height());
    for (int column = 0; column < columns; ++column) {
      const int left = beginOf(column, columns, picture_px.width());
      const int beside = beginOf(column + 1, columns, picture_px.width());
      const QRect kept(left, top, beside - left, below - top);
      tiles.push_back({kept, kept.adjusted(-margin_px, -margin_px, margin_px, margin_px).intersected(all)});
    }
  }
  return tiles;
}

RenderSettings settingsOfTile(const RenderSettings& whole, QSize picture_px, const QRect& drawn) {
  RenderSettings settings = whole;
  const auto width = static_cast<float>(picture_px.width()), height = static_cast<float>(picture_px.height());
  const auto left = static_cast<float>(drawn.left()), wide = static_cast<float>(drawn.width());
  const auto high = static_cast<float>(drawn.height());
  const auto below = static_cast<float>(picture_px.height() - drawn.top() - drawn.height());
  // From -1 … 1 across the picture to -1 … 1 across the tile; y goes up.
  Eigen::Matrix4f tile_from_picture = Eigen::Matrix4f::Identity();
  tile_from_picture(0, 0) = width / wide;
  tile_from_picture(1, 1) = height / high;
  tile_from_picture(0, 3) = (width - 2 * left - wide) / wide;
  tile_from_picture(1, 3) = (height - 2 * below - high) / high;
  settings.clip_from_world = tile_from_picture * whole.clip_from_world;
  if (whole.background) {
    const auto& [bottom, top] = *whole.background;
    settings.background = RenderSettings::Background{bottom + (top - bottom) * (below / height),
                                                     bottom + (top - bottom) * ((below + high) / height)};
  }
  return settings;
}

}  // namespace tagscape

#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace tagscape {

/// Where a map's cells lie in the image it was computed from: cell (x, y) is centred at first_px + stride_px * (x, y),
/// with pixel centres at integers. That image is stride_px times as wide and high as the map.
struct CellGrid {
  int stride_px = 8;
  double first_px = 3.5;  ///< The default centres every cell in the pixels that it covers.

  /// How far the first cell's centre lies from the image's left edge, in cells. .5 for a centred grid.
  [[nodiscard]] double shift() const { return (first_px + .5) / stride_px; }
  /// Whether every cell is centred in the pixels that it covers.
  [[nodiscard]] bool isCentred() const { return shift() == .5; }
  /// The grid of a map whose rows were reversed to undo that its image was mirrored.
  [[nodiscard]] CellGrid mirrored() const { return {stride_px, stride_px - 1 - first_px}; }

  friend bool operator==(const CellGrid&, const CellGrid&) = default;
};

/// Maps on cells, owned elsewhere.
struct CellMaps {
  std::span<const float> values;  ///< [channels, height, width].
  int width = 0;                  ///< Cells.
  int height = 0;
  CellGrid grid{};

  [[nodiscard]] std::size_t numCells() const {
    return static_cast<std::size_t>(std::max(width, 0)) * static_cast<std::size_t>(std::max(height, 0));
  }
};

/// The two cells on either side of a place along one axis, and how far it lies towards the second: 0 … 1.
struct CellPair {
  std::size_t low = 0, high = 0;
  float part = 0;
};

/// One axis of a map that covers an image of any resolution.
///
/// A pixel p of num_pixels lies at the cell coordinate (p + .5) * num_cells / num_pixels - grid.shift(), in which cell
/// centres are at integers. With a centred grid the last term is .5: the half-pixel convention.
class CellAxis {
 public:
  /// @param num_cells, num_pixels  positive.
  CellAxis(int num_cells, int num_pixels, const CellGrid& grid)
      : num_pixels_(num_pixels),
        cells_(static_cast<float>(num_cells)),
        pixels_(static_cast<float>(num_pixels)),
        shift_(static_cast<float>(grid.shift())) {}

  /// The cell coordinate of a pixel. Less than 0 and more than the last cell for pixels beyond the outermost centres.
  [[nodiscard]] float place(float pixel) const { return (pixel + .5F) * cells_ / pixels_ - shift_; }

  /// The cells around a pixel; the border's value continues beyond the outermost centres.
  [[nodiscard]] CellPair around(float pixel) const {
    const float at = std::clamp(place(pixel), 0.F, cells_ - 1);
    const auto low = static_cast<std::size_t>(at);
    return {low, std::min(low + 1, static_cast<std::size_t>(cells_) - 1), at - static_cast<float>(low)};
  }

  /// The cells around every pixel of the image, in order.
  [[nodiscard]] std::vector<CellPair> ofAllPixels() const {
    std::vector<CellPair> pairs(static_cast<std::size_t>(num_pixels_));
    for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = around(static_cast<float>(i));
    return pairs;
  }

 private:
  int num_pixels_;
  float cells_, pixels_, shift_;
};

/// The four cells around a place, for bilinear interpolation. Made once for a place and used for the maps of all
/// classes.
struct CellBlend {
  CellPair x, y;
  std::size_t row_length = 0;  ///< Cells in a row of the map.

  /// Indices into a map [height, width]: upper left, upper right, lower left, lower right.
  [[nodiscard]] std::array<std::size_t, 4> cells() const {
    const std::size_t upper = y.low * row_length, lower = y.high * row_length;
    return {upper + x.low, upper + x.high, lower + x.low, lower + x.high};
  }
  /// Of these cells; they add up to 1.
  [[nodiscard]] std::array<float, 4> weights() const {
    return {(1 - y.part) * (1 - x.part), (1 - y.part) * x.part, y.part * (1 - x.part), y.part * x.part};
  }
  /// The value of a map [height, width] at the place. Exact on a constant map.
  [[nodiscard]] float of(const float* map) const {
    const float* upper = map + y.low * row_length;
    const float* lower = map + y.high * row_length;
    return std::lerp(
        std::lerp(upper[x.low], upper[x.high], x.part), std::lerp(lower[x.low], lower[x.high], x.part), y.part);
  }
};

/// Bilinear sampling of maps that cover an image: the one place that knows where cells lie in C++. The twin for tensors
/// is sampleMaps in core/cam/sample_maps_torch.h.
class CellSampler {
 public:
  /// @param cells_wide, cells_high  of the maps.   @param width, height  of the image; all positive.
  CellSampler(const CellGrid& grid, int cells_wide, int cells_high, int width, int height)
      : columns_(cells_wide, width, grid),
        rows_(cells_high, height, grid),
        row_length_(static_cast<std::size_t>(cells_wide)) {}

  /// @param u, v  a pixel of the image, not necessarily whole; centres are at integers.
  [[nodiscard]] CellBlend at(float u, float v) const { return {columns_.around(u), rows_.around(v), row_length_}; }

  [[nodiscard]] const CellAxis& columns() const { return columns_; }
  [[nodiscard]] const CellAxis& rows() const { return rows_; }

 private:
  CellAxis columns_, rows_;
  std::size_t row_length_;
};

}  // namespace tagscape

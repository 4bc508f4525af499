#pragma once

#include "core/scene/cell_grid.h"
#include "core/scene/image.h"

#include <string>
#include <vector>

namespace tagscape {

/// The scales at which the image network is applied to a frame, and whether to the mirrored frame as well; the logits
/// are averaged (multi-scale and flip inference).
/// Source: the inference of OC-CSE's public code (scales .5, 1, 1.5, 2, each also mirrored).
struct FrameViews {
  std::vector<double> scales{1};  ///< Of the training size, each 0.1 … 8.
  bool flip = false;
};

/// "frames at 0.5, 1, 1.5, 2, mirrored too".
[[nodiscard]] std::string describe(const FrameViews& views);

/// The mean over a frame's views of the image network's logits, on the cells of the finest view.
class MultiScaleLogits {
 public:
  /// @param grid  where the network's cells lie in its input image; the same for all views.
  explicit MultiScaleLogits(const CellGrid& grid) : grid_(grid) {}

  /// @param logits [kNumClasses, height, width]; of the mirrored image if `is_mirrored`.
  void add(std::vector<float> logits, int width, int height, bool is_mirrored);

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] const CellGrid& grid() const { return grid_; }
  /// The mean logits, [kNumClasses, height, width].
  [[nodiscard]] std::vector<float> mean() const;
  /// The mean of their positive parts, from which CAMs are made: with one view the same CAMs as from its logits.
  [[nodiscard]] std::vector<float> activations() const;

 private:
  struct View {
    int width, height;
    CellGrid grid;
    std::vector<float> logits;
  };
  [[nodiscard]] std::vector<float> averaged(bool positive_parts) const;

  CellGrid grid_;
  std::vector<View> views_;
  int width_ = 0, height_ = 0;
};

/// Maps on other cells that cover the same image: interpolated between cell centres (see CellSampler).
/// @param maps  any number of channels.
/// @param grid  of the result.
/// @return [channels, height, width].
[[nodiscard]] std::vector<float> resizedMaps(const CellMaps& maps, int width, int height, const CellGrid& grid);

[[nodiscard]] RgbImage mirrored(const RgbImage& image);

}  // namespace tagscape

#pragma once

#include "core/scene/cell_grid.h"
#include "core/scene/image.h"

#include <string>
#include <vector>

namespace tagscape {

/// At which sizes a frame is looked at, and whether mirrored as well; what is seen is averaged.
/// Source: the test maps of OC-CSE's public code (scales .5, 1, 1.5, 2, each also mirrored).
struct FrameViews {
  std::vector<double> scales{1};  ///< Of the training size, each 0.1 … 8.
  bool flip = false;
};

/// "frames at 0.5, 1, 1.5, 2, mirrored too".
[[nodiscard]] std::string describe(const FrameViews& views);

/// Classifier maps of a frame over several views, on the cells of the finest of them.
class MapsOfViews {
 public:
  /// @param grid  where a network's cells lie in the images that it is given: of all views the same.
  explicit MapsOfViews(const CellGrid& grid) : grid_(grid) {}

  /// @param maps [kNumClasses, height, width]; of a mirrored image if `is_mirrored`.
  void add(std::vector<float> maps, int width, int height, bool is_mirrored);

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] const CellGrid& grid() const { return grid_; }
  /// The mean of the maps, [kNumClasses, height, width].
  [[nodiscard]] std::vector<float> logits() const;
  /// The mean of their positive parts, from which CAMs are made: with one view the same CAMs as from its logits.
  [[nodiscard]] std::vector<float> activations() const;

 private:
  struct View {
    int width, height;
    CellGrid grid;
    std::vector<float> maps;
  };
  [[nodiscard]] std::vector<float> mean(bool positive_parts) const;

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

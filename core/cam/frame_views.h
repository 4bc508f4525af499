#pragma once

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
  /// @param maps [kNumClasses, height, width]; of a mirrored image if `is_mirrored`.
  void add(std::vector<float> maps, int width, int height, bool is_mirrored);

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  /// The mean of the maps, [kNumClasses, height, width].
  [[nodiscard]] std::vector<float> logits() const;
  /// The mean of their positive parts, from which CAMs are made: with one view the same CAMs as from its logits.
  [[nodiscard]] std::vector<float> activations() const;

 private:
  struct View {
    int width, height;
    std::vector<float> maps;
  };
  [[nodiscard]] std::vector<float> mean(bool positive_parts) const;

  std::vector<View> views_;
  int width_ = 0, height_ = 0;
};

/// Maps at another size: interpolated between cell centres (half-pixel convention, clamped at the border).
/// @param maps [channels, from_height, from_width].
[[nodiscard]] std::vector<float> resizedMaps(
    const std::vector<float>& maps, int from_width, int from_height, int width, int height);

[[nodiscard]] RgbImage mirrored(const RgbImage& image);

}  // namespace tagscape

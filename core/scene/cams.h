#pragma once

#include "core/scene/cell_grid.h"
#include "core/scene/class_catalog.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tagscape {

/// 2D class activation maps of one frame, on the cells of the network's output grid.
struct FrameCams {
  int frame_number = 0;
  int width = 0;  ///< Cells.
  int height = 0;
  std::vector<float> values;    ///< [kNumClasses, height, width], each class divided by its maximum: 0 … 1.
  std::vector<float> logits{};  ///< Raw maps of the same shape, mean over the views; empty unless requested.
  CellGrid grid{};              ///< Where the cells lie in the frame.
  bool is_whole = false;        ///< Has its maps of all classes though others of the scene are masked; not in files.

  /// Samples the maps at pixels of an image of this size that shows the whole frame.
  [[nodiscard]] CellSampler sampler(int image_width, int image_height) const {
    return {grid, width, height, image_width, image_height};
  }
  /// The CAM of one class, [height, width].
  [[nodiscard]] const float* map(int class_index) const {
    return values.data() +
           static_cast<std::size_t>(class_index) * static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  }
};

/// One class of a frame's CAM at a pixel of an image that covers the same view, bilinear between cell centres.
/// @param u,v           pixel; centres are at integers.
/// @param width,height  of that image.
[[nodiscard]] float camAt(const FrameCams& cams, int class_index, float u, float v, int width, int height);

/// What both networks attend to in one scene at one training step.
struct SceneCams {
  std::string scene_name;
  std::int64_t step = 0;
  bool uses_tags = true;            ///< Whether classes without a tag were set to 0.
  std::vector<float> point_values;  ///< [N, kNumClasses], each class divided by its maximum over the points: 0 … 1.
  std::vector<std::uint8_t> point_labels;  ///< [N] class indices, kNoClass where nothing was predicted.
  std::vector<FrameCams> frames;           ///< By frame number, ascending.
  /// Which weights and options it is from: predictions of one scene with equal texts are equal. Empty for snapshots.
  std::string origin{};
  std::string scene_path{};           ///< Where the scene lies; empty for snapshots.
  std::vector<float> point_logits{};  ///< [N, kNumClasses], mean over the passes; empty unless requested.

  [[nodiscard]] std::size_t numPoints() const { return point_labels.size(); }
  [[nodiscard]] const FrameCams* frame(int number) const {
    for (const auto& candidate : frames) {
      if (candidate.frame_number == number) return &candidate;
    }
    return nullptr;
  }
};

}  // namespace tagscape

#pragma once

// Private to this module: tensor types appear here.

#include "core/base/job.h"
#include "core/scene/cell_grid.h"
#include "core/scene/scene.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tagscape {

class ImageEncoder;

/// The features of one frame: those of a frozen image network and of its colours.
struct FrameFeatures {
  int width = 0, height = 0;  ///< Cells of the coarse features.
  at::Tensor coarse;  ///< [height * width, D] mean of the image and its mirror image; undefined without a network.
  at::Tensor pooled;  ///< [R, D] means over the frame and over random windows of it, of both images.
  std::vector<float> prior;             ///< [kNumClasses, height, width] imagenetPrior; empty without a classifier.
  int fine_width = 0, fine_height = 0;  ///< Cells of the fine features, every 4 px of the network's input.
  std::vector<Eigen::Vector3f> colors;  ///< [fine_height * fine_width] sRGB in 0 … 1.
  at::Tensor fine;                      ///< [F, fine_height, fine_width]: early layers of the network, colour, height.
};

struct ScanFeatureOptions {
  int width_px = 512;   ///< Of the images that the network takes.
  int num_windows = 8;  ///< Of 75 to 100 % of each side.
  bool with_prior = true;
  std::uint64_t seed = 1;
};

/// Features of all frames of a scan that have colour; those of frames that cannot be read are empty (width 0), with a
/// warning in the log.
/// @param encoder  null: colours alone.
/// Errors: Cancelled; those of the encoder. Reports progress by frames.
[[nodiscard]] Result<std::vector<FrameFeatures>> encodeFrames(const Scene& scene,
                                                              ImageEncoder* encoder,
                                                              const ScanFeatureOptions& options,
                                                              const Job& job);

}  // namespace tagscape

#pragma once

#include "core/scan_labels/class_values.h"

#include <span>

namespace tagscape {

struct PixelSmoothingOptions {
  int radius = 10;             ///< Of the neighbourhood, in cells.
  int step = 2;                ///< Every so many of them along both axes.
  float color_deviation = 12;  ///< Of similar colours, in CIE L*a*b* with L* scaled to 0 … 255.
  float weight = 4;            ///< Of the neighbours' mean posterior.
  int num_rounds = 5;
};

/// Class probabilities of an image's cells, smoothed over similar neighbours:
///   q <- softmax(log(p + .02) + weight * sum of k q / sum of k over the neighbours),
///   k = exp(-|difference of colours|^2 / (2 color_deviation^2) - distance^2 / (2 (radius / 1.5)^2)).
///
/// @param probabilities  p, [height * width, kNumClasses].
/// @param colors         [height * width] sRGB in 0 … 1.
/// Cost: cells x (pi radius^2 / step^2) x classes x rounds; 11,000 cells take .1 s.
/// Source: mean field of a CRF with a local bilateral kernel, Krähenbühl & Koltun, "Efficient inference in fully
/// connected CRFs with Gaussian edge potentials", NIPS 2011, summed directly.
[[nodiscard]] ClassValues smoothPixels(const ClassValues& probabilities,
                                       std::span<const Eigen::Vector3f> colors,
                                       int width,
                                       int height,
                                       const PixelSmoothingOptions& options = {});

}  // namespace tagscape

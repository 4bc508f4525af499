#include "core/scan_labels/smooth_pixels.h"

#include "core/scene/class_catalog.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

namespace tagscape {
namespace {

using Row = Eigen::Array<float, 1, kNumClasses>;

/// sRGB to CIE L*a*b* under D65, L* stretched to 0 … 255. Source: IEC 61966-2-1 and CIE 15.
Eigen::Vector3f labOf(const Eigen::Vector3f& srgb) {
  const auto linear = [](float v) { return v <= .04045F ? v / 12.92F : std::pow((v + .055F) / 1.055F, 2.4F); };
  const auto curve = [](float t) { return t > .008856F ? std::cbrt(t) : 7.787F * t + 16.F / 116; };
  const Eigen::Vector3f rgb(linear(srgb.x()), linear(srgb.y()), linear(srgb.z()));
  const float x = curve(Eigen::Vector3f(.4124F, .3576F, .1805F).dot(rgb) / .9505F);
  const float y = curve(Eigen::Vector3f(.2126F, .7152F, .0722F).dot(rgb));
  const float z = curve(Eigen::Vector3f(.0193F, .1192F, .9505F).dot(rgb) / 1.089F);
  constexpr float kStretch = 2.55F;
  return {kStretch * (116 * y - 16), 500 * (x - y), 200 * (y - z)};
}

struct Offset {
  int x = 0, y = 0;
  float kernel = 0;  ///< Of the distance.
};

std::vector<Offset> offsetsOf(const PixelSmoothingOptions& options) {
  const float deviation = static_cast<float>(options.radius) / 1.5F;
  std::vector<Offset> offsets;
  for (int y = -options.radius; y <= options.radius; y += options.step) {
    for (int x = -options.radius; x <= options.radius; x += options.step) {
      const auto squared = static_cast<float>(x * x + y * y);
      if (squared == 0 || squared > static_cast<float>(options.radius * options.radius)) continue;
      offsets.push_back({x, y, std::exp(-squared / (2 * deviation * deviation))});
    }
  }
  return offsets;
}

/// Neighbours of all cells and how much they count; those beyond the border are left out.
struct Kernel {
  std::vector<std::size_t> begins;
  std::vector<std::pair<Eigen::Index, float>> neighbours;  ///< Of each cell with sum 1.
};

Kernel kernelOf(std::span<const Eigen::Vector3f> colors, int width, int height, const PixelSmoothingOptions& options) {
  std::vector<Eigen::Vector3f> lab;
  for (const Eigen::Vector3f& color : colors) lab.push_back(labOf(color));
  const auto offsets = offsetsOf(options);
  Kernel kernel;
  kernel.begins.push_back(0);
  kernel.neighbours.reserve(colors.size() * offsets.size());
  const float scale = 1 / (2 * options.color_deviation * options.color_deviation);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto cell = static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
      float sum = 0;
      for (const Offset& offset : offsets) {
        const int u = x + offset.x, v = y + offset.y;
        if (u < 0 || v < 0 || u >= width || v >= height) continue;
        const auto other = static_cast<std::size_t>(v) * static_cast<std::size_t>(width) + static_cast<std::size_t>(u);
        const float weight = offset.kernel * std::exp(-scale * (lab[cell] - lab[other]).squaredNorm());
        kernel.neighbours.emplace_back(static_cast<Eigen::Index>(other), weight);
        sum += weight;
      }
      for (std::size_t i = kernel.begins.back(); i < kernel.neighbours.size(); ++i)
        kernel.neighbours[i].second /= std::max(sum, 1e-6F);
      kernel.begins.push_back(kernel.neighbours.size());
    }
  }
  return kernel;
}

}  // namespace

ClassValues smoothPixels(const ClassValues& probabilities,
                         std::span<const Eigen::Vector3f> colors,
                         int width,
                         int height,
                         const PixelSmoothingOptions& options) {
  constexpr float kMinProbability = .02F;
  if (probabilities.cols() != kNumClasses || probabilities.rows() != Eigen::Index{width} * height ||
      colors.size() != static_cast<std::size_t>(probabilities.rows()))
    throw std::logic_error("smoothPixels: a row of probabilities and a colour are needed for every cell");
  const Kernel kernel = kernelOf(colors, width, height, options);
  const ClassValues own = (probabilities + kMinProbability).log();
  ClassValues q = probabilities;
  for (int round = 0; round < options.num_rounds; ++round) {
    ClassValues logits = own;
    for (Eigen::Index cell = 0; cell < q.rows(); ++cell) {
      Row mean = Row::Zero();
      for (std::size_t i = kernel.begins[static_cast<std::size_t>(cell)];
           i < kernel.begins[static_cast<std::size_t>(cell) + 1];
           ++i)
        mean += kernel.neighbours[i].second * q.row(kernel.neighbours[i].first);
      logits.row(cell) += options.weight * mean;
    }
    q = softmaxOfRows(std::move(logits));
  }
  return q;
}

}  // namespace tagscape

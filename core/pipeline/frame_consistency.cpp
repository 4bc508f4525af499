#include "core/pipeline/frame_consistency.h"

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

constexpr double kClose = 0.04;  // of the depth: noise and slant at the resolution of a thinned map
constexpr int kGrid = 20;        // pixels a side that are looked at

std::vector<Eigen::Vector2i> pixelsWithDepth(const DepthImage& depth) {
  std::vector<Eigen::Vector2i> pixels;
  for (int row = 0; row < kGrid; ++row) {
    for (int column = 0; column < kGrid; ++column) {
      const Eigen::Vector2i pixel((2 * column + 1) * depth.width / (2 * kGrid),
                                  (2 * row + 1) * depth.height / (2 * kGrid));
      if (depth.at(pixel.x(), pixel.y()) > 0) pixels.push_back(pixel);
    }
  }
  return pixels;
}

}  // namespace

DepthSamples sampleDepth(const Scene& scene, std::size_t max_frames, const Job& job) {
  std::vector<std::size_t> usable;
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    if (scene.frames[i].world_from_camera && scene.frames[i].has_depth) usable.push_back(i);
  }
  DepthSamples samples;
  const std::size_t count = std::min(max_frames, usable.size());
  for (std::size_t k = 0; k < count; ++k) {
    if (job.stopRequested()) break;
    const std::size_t index = usable[k * usable.size() / count];
    auto depth = scene.pixels->depth(index);
    if (!depth) continue;
    auto pixels = pixelsWithDepth(*depth);
    if (!pixels.empty()) samples.frames.push_back({index, std::move(*depth), std::move(pixels)});
  }
  return samples;
}

FrameConsistency compareFrames(const DepthSamples& samples, const FrameHypothesis& hypothesis) {
  const Intrinsics& camera = hypothesis.camera;
  FrameConsistency result;
  std::size_t close = 0, in_front = 0, projected = 0;
  for (std::size_t a = 0; a < samples.frames.size(); ++a) {
    const auto& from = samples.frames[a];
    for (std::size_t b = 0; b < samples.frames.size(); ++b) {
      if (a == b) continue;
      const auto& to = samples.frames[b];
      const Pose b_from_a = hypothesis.world_from_camera[b].inverse() * hypothesis.world_from_camera[a];
      for (const auto& pixel : from.pixels) {
        const double depth = static_cast<double>(from.depth.at(pixel.x(), pixel.y())) * hypothesis.depth_factor;
        const Eigen::Vector3d point = b_from_a * Eigen::Vector3d((pixel.x() - camera.cx) / camera.fx * depth,
                                                                 (pixel.y() - camera.cy) / camera.fy * depth,
                                                                 depth);
        ++projected;
        if (point.z() <= 0) continue;
        const double x = camera.fx * point.x() / point.z() + camera.cx;
        const double y = camera.fy * point.y() / point.z() + camera.cy;
        if (!(x >= 0 && y >= 0 && x < to.depth.width - 0.5 && y < to.depth.height - 0.5)) continue;
        const double seen =
            static_cast<double>(to.depth.at(static_cast<int>(std::lround(x)), static_cast<int>(std::lround(y)))) *
            hypothesis.depth_factor;
        if (seen <= 0) continue;
        ++result.num_compared;
        close += std::abs(point.z() - seen) < kClose * seen ? 1 : 0;
        in_front += point.z() - seen <= -kClose * seen ? 1 : 0;
      }
    }
  }
  if (result.num_compared == 0) return result;
  const auto count = static_cast<double>(result.num_compared);
  result.fraction_close = static_cast<double>(close) / count;
  result.fraction_in_front = static_cast<double>(in_front) / count;
  constexpr std::size_t kFew = 20;
  if (result.num_compared * kFew >= projected) result.score = result.fraction_close - result.fraction_in_front;
  return result;
}

}  // namespace tagscape

#pragma once

// A floor with two boxes on it, seen by three cameras that look straight down: a scan whose labels are known.

#include "core/scene/scene.h"

#include <cmath>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace tagscape::testing {

inline constexpr int kBoxWidth = 60, kBoxHeight = 40;
inline constexpr std::size_t kFloor = 1, kTable = 6, kSofa = 5;

/// The depth that was given, and colours by what is there: gray, a red table, a blue sofa.
class PlanePixels : public FrameSource {
 public:
  explicit PlanePixels(std::vector<DepthImage> depths) : depths_(std::move(depths)) {}
  [[nodiscard]] Result<RgbImage> color(std::size_t index) const override {
    RgbImage image(kBoxWidth, kBoxHeight, 3, 150);
    for (std::size_t i = 0; i < depths_[index].pixels.size(); ++i) {
      const float depth = depths_[index].pixels[i];
      if (depth == 3) continue;
      image.pixels[3 * i + (depth < 2.5F ? 0 : 2)] = 250;
      image.pixels[3 * i + 1] = 30;
    }
    return image;
  }
  [[nodiscard]] Result<DepthImage> depth(std::size_t index) const override { return depths_[index]; }

 private:
  std::vector<DepthImage> depths_;
};

inline float heightAt(float x, float y) {
  if (std::abs(x + 1) < .5F && std::abs(y) < .5F) return .75F;  // a table
  if (std::abs(x - 1) < .5F && std::abs(y) < .5F) return .4F;   // a sofa
  return 0;
}

/// A floor of 4 x 2 m with a table and a sofa, steep at their sides; frames over the left, the middle and the right.
inline std::shared_ptr<Scene> boxScene() {
  constexpr float kStep_m = .02F;
  constexpr std::uint32_t kColumns = 201, kRows = 101;
  auto scene = std::make_shared<Scene>();
  scene->name = "boxes";
  for (std::uint32_t row = 0; row < kRows; ++row) {
    for (std::uint32_t column = 0; column < kColumns; ++column) {
      const float x = -2 + kStep_m * static_cast<float>(column), y = -1 + kStep_m * static_cast<float>(row);
      scene->mesh.vertices.positions_m.emplace_back(x, y, heightAt(x, y));
      scene->point_labels.push_back(heightAt(x, y) > .5F ? kTable : heightAt(x, y) > 0 ? kSofa : kFloor);
    }
  }
  for (std::uint32_t row = 0; row + 1 < kRows; ++row) {
    for (std::uint32_t column = 0; column + 1 < kColumns; ++column) {
      const std::uint32_t i = row * kColumns + column;
      scene->mesh.triangles.push_back({i, i + 1, i + kColumns});
      scene->mesh.triangles.push_back({i + 1, i + kColumns + 1, i + kColumns});
    }
  }
  scene->color_intrinsics = scene->depth_intrinsics = {60, 60, 29.5, 19.5, kBoxWidth, kBoxHeight};
  std::vector<DepthImage> depths;
  for (const float middle : {-1.4F, 0.F, 1.4F}) {
    Pose pose = Pose::Identity();
    pose.linear() << 1, 0, 0, 0, -1, 0, 0, 0, -1;
    pose.translation() = Eigen::Vector3d(middle, 0, 3);
    DepthImage depth(kBoxWidth, kBoxHeight, 1, 3.F);
    for (int v = 0; v < kBoxHeight; ++v) {
      for (int u = 0; u < kBoxWidth; ++u) {
        for (const float height : {.75F, .4F}) {
          const float z = 3 - height;
          const float x = middle + (static_cast<float>(u) - 29.5F) / 60 * z,
                      y = -(static_cast<float>(v) - 19.5F) / 60 * z;
          if (heightAt(x, y) == height) depth.at(u, v) = z;
        }
      }
    }
    depths.push_back(std::move(depth));
    scene->frames.push_back({static_cast<int>(scene->frames.size()), pose, true, true, TagSet().set(kFloor)});
  }
  scene->frames[0].tags->set(kTable);
  scene->frames[1].tags->set(kTable).set(kSofa);
  scene->frames[2].tags->set(kSofa);
  scene->pixels = std::make_shared<PlanePixels>(std::move(depths));
  return scene;
}

}  // namespace tagscape::testing

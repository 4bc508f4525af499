#include "core/synth/model.h"

#include <algorithm>
#include <cmath>

namespace tagscape::synth {
namespace {

constexpr int kCylinderSides = 20;

/// Equally spread in [0, 1), the same for the same whole numbers.
float hash01(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  std::uint32_t h = a * 0x9E3779B1U ^ b * 0x85EBCA77U ^ c * 0xC2B2AE3DU;
  h ^= h >> 15U;
  h *= 0x2C1B3C6DU;
  h ^= h >> 12U;
  h *= 0x297A2D39U;
  h ^= h >> 15U;
  return static_cast<float>(h >> 8U) * 0x1p-24F;
}

/// 0 … 1 … 0 once per unit, in straight lines.
float triangleWave(float x) {
  const float phase = x - std::floor(x);
  return phase < .5F ? 2 * phase : 2 - 2 * phase;
}

bool isOdd(float cell) { return (static_cast<std::int64_t>(cell) & 1) != 0; }

float blend(const Material& material, float u, float v) {
  switch (material.pattern) {
    case Pattern::StripesAcross:
      return isOdd(std::floor(2 * u)) ? 1.F : 0.F;
    case Pattern::StripesUp:
      return isOdd(std::floor(2 * v)) ? 1.F : 0.F;
    case Pattern::Checker:
      return isOdd(std::floor(u) + std::floor(v)) ? 1.F : 0.F;
    case Pattern::Soft: {
      const float shift = static_cast<float>(material.seed % 7U) / 7;
      return .5F * (triangleWave(.33F * u + shift) + triangleWave(.43F * v + .6F * u + 2 * shift));
    }
    case Pattern::Plain:
    case Pattern::Cells:
      break;
  }
  return 0;
}

/// Corner `i` of the box from -half to +half: bit 0 is x, bit 1 y, bit 2 z.
Eigen::Vector3f boxCorner(int i, const Eigen::Vector3f& half) {
  return {
      (i & 1) != 0 ? half.x() : -half.x(), (i & 2) != 0 ? half.y() : -half.y(), (i & 4) != 0 ? half.z() : -half.z()};
}

struct BoxSide {
  std::array<int, 4> corners;
  int axis;
};
/// Counter-clockwise seen from outside.
constexpr std::array<BoxSide, 6> kBoxSides{
    {{{0, 4, 6, 2}, 0}, {{1, 3, 7, 5}, 0}, {{0, 1, 5, 4}, 1}, {{2, 6, 7, 3}, 1}, {{0, 2, 3, 1}, 2}, {{4, 5, 7, 6}, 2}}};

}  // namespace

Eigen::Vector3f colorAt(const Material& material, const Eigen::Vector3f& texture_m, int texture_axis) {
  const float u = (texture_axis == 0 ? texture_m.y() : texture_m.x()) * material.frequency;
  const float v = (texture_axis == 2 ? texture_m.y() : texture_m.z()) * material.frequency;
  if (material.pattern == Pattern::Cells) {
    const auto cell = static_cast<std::uint32_t>(static_cast<std::int64_t>(std::floor(u)));
    const Eigen::Vector3f own{
        hash01(cell, material.seed, 1), hash01(cell, material.seed, 2), hash01(cell, material.seed, 3)};
    return .3F * material.color + .7F * own;
  }
  const float share = blend(material, u, v);
  return (1 - share) * material.color + share * material.second_color;
}

void append(Model& room, const Model& piece, const Eigen::Isometry3f& room_from_piece) {
  const auto first_vertex = static_cast<std::uint32_t>(room.positions_m.size());
  const auto first_material = static_cast<std::uint32_t>(room.materials.size());
  for (const auto& position_m : piece.positions_m) room.positions_m.emplace_back(room_from_piece * position_m);
  room.texture_m.insert(room.texture_m.end(), piece.texture_m.begin(), piece.texture_m.end());
  room.materials.insert(room.materials.end(), piece.materials.begin(), piece.materials.end());
  for (Face face : piece.faces) {
    for (auto& corner : face.corners) corner += first_vertex;
    face.material += first_material;
    room.faces.push_back(face);
  }
}

ModelBuilder& ModelBuilder::ofClass(int class_index) {
  class_index_ = static_cast<std::uint8_t>(class_index);
  return *this;
}

ModelBuilder& ModelBuilder::paint(const Material& material) {
  model_.materials.push_back(material);
  return *this;
}

ModelBuilder& ModelBuilder::box(const Eigen::Vector3f& center_m, const Eigen::Vector3f& size_m, float taper) {
  const Eigen::Vector3f half = size_m / 2;
  std::array<std::uint32_t, 8> corners{};
  for (int i = 0; i < 8; ++i) {
    Eigen::Vector3f corner = boxCorner(i, half);
    const Eigen::Vector3f texture = corner;
    if ((i & 4) != 0) corner.head<2>() *= taper;
    corners[static_cast<std::size_t>(i)] = addVertex(center_m + corner, texture);
  }
  for (const auto& side : kBoxSides) {
    std::array<std::uint32_t, 4> quad{};
    std::ranges::transform(side.corners, quad.begin(), [&](int i) { return corners[static_cast<std::size_t>(i)]; });
    addQuad(quad, side.axis);
  }
  return *this;
}

ModelBuilder& ModelBuilder::cylinder(const Eigen::Vector3f& foot_m,
                                     float bottom_radius_m,
                                     float top_radius_m,
                                     float height_m) {
  const Eigen::Vector3f up(0, 0, height_m);
  const auto bottom_middle = addVertex(foot_m, Eigen::Vector3f::Zero());
  const auto top_middle = addVertex(foot_m + up, up);
  std::array<std::uint32_t, kCylinderSides> bottom{};
  std::array<std::uint32_t, kCylinderSides> top{};
  for (std::size_t i = 0; i < kCylinderSides; ++i) {
    const double angle_rad = 2 * M_PI * static_cast<double>(i) / kCylinderSides;
    const Eigen::Vector3f around(static_cast<float>(std::cos(angle_rad)), static_cast<float>(std::sin(angle_rad)), 0);
    bottom[i] = addVertex(foot_m + bottom_radius_m * around, bottom_radius_m * around);
    top[i] = addVertex(foot_m + up + top_radius_m * around, bottom_radius_m * around + up);
  }
  for (std::size_t i = 0; i < kCylinderSides; ++i) {
    const std::size_t next = (i + 1) % kCylinderSides;
    addQuad({bottom[i], bottom[next], top[next], top[i]}, 1);
    addTriangle({bottom_middle, bottom[next], bottom[i]}, 2);
    addTriangle({top_middle, top[i], top[next]}, 2);
  }
  return *this;
}

ModelBuilder& ModelBuilder::bentPanel(const Eigen::Vector3f& center_m,
                                      const Eigen::Vector3f& size_m,
                                      int num_strips,
                                      const std::function<float(float)>& bend) {
  const Eigen::Vector3f half = size_m / 2;
  std::array<std::uint32_t, 4> before{};  // of one column: front low, front high, back low, back high
  for (int i = 0; i <= num_strips; ++i) {
    const float x = size_m.x() * static_cast<float>(i) / static_cast<float>(num_strips) - half.x();
    std::array<std::uint32_t, 4> column{};
    for (std::size_t k = 0; k < 4; ++k) {
      const Eigen::Vector3f texture(x, k < 2 ? -half.y() : half.y(), k % 2 == 0 ? -half.z() : half.z());
      column[k] = addVertex(center_m + texture + Eigen::Vector3f(0, bend(x), 0), texture);
    }
    if (i == 0) {
      addQuad({column[0], column[1], column[3], column[2]}, 0);
    } else {
      addQuad({before[0], column[0], column[1], before[1]}, 1);
      addQuad({before[2], before[3], column[3], column[2]}, 1);
      addQuad({before[1], column[1], column[3], before[3]}, 2);
      addQuad({before[0], before[2], column[2], column[0]}, 2);
    }
    before = column;
  }
  addQuad({before[0], before[2], before[3], before[1]}, 0);
  return *this;
}

ModelBuilder& ModelBuilder::legs(float width_m, float depth_m, float height_m, float thickness_m) {
  constexpr float kFootSize = .7F;
  for (const float side_x : {-.5F, .5F}) {
    for (const float side_y : {-.5F, .5F}) {
      const Eigen::Vector3f center(side_x * (width_m - thickness_m), side_y * (depth_m - thickness_m), height_m / 2);
      box(center, {kFootSize * thickness_m, kFootSize * thickness_m, height_m}, 1 / kFootSize);
    }
  }
  return *this;
}

std::uint32_t ModelBuilder::addVertex(const Eigen::Vector3f& position_m, const Eigen::Vector3f& texture_m) {
  model_.positions_m.push_back(position_m);
  model_.texture_m.push_back(texture_m);
  return static_cast<std::uint32_t>(model_.positions_m.size() - 1);
}

void ModelBuilder::addQuad(const std::array<std::uint32_t, 4>& corners, int texture_axis) {
  addTriangle({corners[0], corners[1], corners[2]}, texture_axis);
  addTriangle({corners[0], corners[2], corners[3]}, texture_axis);
}

void ModelBuilder::addTriangle(const Triangle& corners, int texture_axis) {
  if (model_.materials.empty()) model_.materials.emplace_back();
  model_.faces.push_back({corners,
                          class_index_,
                          static_cast<std::uint8_t>(texture_axis),
                          static_cast<std::uint32_t>(model_.materials.size() - 1)});
}

}  // namespace tagscape::synth

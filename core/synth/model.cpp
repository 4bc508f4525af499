#include "core/synth/model.h"

#include "core/scene/class_catalog.h"
#include "core/synth/noise.h"

#include <algorithm>
#include <cmath>

namespace tagscape::synth {
namespace {

constexpr std::size_t kCylinderSides = 20;
constexpr std::size_t kTubeSides = 6;

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

/// Points of the unit circle. Repeated rotation by a constant angle instead of cos and sin,
/// whose last bits differ between C libraries.
template <std::size_t kNumSides>
std::array<Eigen::Vector3f, kNumSides> unitCircle(double cosine_of_step, double sine_of_step) {
  std::array<Eigen::Vector3f, kNumSides> circle;
  double x = 1;
  double y = 0;
  for (auto& point : circle) {
    point = Eigen::Vector3f(static_cast<float>(x), static_cast<float>(y), 0);
    const double next_x = x * cosine_of_step - y * sine_of_step;
    y = x * sine_of_step + y * cosine_of_step;
    x = next_x;
  }
  return circle;
}

const std::array<Eigen::Vector3f, kCylinderSides>& cylinderCircle() {
  static const auto kCircle = unitCircle<kCylinderSides>(.95105651629515357, .30901699437494742);  // of 18 degrees
  return kCircle;
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
  const float fraction = blend(material, u, v);
  return (1 - fraction) * material.color + fraction * material.second_color;
}

void append(Model& room, const Model& piece, const Eigen::Isometry3f& room_from_piece) {
  const auto first_vertex = static_cast<std::uint32_t>(room.positions_m.size());
  const auto first_material = static_cast<std::uint32_t>(room.materials.size());
  const auto first_object = static_cast<std::uint32_t>(room.objects.size());
  for (const auto& position_m : piece.positions_m) room.positions_m.emplace_back(room_from_piece * position_m);
  room.texture_m.insert(room.texture_m.end(), piece.texture_m.begin(), piece.texture_m.end());
  room.materials.insert(room.materials.end(), piece.materials.begin(), piece.materials.end());
  room.objects.insert(room.objects.end(), piece.objects.begin(), piece.objects.end());
  for (Face face : piece.faces) {
    for (auto& corner : face.corners) corner += first_vertex;
    face.material += first_material;
    face.object += first_object;
    room.faces.push_back(face);
  }
}

ModelBuilder& ModelBuilder::beginObject(int class_index, std::string category) {
  if (category.empty() && class_index != kNoClass)
    category = classCatalog()[static_cast<std::size_t>(class_index)].name;
  model_.objects.push_back({static_cast<std::uint8_t>(class_index), std::move(category)});
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

ModelBuilder& ModelBuilder::cylinder(
    const Eigen::Vector3f& foot_m, float bottom_radius_m, float top_radius_m, float height_m, float squash) {
  const Eigen::Vector3f up(0, 0, height_m);
  const auto bottom_middle = addVertex(foot_m, Eigen::Vector3f::Zero());
  const auto top_middle = addVertex(foot_m + up, up);
  std::array<std::uint32_t, kCylinderSides> bottom{};
  std::array<std::uint32_t, kCylinderSides> top{};
  for (std::size_t i = 0; i < kCylinderSides; ++i) {
    const Eigen::Vector3f around = cylinderCircle()[i].cwiseProduct(Eigen::Vector3f(1, squash, 1));
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

ModelBuilder& ModelBuilder::cushion(const Eigen::Vector3f& center_m, const Eigen::Vector3f& size_m, float bulge_m) {
  constexpr int kCells = 6;
  const Eigen::Vector3f half = size_m / 2;
  std::array<std::array<std::uint32_t, kCells + 1>, kCells + 1> top{};
  for (std::size_t row = 0; row <= kCells; ++row) {
    for (std::size_t column = 0; column <= kCells; ++column) {
      const float x = 2 * static_cast<float>(column) / kCells - 1;
      const float y = 2 * static_cast<float>(row) / kCells - 1;
      const Eigen::Vector3f texture(x * half.x(), y * half.y(), half.z());
      const Eigen::Vector3f up(0, 0, bulge_m * (1 - x * x) * (1 - y * y));
      top[row][column] = addVertex(center_m + texture + up, texture);
    }
  }
  for (std::size_t row = 0; row < kCells; ++row) {
    for (std::size_t column = 0; column < kCells; ++column) {
      addQuad({top[row][column], top[row][column + 1], top[row + 1][column + 1], top[row + 1][column]}, 2);
    }
  }
  std::array<std::uint32_t, 8> corners{};
  for (int i = 0; i < 8; ++i)
    corners[static_cast<std::size_t>(i)] = addVertex(center_m + boxCorner(i, half), boxCorner(i, half));
  for (const auto& side : kBoxSides) {
    if (side.axis == 2 && side.corners[0] == 4) continue;  // the bulging top is in its place
    std::array<std::uint32_t, 4> quad{};
    std::ranges::transform(side.corners, quad.begin(), [&](int i) { return corners[static_cast<std::size_t>(i)]; });
    addQuad(quad, side.axis);
  }
  return *this;
}

ModelBuilder& ModelBuilder::tube(const std::vector<Eigen::Vector3f>& line_m, float radius_m) {
  static const auto kCircle = unitCircle<kTubeSides>(.5, .86602540378443865);  // of 60 degrees
  using Ring = std::array<std::uint32_t, kTubeSides>;
  Ring before{};
  for (std::size_t i = 0; i < line_m.size(); ++i) {
    const Eigen::Vector3f along = line_m[std::min(i + 1, line_m.size() - 1)] - line_m[i == 0 ? 0 : i - 1];
    const Eigen::Vector3f forward = along / std::sqrt(along.squaredNorm());
    const Eigen::Vector3f other = std::abs(forward.x()) < .8F ? Eigen::Vector3f::UnitX() : Eigen::Vector3f::UnitY();
    Eigen::Vector3f side = other - other.dot(forward) * forward;
    side /= std::sqrt(side.squaredNorm());
    const Eigen::Vector3f up = forward.cross(side);
    Ring ring{};
    for (std::size_t k = 0; k < kTubeSides; ++k) {
      const Eigen::Vector3f around = radius_m * (kCircle[k].x() * side + kCircle[k].y() * up);
      ring[k] = addVertex(line_m[i] + around, around);
    }
    for (std::size_t k = 0; i > 0 && k < kTubeSides; ++k) {
      const std::size_t next = (k + 1) % kTubeSides;
      addQuad({before[k], before[next], ring[next], ring[k]}, 1);
    }
    for (std::size_t k = 1; k + 1 < kTubeSides; ++k) {
      if (i == 0) addTriangle({ring[0], ring[k + 1], ring[k]}, 2);
      if (i + 1 == line_m.size()) addTriangle({ring[0], ring[k], ring[k + 1]}, 2);
    }
    before = ring;
  }
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
                          static_cast<std::uint8_t>(texture_axis),
                          static_cast<std::uint32_t>(model_.objects.size() - 1),
                          static_cast<std::uint32_t>(model_.materials.size() - 1)});
}

}  // namespace tagscape::synth

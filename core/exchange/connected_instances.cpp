#include "core/exchange/layer_options.h"
#include "core/geometry/render_depth.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

namespace tagscape {
namespace {

/// Sets that grow together. Source: union by halving paths (Tarjan & van Leeuwen, 1984).
class Sets {
 public:
  explicit Sets(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), 0U); }
  std::uint32_t rootOf(std::uint32_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = rootOf(a);
    b = rootOf(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::uint32_t> parent_;
};

using Cell = std::array<std::int32_t, 3>;

/// Points of a cloud in neighbouring cells are joined where their classes are the same: the first point of a class in
/// each cell stands for the others.
void joinNeighbours(const Mesh& mesh, const std::vector<std::uint16_t>& classes, Sets& sets) {
  constexpr float kSpacings = 3;
  const float cell_m = std::max(kSpacings * meshSpacing_m(mesh), 1e-6F);
  std::map<std::pair<Cell, std::uint16_t>, std::uint32_t> first_of;
  for (std::uint32_t i = 0; i < classes.size(); ++i) {
    if (classes[i] == kUnlabelled) continue;
    const Eigen::Vector3f place = (mesh.vertices.positions_m[i] / cell_m).array().floor();
    const Cell cell{static_cast<std::int32_t>(place.x()),
                    static_cast<std::int32_t>(place.y()),
                    static_cast<std::int32_t>(place.z())};
    const auto [found, is_new] = first_of.try_emplace({cell, classes[i]}, i);
    if (!is_new) sets.join(found->second, i);
  }
  for (const auto& [key, point] : first_of) {
    for (int step = 0; step < 13; ++step) {  // half of the 26 neighbours; the others find this one
      const int offset = step + 14;
      const Cell other{key.first[0] + offset / 9 - 1, key.first[1] + offset / 3 % 3 - 1, key.first[2] + offset % 3 - 1};
      if (const auto found = first_of.find({other, key.second}); found != first_of.end())
        sets.join(point, found->second);
    }
  }
}

}  // namespace

std::vector<std::uint32_t> connectedInstances(const Mesh& mesh,
                                              const LayerPoints& points,
                                              const ExchangeClasses& classes,
                                              std::size_t smallest) {
  const std::size_t count = points.size();
  Sets sets(count);
  if (mesh.triangles.empty()) joinNeighbours(mesh, points.classes, sets);
  for (const Triangle& corners : mesh.triangles) {
    for (std::size_t k = 0; k < 3; ++k) {
      const std::uint32_t a = corners[k], b = corners[(k + 1) % 3];
      if (points.classes[a] == points.classes[b]) sets.join(a, b);
    }
  }
  std::vector<std::size_t> size(count, 0);
  for (std::uint32_t i = 0; i < count; ++i) ++size[sets.rootOf(i)];
  std::vector<std::uint32_t> roots;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint16_t row = points.classes[i];
    if (size[i] >= std::max<std::size_t>(smallest, 1) && row != kUnlabelled && classes[row].has_instances)
      roots.push_back(i);
  }
  std::stable_sort(roots.begin(), roots.end(), [&](std::uint32_t a, std::uint32_t b) { return size[a] > size[b]; });
  std::vector<std::uint32_t> number_of(count, 0);
  for (std::size_t k = 0; k < roots.size(); ++k) number_of[roots[k]] = static_cast<std::uint32_t>(k + 1);
  std::vector<std::uint32_t> instances(count);
  for (std::uint32_t i = 0; i < count; ++i) instances[i] = number_of[sets.rootOf(i)];
  return instances;
}

}  // namespace tagscape

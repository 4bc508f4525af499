#include "core/synth/surface_mesh.h"

#include "core/synth/noise.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>

namespace tagscape::synth {
namespace {

using Eigen::Vector3f;

/// A small triangle and the face of the model that it was cut from.
struct Piecelet {
  Triangle corners{};
  std::uint32_t face = 0;
};

/// A surface in small triangles.
struct Pieces {
  std::vector<Vector3f> positions_m;
  std::vector<std::uint32_t> objects;  ///< Of every vertex.
  std::vector<Piecelet> triangles;
  std::vector<Piecelet> collapsed;  ///< Of parts so thin that only their vertices are left.
};

/// Cuts faces at the middle of their longest edges until all are short. Whether an edge is cut depends on its length
/// alone, so triangles that share an edge share its vertices.
class Cutter {
 public:
  Cutter(const Model& model, double edge_m) : model_(model), longest_(static_cast<float>(edge_m * edge_m)) {
    for (std::uint32_t i = 0; i < model.faces.size(); ++i) cutFace(i);
  }

  Pieces pieces;

 private:
  void cutFace(std::uint32_t face) {
    const auto& corners = model_.faces[face].corners;
    std::vector<std::array<Vector3f, 3>> open{
        {model_.positions_m[corners[0]], model_.positions_m[corners[1]], model_.positions_m[corners[2]]}};
    while (!open.empty()) {
      const auto [a, b, c] = open.back();
      open.pop_back();
      const float ab = (b - a).squaredNorm();
      const float bc = (c - b).squaredNorm();
      const float ca = (a - c).squaredNorm();
      if (std::max({ab, bc, ca}) <= longest_) {
        pieces.triangles.push_back({{vertexAt(a, face), vertexAt(b, face), vertexAt(c, face)}, face});
      } else if (ab >= bc && ab >= ca) {
        const Vector3f middle = (a + b) / 2;
        open.push_back({middle, b, c});
        open.push_back({a, middle, c});
      } else if (bc >= ca) {
        const Vector3f middle = (b + c) / 2;
        open.push_back({a, middle, c});
        open.push_back({a, b, middle});
      } else {
        const Vector3f middle = (c + a) / 2;
        open.push_back({middle, b, c});
        open.push_back({a, b, middle});
      }
    }
  }

  using Key = std::array<std::uint32_t, 4>;  // bits of the position, object
  struct HashKey {
    std::size_t operator()(const Key& key) const {
      std::uint64_t hash = 0xcbf29ce484222325ULL;
      for (const auto word : key) hash = (hash ^ word) * 0x100000001b3ULL;
      return hash ^ (hash >> 29U);
    }
  };

  std::uint32_t vertexAt(const Vector3f& position_m, std::uint32_t face) {
    const std::uint32_t object = model_.faces[face].object;
    const auto bits = [](float x) { return std::bit_cast<std::uint32_t>(x == 0 ? 0.F : x); };  // -0 is 0
    const auto [found, is_new] =
        known_.try_emplace({bits(position_m.x()), bits(position_m.y()), bits(position_m.z()), object},
                           static_cast<std::uint32_t>(pieces.positions_m.size()));
    if (is_new) {
      pieces.positions_m.push_back(position_m);
      pieces.objects.push_back(object);
    }
    return found->second;
  }

  const Model& model_;
  float longest_;
  std::unordered_map<Key, std::uint32_t, HashKey> known_;  // only asked by key: its order does not matter
};

Vector3f middleOf(const Pieces& cut, const Piecelet& triangle) {
  const auto& [a, b, c] = triangle.corners;
  return (cut.positions_m[a] + cut.positions_m[b] + cut.positions_m[c]) / 3;
}

/// Not of unit length.
Vector3f normalOf(const Pieces& cut, const Piecelet& triangle) {
  const auto& [a, b, c] = triangle.corners;
  return (cut.positions_m[b] - cut.positions_m[a]).cross(cut.positions_m[c] - cut.positions_m[a]);
}

/// A camera as a test for points.
struct View {
  Vector3f eye;
  Eigen::Matrix3f camera_from_world;
};

bool sees(
    const View& view, const Intrinsics& camera, const RayCaster& caster, const Vector3f& point, std::uint32_t face) {
  constexpr float kNear_m = .2F;
  constexpr float kFar_m = 6;
  /// The triangle may lie just below another in the same plane.
  constexpr float kSameSurface = .002F;
  const Vector3f away = point - view.eye;
  const Vector3f seen = view.camera_from_world * away;
  if (seen.z() < kNear_m || seen.z() > kFar_m) return false;
  const double u = camera.fx * seen.x() / seen.z() + camera.cx;
  const double v = camera.fy * seen.y() / seen.z() + camera.cy;
  if (u < 0 || v < 0 || u > camera.width - 1 || v > camera.height - 1) return false;
  const auto hit = caster.firstHit(view.eye, away);
  return hit && (hit->face == face || std::abs(hit->distance - 1) < kSameSurface);
}

std::vector<Piecelet> keepSeen(
    const Pieces& cut, const RayCaster& caster, std::span<const Pose> poses, const Intrinsics& camera, const Job& job) {
  constexpr std::size_t kTrianglesPerLook = 1024;  // at whether to stop
  std::vector<View> views;
  for (const auto& pose : poses)
    views.push_back({pose.translation().cast<float>(), pose.linear().transpose().cast<float>()});
  std::vector<Piecelet> seen;
  for (std::size_t i = 0; i < cut.triangles.size(); ++i) {
    if (i % kTrianglesPerLook == 0 && job.stopRequested()) break;
    const Piecelet& triangle = cut.triangles[i];
    const Vector3f middle = middleOf(cut, triangle);
    const Vector3f normal = normalOf(cut, triangle);
    const bool is_seen = std::ranges::any_of(views, [&](const View& view) {
      return normal.dot(view.eye - middle) > 0 && sees(view, camera, caster, middle, triangle.face);
    });
    if (is_seen) seen.push_back(triangle);
  }
  return seen;
}

/// Smooth noise of deviation about 1 in each direction: values at the corners of a grid, between them in straight
/// lines.
Vector3f smoothNoise(const Vector3f& position_m, std::uint32_t seed) {
  constexpr float kGrid_m = .12F;
  const Vector3f at = position_m / kGrid_m;
  const Vector3f base(std::floor(at.x()), std::floor(at.y()), std::floor(at.z()));
  const Vector3f fraction = at - base;
  Vector3f noise = Vector3f::Zero();
  for (int corner = 0; corner < 8; ++corner) {
    std::array<std::uint32_t, 3> cell{};
    float weight = 1;
    for (int axis = 0; axis < 3; ++axis) {
      const bool upper = ((corner >> axis) & 1) != 0;
      weight *= upper ? fraction[axis] : 1 - fraction[axis];
      const auto whole = static_cast<std::int64_t>(base[axis]) + (upper ? 1 : 0);
      cell.at(static_cast<std::size_t>(axis)) = static_cast<std::uint32_t>(whole);
    }
    const std::uint32_t place = cell[0] * 73856093U ^ cell[1] * 19349663U ^ cell[2] * 83492791U;
    for (std::uint32_t axis = 0; axis < 3; ++axis) noise[axis] += weight * (hash01(place, seed, axis) - .5F);
  }
  constexpr float kToDeviation = 6.4F;  // uniform numbers have .29, means of neighbours .16
  return kToDeviation * noise;
}

/// Merges vertices of an object within a cell of a grid at their mean, since a reconstruction resolves nothing
/// finer than its cells: thin parts become one sheet, fine shapes lose their detail.
/// @param colors  of the vertices; joined in the same way.
Pieces joinNear(const Pieces& cut, float cell_m, std::vector<Vector3f>& colors) {
  constexpr std::uint32_t kUnused = UINT32_MAX;
  std::map<std::array<std::int64_t, 4>, std::uint32_t> cells;
  std::vector<std::uint32_t> joined_of(cut.positions_m.size(), kUnused);
  std::vector<float> counts;
  std::vector<Vector3f> joined_colors;
  Pieces joined;
  const auto join = [&](std::uint32_t vertex) {
    const Vector3f at = cut.positions_m[vertex] / cell_m;
    const auto whole = [](float x) { return static_cast<std::int64_t>(std::floor(x)); };
    const auto [found, is_new] = cells.try_emplace({cut.objects[vertex], whole(at.x()), whole(at.y()), whole(at.z())},
                                                   static_cast<std::uint32_t>(joined.objects.size()));
    if (is_new) {
      joined.objects.push_back(cut.objects[vertex]);
      joined.positions_m.emplace_back(Vector3f::Zero());
      joined_colors.emplace_back(Vector3f::Zero());
      counts.push_back(0);
    }
    joined.positions_m[found->second] += cut.positions_m[vertex];
    joined_colors[found->second] += colors[vertex];
    counts[found->second] += 1;
    return found->second;
  };
  std::set<Triangle> known;
  for (const auto& triangle : cut.triangles) {
    Triangle corners{};
    for (std::size_t k = 0; k < 3; ++k) {
      auto& own = joined_of[triangle.corners[k]];
      if (own == kUnused) own = join(triangle.corners[k]);
      corners[k] = own;
    }
    if (corners[0] == corners[1] || corners[1] == corners[2] || corners[2] == corners[0]) {
      joined.collapsed.push_back({corners, triangle.face});
      continue;
    }
    Triangle sorted = corners;  // both sides of a sheet that became one
    std::ranges::sort(sorted);
    if (known.insert(sorted).second) joined.triangles.push_back({corners, triangle.face});
  }
  for (std::size_t i = 0; i < counts.size(); ++i) {
    joined.positions_m[i] /= counts[i];
    joined_colors[i] /= counts[i];
  }
  colors = std::move(joined_colors);
  return joined;
}

/// Triangles around every vertex draw it a little towards their middles; then noise moves it.
void roughen(double noise_m, Random& random, Pieces& pieces) {
  constexpr float kDrawn = .6F;
  std::vector<Vector3f> sums(pieces.positions_m.size(), Vector3f::Zero());
  std::vector<float> counts(sums.size(), 0);
  for (const auto& triangle : pieces.triangles) {
    const Vector3f middle = middleOf(pieces, triangle);
    for (const auto corner : triangle.corners) {
      sums[corner] += middle;
      counts[corner] += 1;
    }
  }
  const auto seed = static_cast<std::uint32_t>(random.below(1U << 31U));
  const auto deviation = static_cast<float>(noise_m);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    Vector3f& position_m = pieces.positions_m[i];
    const Vector3f own = position_m;
    if (counts[i] > 0) position_m += kDrawn * (sums[i] / counts[i] - own);
    position_m += .8F * deviation * smoothNoise(own, seed);
    for (int axis = 0; axis < 3; ++axis)
      position_m[axis] += .4F * deviation * static_cast<float>(roughlyNormal(random));
  }
}

/// The colour of a face at a point of its plane, as lit.
Vector3f litColor(const Room& room, std::uint32_t face_index, const Vector3f& point) {
  const Model& model = room.model;
  const Face& face = model.faces[face_index];
  const auto& [a, b, c] = face.corners;
  const Vector3f edge_b = model.positions_m[b] - model.positions_m[a];
  const Vector3f edge_c = model.positions_m[c] - model.positions_m[a];
  const Vector3f normal = edge_b.cross(edge_c);
  const float area = normal.squaredNorm();
  const Vector3f from_a = point - model.positions_m[a];
  const float weight_b = from_a.cross(edge_c).dot(normal) / area;
  const float weight_c = edge_b.cross(from_a).dot(normal) / area;
  const Vector3f texture_m = model.texture_m[a] + weight_b * (model.texture_m[b] - model.texture_m[a]) +
                             weight_c * (model.texture_m[c] - model.texture_m[a]);
  const float light = .6F + .4F * std::max(0.F, normal.dot(room.towards_light)) / std::sqrt(area);
  return light * colorAt(model.materials[face.material], texture_m, face.texture_axis);
}

/// The mean colour of a vertex's triangles half-way to their centres.
std::vector<Vector3f> meanColors(const Room& room, const Pieces& cut) {
  std::vector<Vector3f> sums(cut.positions_m.size(), Vector3f::Zero());
  std::vector<float> counts(sums.size(), 0);
  for (const auto& triangle : cut.triangles) {
    const Vector3f middle = middleOf(cut, triangle);
    for (const auto corner : triangle.corners) {
      sums[corner] += litColor(room, triangle.face, (cut.positions_m[corner] + middle) / 2);
      counts[corner] += 1;
    }
  }
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (counts[i] > 0) sums[i] /= counts[i];
  }
  return sums;
}

Rgb8 toRgb(const Vector3f& color, double noise, Random& random) {
  Rgb8 rgb{};
  for (std::size_t k = 0; k < 3; ++k) {
    const double value = color[static_cast<Eigen::Index>(k)] + noise * roughlyNormal(random);
    rgb[k] = static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 1.0) * 255));
  }
  return rgb;
}

/// A patch of a surface facing one direction: object, material, main direction of the normal, and a cell of a coarse
/// grid that divides walls and floors.
using PatchKey = std::array<std::int64_t, 6>;

PatchKey patchOf(const Pieces& cut, const Model& model, const Piecelet& triangle) {
  constexpr float kCell_m = .7F;
  const Vector3f normal = normalOf(cut, triangle);
  Eigen::Index axis = 0;
  (void)normal.cwiseAbs().maxCoeff(&axis);
  const Vector3f middle = middleOf(cut, triangle) / kCell_m;
  const Face& face = model.faces[triangle.face];
  return {face.object,
          face.material,
          2 * axis + (normal[axis] > 0 ? 1 : 0),
          static_cast<std::int64_t>(std::floor(middle.x())),
          static_cast<std::int64_t>(std::floor(middle.y())),
          static_cast<std::int64_t>(std::floor(middle.z()))};
}

/// Patches of fewer vertices than this are joined to one per object, as ScanNet's segments have at least 20.
constexpr int kSmallPatch = 20;

/// The patch of every vertex, named by the patch's first vertex.
std::vector<std::int64_t> segmentVertices(const std::vector<PatchKey>& patch_of_vertex,
                                          const std::vector<std::uint32_t>& objects) {
  std::map<PatchKey, int> sizes;
  for (const auto& key : patch_of_vertex) ++sizes[key];
  std::map<PatchKey, std::int64_t> names;
  std::vector<std::int64_t> segments(patch_of_vertex.size());
  for (std::size_t i = 0; i < segments.size(); ++i) {
    PatchKey key = patch_of_vertex[i];
    if (sizes[key] < kSmallPatch) key = {objects[i], -1, 0, 0, 0, 0};
    segments[i] = names.try_emplace(key, static_cast<std::int64_t>(i)).first->second;
  }
  return segments;
}

/// Takes over vertices in the order in which triangles use them.
class SurfaceWriter {
 public:
  SurfaceWriter(const Room& room, const Pieces& pieces, const std::vector<Vector3f>& colors)
      : room_(room), pieces_(pieces), colors_(colors), new_number_(pieces.positions_m.size(), kUnused) {}

  /// @return the corners in the new numbers.
  Triangle take(const Piecelet& triangle, double color_noise, Random& random) {
    Triangle corners{};
    for (std::size_t k = 0; k < 3; ++k) {
      auto& number = new_number_[triangle.corners[k]];
      if (number == kUnused) number = takeVertex(triangle, triangle.corners[k], color_noise, random);
      corners[k] = number;
    }
    return corners;
  }

  SurfaceMesh finish() {
    surface.segments = segmentVertices(patch_of_vertex_, surface.objects);
    return std::move(surface);
  }

  SurfaceMesh surface;

 private:
  std::uint32_t takeVertex(const Piecelet& triangle, std::uint32_t old, double color_noise, Random& random) {
    surface.mesh.vertices.positions_m.push_back(pieces_.positions_m[old]);
    surface.mesh.vertices.colors.push_back(toRgb(colors_[old], color_noise, random));
    surface.objects.push_back(pieces_.objects[old]);
    patch_of_vertex_.push_back(patchOf(pieces_, room_.model, triangle));
    return static_cast<std::uint32_t>(surface.objects.size() - 1);
  }

  static constexpr std::uint32_t kUnused = UINT32_MAX;
  const Room& room_;
  const Pieces& pieces_;
  const std::vector<Vector3f>& colors_;
  std::vector<std::uint32_t> new_number_;
  std::vector<PatchKey> patch_of_vertex_;
};

}  // namespace

SurfaceMesh reconstructSurface(const Room& room,
                               const RayCaster& caster,
                               std::span<const Pose> views,
                               const Intrinsics& camera,
                               const SurfaceOptions& options,
                               Random random,
                               const Job& job) {
  constexpr double kColorNoise = .02;
  constexpr float kCellPerEdge = .55F;
  Pieces pieces = Cutter(room.model, options.edge_m).pieces;
  if (options.is_noisy) pieces.triangles = keepSeen(pieces, caster, views, camera, job);
  auto colors = meanColors(room, pieces);
  if (options.is_noisy) {
    pieces = joinNear(pieces, kCellPerEdge * static_cast<float>(options.edge_m), colors);
    roughen(options.noise_m, random, pieces);
  }
  SurfaceWriter writer(room, pieces, colors);
  const double color_noise = options.is_noisy ? kColorNoise : 0;
  for (const auto& triangle : pieces.triangles)
    writer.surface.mesh.triangles.push_back(writer.take(triangle, color_noise, random));
  for (const auto& triangle : pieces.collapsed) writer.take(triangle, color_noise, random);
  return writer.finish();
}

}  // namespace tagscape::synth

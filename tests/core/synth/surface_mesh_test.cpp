#include "core/synth/surface_mesh.h"

#include "core/synth/camera_path.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace tagscape::synth {
namespace {

using Eigen::Vector3f;

Room oneBox() {
  Room room;
  room.model = ModelBuilder(4).paint({}).box({2, 0, 0}, {1, .8F, .6F}).model();
  room.towards_light = Vector3f::UnitZ();
  return room;
}

/// At the origin, looking along +x.
Pose alongX() {
  Pose pose = Pose::Identity();
  pose.linear() << 0, 0, 1, -1, 0, 0, 0, -1, 0;
  return pose;
}

SurfaceMesh reconstruct(const Room& room, const std::vector<Pose>& views, const SurfaceOptions& options) {
  return reconstructSurface(room, RayCaster(room.model), views, scannerIntrinsics(160, 120), options, Random(1));
}

std::map<std::pair<std::uint32_t, std::uint32_t>, int> edgeUses(const Mesh& mesh) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> uses;
  for (const auto& corners : mesh.triangles) {
    for (std::size_t k = 0; k < 3; ++k) ++uses[std::minmax(corners[k], corners[(k + 1) % 3])];
  }
  return uses;
}

TEST(ReconstructSurface, LeavesNoCrackInAnExactSurface) {
  const auto surface = reconstruct(oneBox(), {}, {.edge_m = .13, .is_noisy = false, .noise_m = 0});
  ASSERT_GT(surface.mesh.triangles.size(), 500U);
  for (const auto& [edge, count] : edgeUses(surface.mesh)) ASSERT_EQ(count, 2);
}

TEST(ReconstructSurface, KeepsEdgesShort) {
  const auto surface = reconstruct(oneBox(), {}, {.edge_m = .13, .is_noisy = false, .noise_m = 0});
  const auto& positions = surface.mesh.vertices.positions_m;
  for (const auto& [edge, count] : edgeUses(surface.mesh))
    ASSERT_LE((positions[edge.first] - positions[edge.second]).norm(), .1301F);
}

TEST(ReconstructSurface, HasHolesWhereNobodyLooked) {
  EXPECT_TRUE(reconstruct(oneBox(), {}, {}).mesh.triangles.empty());
  const auto front = reconstruct(oneBox(), {alongX()}, {.edge_m = .1, .is_noisy = true, .noise_m = 0});
  ASSERT_GT(front.mesh.triangles.size(), 50U);
  constexpr float kTolerance_m = 1e-3F;  // places along rays in float32, on a surface without noise
  for (const auto& position : front.mesh.vertices.positions_m)
    ASSERT_NEAR(position.x(), 1.5F, kTolerance_m) << "only the side at x = 1.5 m can be seen";
}

TEST(ReconstructSurface, StaysNearTheSurfaceWithinItsNoise) {
  const auto front = reconstruct(oneBox(), {alongX()}, {.edge_m = .05, .is_noisy = true, .noise_m = .01});
  double sum = 0;
  for (const auto& position : front.mesh.vertices.positions_m) sum += (position.x() - 1.5) * (position.x() - 1.5);
  const double deviation = std::sqrt(sum / static_cast<double>(front.objects.size()));
  EXPECT_GT(deviation, .005);
  EXPECT_LT(deviation, .015);
}

TEST(ReconstructSurface, GivesEverySegmentToOneObject) {
  const Room room = furnishRoom(RoomKind::Office, Random(3));
  const auto surface = reconstruct(room, {}, {.edge_m = .2, .is_noisy = false, .noise_m = 0});
  ASSERT_EQ(surface.segments.size(), surface.mesh.vertices.size());
  ASSERT_EQ(surface.objects.size(), surface.mesh.vertices.size());
  std::map<std::int64_t, std::uint32_t> owner;
  std::set<std::uint32_t> objects;
  for (std::size_t i = 0; i < surface.segments.size(); ++i) {
    ASSERT_EQ(owner.try_emplace(surface.segments[i], surface.objects[i]).first->second, surface.objects[i]);
    objects.insert(surface.objects[i]);
  }
  EXPECT_EQ(objects.size(), room.model.objects.size());
  EXPECT_GT(owner.size(), 2 * objects.size()) << "an over-segmentation has several segments an object";
}

TEST(ReconstructSurface, SpreadsVerticesEvenly) {
  // Fine shapes (folds, handles) must not take most of the points.
  const Room room = furnishLivingRoom(Random(3));
  const RayCaster caster(room.model);
  const auto views = planScan(room, caster, 30, Random(3));
  const auto surface = reconstructSurface(room, caster, views, scannerIntrinsics(160, 120), {}, Random(1));
  std::map<std::array<int, 3>, int> in_cell;
  for (const auto& p : surface.mesh.vertices.positions_m) {
    const Vector3f cell = (p / .22F).array().floor();
    ++in_cell[{static_cast<int>(cell.x()), static_cast<int>(cell.y()), static_cast<int>(cell.z())}];
  }
  int most = 0;
  for (const auto& [cell, count] : in_cell) most = std::max(most, count);
  EXPECT_LT(most, 64);
}

}  // namespace
}  // namespace tagscape::synth

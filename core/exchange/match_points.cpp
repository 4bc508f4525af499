#include "core/exchange/match_points.h"

#include "core/base/parallel.h"
#include "core/geometry/point_lookup.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <numeric>

namespace tagscape {
namespace {

constexpr double kSamePlace_m = 1e-3;

/// What coordinates of a file can be, as a map to the scene's world.
std::array<Pose, 3> readingsOf(const Scene& scene) {
  Pose without_offset = Pose::Identity();
  without_offset.translation() = -scene.offset_m;
  return {without_offset, Pose::Identity(), Pose(scene.world_from_file * without_offset)};
}

/// Every so many, so that some thousands are looked at.
std::size_t strideFor(std::size_t count) { return std::max<std::size_t>(1, count / 4000); }

bool liesAt(const Pose& world_from_file, const Eigen::Vector3d& position, const Eigen::Vector3f& place) {
  return ((world_from_file * position) - place.cast<double>()).norm() <= kSamePlace_m;
}

/// Whether every point of the file stands where that of the scene does, in one of the readings.
bool sameOrder(const Scene& scene, std::span<const Eigen::Vector3d> positions) {
  const auto& places = scene.points().positions_m;
  const auto readings = readingsOf(scene);
  return std::any_of(readings.begin(), readings.end(), [&](const Pose& reading) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (!liesAt(reading, positions[i], places[i])) return false;
    }
    return true;
  });
}

std::vector<Eigen::Vector3f> movedBy(const Pose& world_from_file, std::span<const Eigen::Vector3d> positions) {
  std::vector<Eigen::Vector3f> moved(positions.size());
  std::transform(positions.begin(), positions.end(), moved.begin(), [&](const Eigen::Vector3d& position) {
    return Eigen::Vector3f((world_from_file * position).cast<float>());
  });
  return moved;
}

std::size_t numNear(const PointLookup& lookup, const Scene& scene) {
  const auto& places = scene.points().positions_m;
  std::size_t found = 0;
  for (std::size_t i = 0; i < places.size(); i += strideFor(places.size())) found += lookup.nearest(places[i]) ? 1 : 0;
  return found;
}

PointMatch nearestOf(const PointLookup& lookup, const Scene& scene) {
  const auto& places = scene.points().positions_m;
  PointMatch match{.rows = std::vector<std::uint32_t>(places.size(), PointMatch::kNone)};
  std::atomic<std::size_t> found = 0;
  constexpr std::size_t kGrain = 4096;
  parallelFor(places.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    std::size_t own = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const auto row = lookup.nearest(places[i]);
      if (row) match.rows[i] = *row;
      own += row ? 1 : 0;
    }
    found += own;
  });
  match.share = static_cast<double>(found) / static_cast<double>(places.size());
  return match;
}

}  // namespace

Result<PointMatch> matchPoints(const Scene& scene,
                               std::span<const Eigen::Vector3d> positions,
                               std::size_t count,
                               double max_distance_m,
                               const std::string& file,
                               const Job& job) {
  const std::size_t num_points = scene.points().size();
  const bool has_positions = positions.size() == count && count > 0;
  if (count == num_points && (!has_positions || sameOrder(scene, positions))) {
    PointMatch match{.rows = std::vector<std::uint32_t>(num_points), .share = 1, .in_order = true, .note = "in order"};
    std::iota(match.rows.begin(), match.rows.end(), 0U);
    return match;
  }
  if (!has_positions) {
    return failFile(ErrorCode::InvalidInput,
                    file,
                    fmt::format("it has labels of {} points, and the scene has {}", count, num_points),
                    "Give labels of this scene's points, or a format with coordinates");
  }
  TAGSCAPE_TRY(job.checkStop("Matching points"));
  std::vector<Eigen::Vector3f> best;
  std::size_t most = 0;
  for (const Pose& reading : readingsOf(scene)) {
    auto moved = movedBy(reading, positions);
    const std::size_t near = numNear(PointLookup(moved, static_cast<float>(max_distance_m)), scene);
    if (near <= most) continue;
    most = near;
    best = std::move(moved);
  }
  if (most == 0) {
    return failFile(
        ErrorCode::InvalidInput,
        file,
        fmt::format("none of its {} points lies within {:g} cm of the scene's", count, 100 * max_distance_m),
        "Take labels of this scan, in its own coordinates, or allow more with --max-distance");
  }
  PointMatch match = nearestOf(PointLookup(best, static_cast<float>(max_distance_m)), scene);
  match.note = fmt::format("by the nearest point within {:g} cm", 100 * max_distance_m);
  return match;
}

}  // namespace tagscape

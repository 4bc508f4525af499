#pragma once

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tagscape {

/// Operators on point clouds for PointNet++: the fast ones, for the CPU, without tensors. tensor_operators_torch.h has
/// the same as tensor formulations for any device; both give the same indices (tests hold them to each other).
/// Coordinates are metres and must be finite, those of a PointGrid no more than 1e18 m apart; results do not depend on
/// the number of threads. A broken rule (a count of 0, an empty cloud) throws std::logic_error.
///
/// Squared distances are (dx² + dy²) + dz² in float, everywhere: comparisons with a radius or between points then agree
/// between the formulations to the last bit.

/// The square of a point's distance from the origin, m², up to which the field's CUDA kernel takes it for padding.
inline constexpr float kNearOrigin_m2 = 1e-3F;

struct FarthestOptions {
  std::size_t first = 0;  ///< The first sample.
  /// Leave out points with |x|² <= kNearOrigin_m2, as the field's CUDA kernel does. Only `first` may be one of them;
  /// with no other point left, point 0 is chosen again and again.
  bool skip_near_origin = false;
};

/// Farthest point sampling: adds the point that is farthest from all chosen so far (of equals, the first in order).
/// `num_samples` may not exceed the number of points.
/// @return indices into `points`, in the order of choosing.
/// Cost: points lie in buckets of 64, and a bucket is looked at only if the newest sample is nearer to its box than its
/// farthest point is to the chosen ones: 40,000 points and 2,048 samples take 25 ms here, one thread. The result is
/// that of looking at every point. Source: Eldar et al., "The farthest point strategy for progressive image sampling",
/// 1997; PointNet++; buckets: Han et al., "QuickFPS: architecture and algorithm co-design for farthest point sampling",
/// 2023.
[[nodiscard]] std::vector<std::uint32_t> farthestPoints(std::span<const Eigen::Vector3f> points,
                                                        std::size_t num_samples,
                                                        const FarthestOptions& options = {});

/// What fills the places of a ball query that found too few points.
enum class BallPadding {
  FirstHit,  ///< The found one with the lowest index; point 0 where none was found. The field's convention.
  Cycle,     ///< The found ones again in order; the nearest point where none was found.
};

/// Points in boxes, so that neighbours are found without looking at every point.
class PointGrid {
 public:
  /// Keeps a view of `points`, which must outlive the grid. `cell_m` is the desired edge of a box, usually the radius
  /// of the queries; it grows where the cloud would need more than 64 boxes along a side.
  PointGrid(std::span<const Eigen::Vector3f> points, float cell_m);

  /// Ball query: for every centre `num_neighbours` indices of points with a squared distance below radius_m², strictly;
  /// lowest index first, not nearest first.
  /// @return [centres, num_neighbours], row-major.
  [[nodiscard]] std::vector<std::uint32_t> ballQuery(std::span<const Eigen::Vector3f> centres,
                                                     float radius_m,
                                                     std::size_t num_neighbours,
                                                     BallPadding padding = BallPadding::FirstHit) const;

  struct Neighbours {
    std::vector<std::uint32_t> index;        ///< [queries, k], nearest first; of equals the lowest index.
    std::vector<float> squared_distance_m2;  ///< The same shape.
  };
  /// The k nearest points of every query; with fewer than k points the last one repeats.
  [[nodiscard]] Neighbours nearest(std::span<const Eigen::Vector3f> queries, std::size_t k) const;

 private:
  using Cell = Eigen::Array3i;
  [[nodiscard]] Cell cellOf(const Eigen::Vector3f& point) const;
  [[nodiscard]] std::size_t flat(int x, int y, int z) const;
  template <class Visit>
  void visitRow(int x_low, int x_high, int y, int z, const Eigen::Vector3f& from, Visit&& visit) const;
  template <class Visit>
  void visitShell(
      const Cell& home, int ring, const Cell& low, const Cell& high, const Eigen::Vector3f& from, Visit&& visit) const;
  [[nodiscard]] float distanceToUnseen(const Eigen::Vector3f& query, const Cell& low, const Cell& high) const;
  void nearestOf(const Eigen::Vector3f& query, std::size_t k, std::uint32_t* index, float* squared_distance) const;
  void inBall(const Eigen::Vector3f& centre, float radius_m, std::vector<std::uint32_t>& inside) const;

  Eigen::Vector3f origin_ = Eigen::Vector3f::Zero();
  Cell num_cells_ = Cell::Ones();
  float cell_m_ = 1;
  std::vector<std::uint32_t> begins_;    ///< By cell, one more than there are cells.
  std::vector<std::uint32_t> order_;     ///< Point indices, by cell, ascending within one.
  std::vector<Eigen::Vector3f> sorted_;  ///< The points in that order: a row of cells is one piece of memory.
};

}  // namespace tagscape

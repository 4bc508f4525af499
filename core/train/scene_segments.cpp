#include "core/train/scene_segments.h"

#include "core/base/parallel.h"

#include <Eigen/LU>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace tagscape {
namespace {

constexpr double kSmallestDeviation = 1e-6;
constexpr double kFarthest = 3;  // in deviations

/// The squared distance of two segments in deviations of both.
double distance2(const SegmentPlace& a, const SegmentPlace& b, double reach_m) {
  const Eigen::Vector3d apart = a.centre_m - b.centre_m;
  const Eigen::Matrix3d both = a.covariance_m2 + b.covariance_m2 + reach_m * reach_m * Eigen::Matrix3d::Identity();
  // No direction is wider than the trace: most pairs of a scene are farther apart than that.
  if (apart.squaredNorm() > kFarthest * kFarthest * both.trace()) return kFarthest * kFarthest + 1;
  return apart.dot(both.inverse() * apart);
}

/// Half of the farthest that a segment can be near, in x: two that are near overlap.
struct Extent {
  double begin_m, end_m;
  std::size_t segment;
};

/// Of the segments that are there, by where they begin.
std::vector<Extent> extentsAlongX(std::span<const SegmentPlace> segments, double reach_m) {
  std::vector<Extent> extents;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (!(segments[i].size > 0) || !segments[i].centre_m.allFinite()) continue;
    // sqrt(a + b + r²) <= sqrt(a + r²) + sqrt(b + r²), of variances in x.
    const double half_m = kFarthest * std::sqrt(std::max(segments[i].covariance_m2(0, 0), 0.) + reach_m * reach_m);
    extents.push_back({segments[i].centre_m.x() - half_m, segments[i].centre_m.x() + half_m, i});
  }
  std::sort(extents.begin(), extents.end(), [](const Extent& a, const Extent& b) { return a.begin_m < b.begin_m; });
  return extents;
}

/// work(i) for each scene, on several threads; segments that no frame shows get none of its shares.
template <class Work>
std::vector<ClassRows> ofEachScene(const std::vector<SceneSegments>& scenes, const Work& work) {
  std::vector<ClassRows> shares(scenes.size());
  parallelFor(scenes.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      shares[i] = work(i);
      for (Eigen::Index s = 0; s < shares[i].rows(); ++s) {
        if (scenes[i].sizes[s] <= 0) shares[i].row(s).setZero();
      }
    }
  });
  return shares;
}

}  // namespace

SegmentNearness nearnessOf(std::span<const SegmentPlace> segments, double reach_m) {
  std::vector<Eigen::Triplet<double>> entries;
  std::vector<double> sums(segments.size(), 0);
  const auto add = [&](std::size_t from, std::size_t to, double apart2) {
    const double weight = std::exp(-apart2 / 2) * std::sqrt(segments[to].size);
    entries.emplace_back(static_cast<int>(from), static_cast<int>(to), weight);
    sums[from] += weight;
  };
  const std::vector<Extent> extents = extentsAlongX(segments, reach_m);
  for (std::size_t i = 0; i < extents.size(); ++i) {
    for (std::size_t k = i + 1; k < extents.size() && extents[k].begin_m <= extents[i].end_m; ++k) {
      const std::size_t one = extents[i].segment, other = extents[k].segment;
      const double apart2 = distance2(segments[one], segments[other], reach_m);
      // Of coordinates far from the origin a covariance may be off by enough for a distance below 0, or NaN.
      if (!(apart2 <= kFarthest * kFarthest)) continue;
      add(one, other, std::max(apart2, 0.));
      add(other, one, std::max(apart2, 0.));
    }
  }
  for (auto& entry : entries) {
    entry = {entry.row(), entry.col(), entry.value() / sums[static_cast<std::size_t>(entry.row())]};
  }
  const auto size = static_cast<Eigen::Index>(segments.size());
  SegmentNearness near(size, size);
  near.setFromTriplets(entries.begin(), entries.end());
  return near;
}

std::vector<Eigen::MatrixXd> standardised(std::vector<Eigen::MatrixXd> features,
                                          const std::vector<SceneSegments>& scenes) {
  if (features.empty()) return features;
  const Eigen::Index dimensions = features.front().cols();
  Eigen::RowVectorXd sums = Eigen::RowVectorXd::Zero(dimensions), squares = sums;
  double count = 0;
  for (std::size_t i = 0; i < features.size(); ++i) {
    if (features[i].cols() != dimensions) throw std::logic_error("standardised: features of different lengths");
    for (Eigen::Index s = 0; s < features[i].rows(); ++s) {
      if (scenes[i].sizes[s] <= 0) continue;
      sums += features[i].row(s);
      squares += features[i].row(s).cwiseAbs2();
      ++count;
    }
  }
  const Eigen::RowVectorXd mean = sums / std::max(count, 1.);
  const Eigen::RowVectorXd deviation =
      (squares / std::max(count, 1.) - mean.cwiseAbs2()).cwiseMax(0).cwiseSqrt().array() + kSmallestDeviation;
  for (Eigen::MatrixXd& of_scene : features)
    of_scene = ((of_scene.rowwise() - mean).array().rowwise() / deviation.array()).matrix().eval();
  return features;
}

std::vector<Eigen::MatrixXd> standardisedLooks(const std::vector<SceneSegments>& scenes) {
  std::vector<Eigen::MatrixXd> looks;
  for (const SceneSegments& scene : scenes) looks.push_back(scene.looks);
  return standardised(std::move(looks), scenes);
}

std::vector<ClassRows> labelsByFrames(const std::vector<SceneSegments>& scenes, double least_share) {
  return ofEachScene(scenes,
                     [&](std::size_t i) { return withLeastShares(scenes[i].said, scenes[i].frames, least_share); });
}

std::vector<ClassRows> labelsByLooks(const std::vector<SceneSegments>& scenes,
                                     const std::function<ClassRows(std::size_t i)>& by_look,
                                     const LookBelief& belief) {
  return ofEachScene(scenes, [&](std::size_t i) {
    const ClassRows logits =
        scenes[i].tagged.array() +
        belief.weight * ((1 - belief.doubt) * by_look(i).array() + belief.doubt / kNumClasses).log();
    return withLeastShares(logits, scenes[i].frames, belief.least_share);
  });
}

}  // namespace tagscape

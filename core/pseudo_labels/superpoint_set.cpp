#include "core/pseudo_labels/superpoint_set.h"

#include "core/base/parallel.h"

#include <Eigen/LU>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace tagscape {
namespace {

constexpr double kMinDeviation = 1e-6;
constexpr double kMaxDeviations = 3;  // beyond it superpoints are no neighbours

/// The squared Mahalanobis distance of two superpoints.
double distance2(const SuperpointShape& a, const SuperpointShape& b, double reach_m) {
  const Eigen::Vector3d apart = a.centre_m - b.centre_m;
  const Eigen::Matrix3d both = a.covariance_m2 + b.covariance_m2 + reach_m * reach_m * Eigen::Matrix3d::Identity();
  // A lower bound from the traces excludes most pairs.
  if (apart.squaredNorm() > kMaxDeviations * kMaxDeviations * both.trace()) return kMaxDeviations * kMaxDeviations + 1;
  return apart.dot(both.inverse() * apart);
}

/// An interval in x; those of two neighbours overlap.
struct Extent {
  double begin_m, end_m;
  std::size_t superpoint;
};

/// Of all existing superpoints, sorted by their start.
std::vector<Extent> extentsAlongX(std::span<const SuperpointShape> superpoints, double reach_m) {
  std::vector<Extent> extents;
  for (std::size_t i = 0; i < superpoints.size(); ++i) {
    if (!(superpoints[i].size > 0) || !superpoints[i].centre_m.allFinite()) continue;
    // sqrt(a + b + r²) <= sqrt(a + r²) + sqrt(b + r²), of variances in x.
    const double half_m =
        kMaxDeviations * std::sqrt(std::max(superpoints[i].covariance_m2(0, 0), 0.) + reach_m * reach_m);
    extents.push_back({superpoints[i].centre_m.x() - half_m, superpoints[i].centre_m.x() + half_m, i});
  }
  std::sort(extents.begin(), extents.end(), [](const Extent& a, const Extent& b) { return a.begin_m < b.begin_m; });
  return extents;
}

/// work(i) for each scene, on several threads; probabilities of superpoints that no frame shows are 0.
template <class Work>
std::vector<ClassRows> ofEachScene(const std::vector<SuperpointSet>& scenes, const Work& work) {
  std::vector<ClassRows> probabilities(scenes.size());
  parallelFor(scenes.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      probabilities[i] = work(i);
      for (Eigen::Index s = 0; s < probabilities[i].rows(); ++s) {
        if (scenes[i].sizes[s] <= 0) probabilities[i].row(s).setZero();
      }
    }
  });
  return probabilities;
}

}  // namespace

SuperpointAdjacency adjacencyOf(std::span<const SuperpointShape> superpoints, double reach_m) {
  std::vector<Eigen::Triplet<double>> entries;
  std::vector<double> sums(superpoints.size(), 0);
  const auto add = [&](std::size_t from, std::size_t to, double apart2) {
    const double weight = std::exp(-apart2 / 2) * std::sqrt(superpoints[to].size);
    entries.emplace_back(static_cast<int>(from), static_cast<int>(to), weight);
    sums[from] += weight;
  };
  const std::vector<Extent> extents = extentsAlongX(superpoints, reach_m);
  for (std::size_t i = 0; i < extents.size(); ++i) {
    for (std::size_t k = i + 1; k < extents.size() && extents[k].begin_m <= extents[i].end_m; ++k) {
      const std::size_t one = extents[i].superpoint, other = extents[k].superpoint;
      const double apart2 = distance2(superpoints[one], superpoints[other], reach_m);
      // Of coordinates far from the origin a covariance may be off by enough for a distance below 0, or NaN.
      if (!(apart2 <= kMaxDeviations * kMaxDeviations)) continue;
      add(one, other, std::max(apart2, 0.));
      add(other, one, std::max(apart2, 0.));
    }
  }
  for (auto& entry : entries) {
    entry = {entry.row(), entry.col(), entry.value() / sums[static_cast<std::size_t>(entry.row())]};
  }
  const auto size = static_cast<Eigen::Index>(superpoints.size());
  SuperpointAdjacency adjacency(size, size);
  adjacency.setFromTriplets(entries.begin(), entries.end());
  return adjacency;
}

std::vector<Eigen::MatrixXd> standardised(std::vector<Eigen::MatrixXd> features,
                                          const std::vector<SuperpointSet>& scenes) {
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
      (squares / std::max(count, 1.) - mean.cwiseAbs2()).cwiseMax(0).cwiseSqrt().array() + kMinDeviation;
  for (Eigen::MatrixXd& of_scene : features)
    of_scene = ((of_scene.rowwise() - mean).array().rowwise() / deviation.array()).matrix().eval();
  return features;
}

std::vector<Eigen::MatrixXd> standardisedFeatures(const std::vector<SuperpointSet>& scenes) {
  std::vector<Eigen::MatrixXd> features;
  for (const SuperpointSet& scene : scenes) features.push_back(scene.features);
  return standardised(std::move(features), scenes);
}

std::vector<ClassRows> frameLabels(const std::vector<SuperpointSet>& scenes, double min_tag_area) {
  return ofEachScene(
      scenes, [&](std::size_t i) { return enforceMinTagArea(scenes[i].frame_logits, scenes[i].frames, min_tag_area); });
}

std::vector<ClassRows> fusedLabels(const std::vector<SuperpointSet>& scenes,
                                   const std::function<ClassRows(std::size_t i)>& classify,
                                   const FusionOptions& fusion) {
  return ofEachScene(scenes, [&](std::size_t i) {
    const ClassRows logits =
        scenes[i].tag_logits.array() +
        fusion.weight *
            ((1 - fusion.label_smoothing) * classify(i).array() + fusion.label_smoothing / kNumClasses).log();
    return enforceMinTagArea(logits, scenes[i].frames, fusion.min_tag_area);
  });
}

}  // namespace tagscape

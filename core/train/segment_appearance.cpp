#include "core/train/segment_appearance.h"

#include <Eigen/Cholesky>

#include <cmath>

namespace tagscape {
namespace {

constexpr double kSmallestDeviation = 1e-6;
constexpr double kNobody = -1e4;  // the logit of a class that no segment has

/// Which look has which class: logits are looks * slopes + offsets, up to what all classes share.
struct Discriminant {
  Eigen::Matrix<double, Eigen::Dynamic, kNumClasses> slopes;
  Eigen::Matrix<double, 1, kNumClasses> offsets;
};

/// Logarithms of the share of the area that a class has in scenes with frames that are tagged with it.
Eigen::Matrix<double, 1, kNumClasses> logAreas(const std::vector<SceneSegments>& scenes,
                                               const std::vector<ClassRows>& shares) {
  constexpr double kTiniest = 1e-4;
  Eigen::Array<double, 1, kNumClasses> own, all;
  own.setZero();
  all.setZero();
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    TagSet tags;
    for (const SegmentSight& frame : scenes[i].frames) tags |= frame.tags;
    const Eigen::Array<double, 1, kNumClasses> areas = scenes[i].sizes.transpose() * shares[i];
    for (Eigen::Index c = 0; c < kNumClasses; ++c) {
      if (!tags[static_cast<std::size_t>(c)]) continue;
      own[c] += areas[c];
      all[c] += scenes[i].sizes.sum();
    }
  }
  return (own / all.max(1)).max(kTiniest).log().matrix();
}

Discriminant fitted(const std::vector<SceneSegments>& scenes,
                    const std::vector<Eigen::MatrixXd>& looks,
                    const std::vector<ClassRows>& shares,
                    const AppearanceOptions& options) {
  const Eigen::Index dimensions = looks.front().cols();
  Eigen::MatrixXd sums = Eigen::MatrixXd::Zero(kNumClasses, dimensions);
  Eigen::MatrixXd products = Eigen::MatrixXd::Zero(dimensions, dimensions);
  Eigen::VectorXd masses = Eigen::VectorXd::Zero(kNumClasses);
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    const Eigen::VectorXd weights = scenes[i].sizes.cwiseSqrt();
    const Eigen::MatrixXd weighted = weights.asDiagonal() * looks[i];
    sums += shares[i].transpose() * weighted;
    masses += shares[i].transpose() * weights;
    products += looks[i].transpose() * weighted;
  }
  Eigen::MatrixXd means = Eigen::MatrixXd::Zero(kNumClasses, dimensions);
  for (Eigen::Index c = 0; c < kNumClasses; ++c) {
    if (masses[c] > 0) means.row(c) = sums.row(c) / masses[c];
  }
  const double total = std::max(masses.sum(), kSmallestDeviation);
  const Eigen::MatrixXd covariance = (products - means.transpose() * masses.asDiagonal() * means) / total +
                                     options.ridge * Eigen::MatrixXd::Identity(dimensions, dimensions);
  Discriminant found;
  found.slopes = covariance.ldlt().solve(means.transpose());
  found.offsets = -.5 * (means.transpose().array() * found.slopes.array()).colwise().sum().matrix() +
                  options.prior * logAreas(scenes, shares);
  for (Eigen::Index c = 0; c < kNumClasses; ++c) {
    if (masses[c] <= 0) found.offsets[c] = kNobody;
  }
  return found;
}

}  // namespace

std::vector<ClassRows> labelsByAppearance(const std::vector<SceneSegments>& scenes, const AppearanceOptions& options) {
  if (scenes.empty()) return {};
  const std::vector<Eigen::MatrixXd> looks = standardisedLooks(scenes);
  std::vector<ClassRows> shares = labelsByFrames(scenes, options.belief.least_share);
  for (int round = 0; round < options.num_rounds; ++round) {
    const Discriminant classes = fitted(scenes, looks, shares, options);
    const auto by_look = [&](std::size_t i) -> ClassRows {
      return softmaxOfRows((looks[i] * classes.slopes).rowwise() + classes.offsets);
    };
    shares = labelsByLooks(scenes, by_look, options.belief);
  }
  return shares;
}

}  // namespace tagscape

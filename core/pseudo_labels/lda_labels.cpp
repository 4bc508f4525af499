#include "core/pseudo_labels/lda_labels.h"

#include <Eigen/Cholesky>

#include <cmath>

namespace tagscape {
namespace {

constexpr double kMinDeviation = 1e-6;
constexpr double kAbsentLogit = -1e4;  // the logit of a class that no superpoint has

/// Logits are features * slopes + offsets, up to what all classes share.
struct Discriminant {
  Eigen::Matrix<double, Eigen::Dynamic, kNumClasses> slopes;
  Eigen::Matrix<double, 1, kNumClasses> offsets;
};

/// Logarithms of the fraction of the area that each class has in the scenes tagged with it.
Eigen::Matrix<double, 1, kNumClasses> logAreas(const std::vector<SuperpointSet>& scenes,
                                               const std::vector<ClassRows>& probabilities) {
  constexpr double kMinFraction = 1e-4;
  Eigen::Array<double, 1, kNumClasses> own, all;
  own.setZero();
  all.setZero();
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    TagSet tags;
    for (const FrameSuperpoints& frame : scenes[i].frames) tags |= frame.tags;
    const Eigen::Array<double, 1, kNumClasses> areas = scenes[i].sizes.transpose() * probabilities[i];
    for (Eigen::Index c = 0; c < kNumClasses; ++c) {
      if (!tags[static_cast<std::size_t>(c)]) continue;
      own[c] += areas[c];
      all[c] += scenes[i].sizes.sum();
    }
  }
  return (own / all.max(1)).max(kMinFraction).log().matrix();
}

Discriminant fitted(const std::vector<SuperpointSet>& scenes,
                    const std::vector<Eigen::MatrixXd>& features,
                    const std::vector<ClassRows>& probabilities,
                    const LdaOptions& options) {
  const Eigen::Index dimensions = features.front().cols();
  Eigen::MatrixXd sums = Eigen::MatrixXd::Zero(kNumClasses, dimensions);
  Eigen::MatrixXd products = Eigen::MatrixXd::Zero(dimensions, dimensions);
  Eigen::VectorXd masses = Eigen::VectorXd::Zero(kNumClasses);
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    const Eigen::VectorXd weights = scenes[i].sizes.cwiseSqrt();
    const Eigen::MatrixXd weighted = weights.asDiagonal() * features[i];
    sums += probabilities[i].transpose() * weighted;
    masses += probabilities[i].transpose() * weights;
    products += features[i].transpose() * weighted;
  }
  Eigen::MatrixXd means = Eigen::MatrixXd::Zero(kNumClasses, dimensions);
  for (Eigen::Index c = 0; c < kNumClasses; ++c) {
    if (masses[c] > 0) means.row(c) = sums.row(c) / masses[c];
  }
  const double total = std::max(masses.sum(), kMinDeviation);
  const Eigen::MatrixXd covariance = (products - means.transpose() * masses.asDiagonal() * means) / total +
                                     options.ridge * Eigen::MatrixXd::Identity(dimensions, dimensions);
  Discriminant found;
  found.slopes = covariance.ldlt().solve(means.transpose());
  found.offsets = -.5 * (means.transpose().array() * found.slopes.array()).colwise().sum().matrix() +
                  options.prior * logAreas(scenes, probabilities);
  for (Eigen::Index c = 0; c < kNumClasses; ++c) {
    if (masses[c] <= 0) found.offsets[c] = kAbsentLogit;
  }
  return found;
}

}  // namespace

std::vector<ClassRows> ldaLabels(const std::vector<SuperpointSet>& scenes, const LdaOptions& options) {
  if (scenes.empty()) return {};
  const std::vector<Eigen::MatrixXd> features = standardisedFeatures(scenes);
  std::vector<ClassRows> probabilities = frameLabels(scenes, options.fusion.min_tag_area);
  for (int round = 0; round < options.num_rounds; ++round) {
    const Discriminant classes = fitted(scenes, features, probabilities, options);
    const auto classify = [&](std::size_t i) -> ClassRows {
      return softmaxOfRows((features[i] * classes.slopes).rowwise() + classes.offsets);
    };
    probabilities = fusedLabels(scenes, classify, options.fusion);
  }
  return probabilities;
}

}  // namespace tagscape

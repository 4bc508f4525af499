#include "core/train/segment_appearance.h"

#include "core/base/parallel.h"

#include <Eigen/Cholesky>

#include <cmath>
#include <stdexcept>

namespace tagscape {
namespace {

constexpr double kSmallestDeviation = 1e-6;
constexpr double kNobody = -1e4;  // the logit of a class that no segment has

/// Looks with mean 0 and deviation 1 over all segments that frames show.
std::vector<Eigen::MatrixXd> standardised(const std::vector<SceneSegments>& scenes) {
  const Eigen::Index dimensions = scenes.front().looks.cols();
  Eigen::RowVectorXd sums = Eigen::RowVectorXd::Zero(dimensions), squares = sums;
  double count = 0;
  for (const SceneSegments& scene : scenes) {
    if (scene.looks.cols() != dimensions) throw std::logic_error("labelsByAppearance: looks of different lengths");
    for (Eigen::Index s = 0; s < scene.looks.rows(); ++s) {
      if (scene.sizes[s] <= 0) continue;
      sums += scene.looks.row(s);
      squares += scene.looks.row(s).cwiseAbs2();
      ++count;
    }
  }
  const Eigen::RowVectorXd mean = sums / std::max(count, 1.);
  const Eigen::RowVectorXd deviation =
      (squares / std::max(count, 1.) - mean.cwiseAbs2()).cwiseMax(0).cwiseSqrt().array() + kSmallestDeviation;
  std::vector<Eigen::MatrixXd> looks;
  for (const SceneSegments& scene : scenes)
    looks.emplace_back(((scene.looks.rowwise() - mean).array().rowwise() / deviation.array()).matrix());
  return looks;
}

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

ClassRows renamed(const SceneSegments& scene,
                  const Eigen::MatrixXd& looks,
                  const Discriminant& classes,
                  const AppearanceOptions& options) {
  const ClassRows by_look = softmaxOfRows((looks * classes.slopes).rowwise() + classes.offsets);
  const ClassRows logits = scene.tagged.array() +
                           options.weight * ((1 - options.doubt) * by_look.array() + options.doubt / kNumClasses).log();
  return withLeastShares(logits, scene.frames, options.least_share);
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

std::vector<ClassRows> labelsByFrames(const std::vector<SceneSegments>& scenes, double least_share) {
  return ofEachScene(scenes,
                     [&](std::size_t i) { return withLeastShares(scenes[i].said, scenes[i].frames, least_share); });
}

std::vector<ClassRows> labelsByAppearance(const std::vector<SceneSegments>& scenes, const AppearanceOptions& options) {
  if (scenes.empty()) return {};
  const std::vector<Eigen::MatrixXd> looks = standardised(scenes);
  std::vector<ClassRows> shares = labelsByFrames(scenes, options.least_share);
  for (int round = 0; round < options.num_rounds; ++round) {
    const Discriminant classes = fitted(scenes, looks, shares, options);
    shares = ofEachScene(scenes, [&](std::size_t i) { return renamed(scenes[i], looks[i], classes, options); });
  }
  return shares;
}

}  // namespace tagscape

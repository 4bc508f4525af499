#include "core/pseudo_labels/tag_constraints.h"

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

constexpr int kMaxRounds = 60;
constexpr double kClose = 0.95;                // of the area that is asked for
constexpr double kDamping = 0.5;               // frames that overlap raise the same superpoints
constexpr double kMaxRaised = 30;              // in logits: a class that needs more is given up
constexpr double kMinVisibleFraction = 0.002;  // of a frame: superpoints that it shows less of are left alone
constexpr double kMinProbability = 1e-12;

using ClassRow = Eigen::Array<double, 1, kNumClasses>;

ClassRow areasIn(const FrameSuperpoints& frame, const ClassRows& probabilities) {
  ClassRow areas = ClassRow::Zero();
  for (std::size_t i = 0; i < frame.superpoints.size(); ++i)
    areas += frame.area_fractions[i] * probabilities.row(frame.superpoints[i]).array();
  return areas;
}

/// Adds to `raised` what a frame's missing tags need. @return whether any is missing.
bool raiseMissing(const FrameSuperpoints& frame,
                  const ClassRows& probabilities,
                  double min_area,
                  ClassRow& so_far,
                  ClassRows& raised) {
  const ClassRow areas = areasIn(frame, probabilities);
  ClassRow more = ClassRow::Zero();
  bool any = false;
  for (Eigen::Index c = 0; c < kNumClasses; ++c) {
    if (!frame.tags[static_cast<std::size_t>(c)] || areas[c] >= kClose * min_area) continue;
    any = true;
    more[c] = std::min(kDamping * std::log(min_area / std::max(areas[c], kMinProbability)), kMaxRaised - so_far[c]);
  }
  if (!any) return false;
  so_far += more;
  for (std::size_t i = 0; i < frame.superpoints.size(); ++i) {
    if (frame.area_fractions[i] > kMinVisibleFraction) raised.row(frame.superpoints[i]).array() += more;
  }
  return (more != 0).any();
}

}  // namespace

ClassRows softmaxOfRows(const ClassRows& logits) {
  ClassRows probabilities = (logits.colwise() - logits.rowwise().maxCoeff()).array().exp();
  probabilities.array().colwise() /= probabilities.rowwise().sum().array();
  return probabilities;
}

ClassRows enforceMinTagArea(const ClassRows& logits, std::span<const FrameSuperpoints> frames, double min_area) {
  ClassRows probabilities = softmaxOfRows(logits);
  if (min_area <= 0) return probabilities;
  ClassRows raised = ClassRows::Zero(logits.rows(), kNumClasses);
  std::vector<ClassRow> so_far(frames.size(), ClassRow::Zero());
  for (int round = 0; round < kMaxRounds; ++round) {
    bool any = false;
    for (std::size_t f = 0; f < frames.size(); ++f)
      any = raiseMissing(frames[f], probabilities, min_area, so_far[f], raised) || any;
    if (!any) break;
    probabilities = softmaxOfRows(logits + raised);
  }
  return probabilities;
}

}  // namespace tagscape

#include "core/train/tag_constraints.h"

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

constexpr int kMostRounds = 60;
constexpr double kClose = 0.95;     // of the share that is asked for
constexpr double kDamping = 0.5;    // frames that overlap raise the same segments
constexpr double kMostRaised = 30;  // in logits: what is not found by then is not there
constexpr double kGlimpse = 0.002;  // of a frame: segments that it shows less of are left alone
constexpr double kTiniestShare = 1e-12;

using ClassRow = Eigen::Array<double, 1, kNumClasses>;

ClassRow areasIn(const SegmentSight& frame, const ClassRows& shares) {
  ClassRow areas = ClassRow::Zero();
  for (std::size_t i = 0; i < frame.segments.size(); ++i)
    areas += frame.parts[i] * shares.row(frame.segments[i]).array();
  return areas;
}

/// Adds to `raised` what a frame's missing tags need. @return whether any is missing.
bool raiseMissing(
    const SegmentSight& frame, const ClassRows& shares, double least, ClassRow& so_far, ClassRows& raised) {
  const ClassRow areas = areasIn(frame, shares);
  ClassRow more = ClassRow::Zero();
  bool any = false;
  for (Eigen::Index c = 0; c < kNumClasses; ++c) {
    if (!frame.tags[static_cast<std::size_t>(c)] || areas[c] >= kClose * least) continue;
    any = true;
    more[c] = std::min(kDamping * std::log(least / std::max(areas[c], kTiniestShare)), kMostRaised - so_far[c]);
  }
  if (!any) return false;
  so_far += more;
  for (std::size_t i = 0; i < frame.segments.size(); ++i) {
    if (frame.parts[i] > kGlimpse) raised.row(frame.segments[i]).array() += more;
  }
  return (more != 0).any();
}

}  // namespace

ClassRows softmaxOfRows(const ClassRows& logits) {
  ClassRows shares = (logits.colwise() - logits.rowwise().maxCoeff()).array().exp();
  shares.array().colwise() /= shares.rowwise().sum().array();
  return shares;
}

ClassRows withLeastShares(const ClassRows& logits, std::span<const SegmentSight> frames, double least) {
  ClassRows shares = softmaxOfRows(logits);
  if (least <= 0) return shares;
  ClassRows raised = ClassRows::Zero(logits.rows(), kNumClasses);
  std::vector<ClassRow> so_far(frames.size(), ClassRow::Zero());
  for (int round = 0; round < kMostRounds; ++round) {
    bool any = false;
    for (std::size_t f = 0; f < frames.size(); ++f)
      any = raiseMissing(frames[f], shares, least, so_far[f], raised) || any;
    if (!any) break;
    shares = softmaxOfRows(logits + raised);
  }
  return shares;
}

}  // namespace tagscape

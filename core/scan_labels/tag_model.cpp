#include "core/scan_labels/tag_model.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>
#include <utility>

namespace tagscape {
namespace {

constexpr float kUntaggedPenalty = 6;
constexpr float kDamping = .5F;

using Row = Eigen::Array<float, 1, Eigen::Dynamic>;

/// A frame's tags, by columns of the problem.
struct FrameTags {
  Row tagged;               ///< 0 and 1.
  Row false_tags;           ///< At least, of classes with a tag.
  Row forgotten;            ///< At least, of classes without.
  float hole_fraction = 0;  ///< As TaggedFrame::hole_fraction.
};

/// The scene's classes as columns without gaps, and pairs of frames and superpoints as rows.
struct Problem {
  std::vector<int> classes;
  ClassValues evidence;             ///< [S, T].
  ClassValues untagged;             ///< [S, T] fraction of a superpoint's views in frames without the tag.
  std::vector<std::size_t> begins;  ///< First pair of each frame with tags, and the end.
  std::vector<FrameTags> frames;
  std::vector<TaggedFrame::Shown> pairs;
};

FrameTags frameTagsOf(const TaggedFrame& frame, const std::vector<int>& classes) {
  const auto num_classes = static_cast<Eigen::Index>(classes.size());
  const auto rowOf = [&](const ClassValues& values) {
    return values.size() == 0 ? Row(Row::Zero(num_classes)) : Row(values(0, classes));
  };
  FrameTags tags{Row(num_classes), rowOf(frame.false_tags), rowOf(frame.forgotten), frame.hole_fraction};
  for (Eigen::Index t = 0; t < num_classes; ++t)
    tags.tagged[t] = (*frame.tags)[static_cast<std::size_t>(classes[static_cast<std::size_t>(t)])] ? 1.F : 0.F;
  return tags;
}

Problem problemOf(const ClassValues& evidence, const std::vector<TaggedFrame>& frames, const TagSet& classes) {
  Problem problem;
  for (int c = 0; c < kNumClasses; ++c) {
    if (classes.none() || classes[static_cast<std::size_t>(c)]) problem.classes.push_back(c);
  }
  const auto num_classes = static_cast<Eigen::Index>(problem.classes.size());
  problem.evidence = evidence(Eigen::all, problem.classes);
  problem.untagged = ClassValues::Zero(evidence.rows(), num_classes);
  Eigen::ArrayXf views = Eigen::ArrayXf::Constant(evidence.rows(), 1e-12F);
  problem.begins.push_back(0);
  for (const TaggedFrame& frame : frames) {
    if (!frame.tags) continue;
    problem.frames.push_back(frameTagsOf(frame, problem.classes));
    for (const auto& [superpoint, fraction, weight] : frame.shown) {
      problem.untagged.row(superpoint) += weight * (1 - problem.frames.back().tagged);
      views[superpoint] += weight;
    }
    problem.pairs.insert(problem.pairs.end(), frame.shown.begin(), frame.shown.end());
    problem.begins.push_back(problem.pairs.size());
  }
  problem.untagged.colwise() /= views;
  return problem;
}

/// One pair of m and a0, with f by frame.
struct PersonModel {
  float false_tags = 0, hidden = 0, missing = 0, small_area = 0;
};

/// Adds the log-likelihood ratios of one frame's tags to the superpoints' logits.
/// @param q  probabilities of the superpoints.
void addFrame(
    const Problem& problem, std::size_t frame, const ClassValues& q, const PersonModel& person, ClassValues& logits) {
  const auto pairs =
      std::span(problem.pairs).subspan(problem.begins[frame], problem.begins[frame + 1] - problem.begins[frame]);
  Row area = Row::Zero(q.cols());
  for (const auto& [superpoint, fraction, weight] : pairs) area += fraction * q.row(superpoint);
  const FrameTags& own = problem.frames[frame];
  const Row& tagged = own.tagged;
  const Row kept = (1 - own.false_tags.max(person.false_tags)) * (1 - person.hidden * own.hole_fraction);
  const Row missing = own.forgotten.max(person.missing);
  Row others(q.cols()), without(q.cols()), with(q.cols());
  for (const auto& [superpoint, fraction, weight] : pairs) {
    others = (area - fraction * q.row(superpoint)).max(0.F);
    others = (others * (-1 / person.small_area)).exp() * kept * (1 - missing);
    without = kept * missing + others;
    with = kept * missing + others * std::exp(-fraction / person.small_area);
    // A class with a tag counts by 1 - P0.
    logits.row(superpoint) += ((tagged + (1 - 2 * tagged) * with) / (tagged + (1 - 2 * tagged) * without)).log();
  }
}

ClassValues solveFor(const Problem& problem, int num_rounds, const PersonModel& person) {
  ClassValues q = softmaxOfRows(problem.evidence - kUntaggedPenalty * problem.untagged);
  for (int round = 0; round < num_rounds; ++round) {
    ClassValues logits = problem.evidence;
    for (std::size_t frame = 0; frame + 1 < problem.begins.size(); ++frame) addFrame(problem, frame, q, person, logits);
    q = (1 - kDamping) * q + kDamping * softmaxOfRows(std::move(logits));
  }
  return q;
}

}  // namespace

TagReliability tagReliability(const ClassValues& predicted, const std::vector<std::optional<TagSet>>& tags) {
  constexpr float kFalse = .02F, kForgotten = .15F, kLeast = .01F;
  TagReliability reliability{ClassValues::Zero(predicted.rows(), kNumClasses),
                             ClassValues::Zero(predicted.rows(), kNumClasses)};
  for (Eigen::Index frame = 0; frame < predicted.rows(); ++frame) {
    const auto& own = tags[static_cast<std::size_t>(frame)];
    if (!own || predicted.row(frame).isNaN().any()) continue;
    for (int c = 0; c < kNumClasses; ++c) {
      const float p = std::clamp(predicted(frame, c), kLeast, 1 - kLeast);
      if ((*own)[static_cast<std::size_t>(c)]) {
        reliability.false_tags(frame, c) = kFalse * (1 - p) / (kFalse * (1 - p) + (1 - kForgotten) * p);
      } else {
        reliability.forgotten(frame, c) = kForgotten * p / (kForgotten * p + 1 - p);
      }
    }
  }
  return reliability;
}

TagSolution solveTags(const ClassValues& evidence,
                      const std::vector<TaggedFrame>& frames,
                      const TagSet& classes,
                      const TagModelOptions& options) {
  if (evidence.cols() != kNumClasses) throw std::logic_error("solveTags: evidence needs a column for every class");
  if (options.missing.empty() || options.small_areas.empty() || options.num_rounds < 0)
    throw std::logic_error("solveTags: the model of tags needs a pair of m and a0 and no negative number of rounds");
  const Problem problem = problemOf(evidence, frames, classes);
  const std::size_t num_areas = options.small_areas.size();
  std::vector<ClassValues> solutions(options.missing.size() * num_areas);
  parallelFor(solutions.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const float missing = options.missing[i / num_areas], small_area = options.small_areas[i % num_areas];
      solutions[i] = solveFor(problem, options.num_rounds, {options.false_tags, options.hidden, missing, small_area});
    }
  });
  ClassValues mean = std::move(solutions.front());
  for (std::size_t i = 1; i < solutions.size(); ++i) mean += solutions[i];
  mean /= static_cast<float>(solutions.size());

  TagSolution solution;
  solution.posterior = ClassValues::Zero(evidence.rows(), kNumClasses);
  solution.posterior(Eigen::all, problem.classes) = mean;
  solution.frame_areas = ClassValues::Zero(static_cast<Eigen::Index>(frames.size()), kNumClasses);
  for (std::size_t frame = 0; frame < frames.size(); ++frame) {
    for (const auto& [superpoint, fraction, weight] : frames[frame].shown)
      solution.frame_areas.row(static_cast<Eigen::Index>(frame)) += fraction * solution.posterior.row(superpoint);
  }
  return solution;
}

std::vector<DoubtfulTag> doubtfulTags(const ClassValues& frame_areas, const std::vector<std::optional<TagSet>>& tags) {
  constexpr float kNoArea = .002F, kMuchArea = .05F;
  std::vector<DoubtfulTag> doubts;
  for (std::size_t frame = 0; frame < tags.size(); ++frame) {
    if (!tags[frame]) continue;
    for (int c = 0; c < kNumClasses; ++c) {
      const float area = frame_areas(static_cast<Eigen::Index>(frame), c);
      const bool is_tagged = (*tags[frame])[static_cast<std::size_t>(c)];
      if (is_tagged ? area < kNoArea : area > kMuchArea) doubts.push_back({frame, c, !is_tagged, area});
    }
  }
  const auto contradiction = [&](const DoubtfulTag& doubt) {
    return doubt.is_missing ? doubt.area / kMuchArea : 2 - doubt.area / kNoArea;
  };
  std::stable_sort(doubts.begin(), doubts.end(), [&](const DoubtfulTag& a, const DoubtfulTag& b) {
    return contradiction(a) > contradiction(b);
  });
  return doubts;
}

}  // namespace tagscape

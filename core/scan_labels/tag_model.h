#pragma once

#include "core/scan_labels/class_values.h"
#include "core/scene/tags.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace tagscape {

/// How people tag pictures: a class that covers the share a of a picture has no tag with probability
///   P0(a) = (1 - f) (m + (1 - m) exp(-a / a0)).
/// Where the scan has holes, a picture may show a class that no superpoint covers: f grows by `hidden` times the share
/// of the picture that the scan lacks. The unknown habits of a person are marginalised: the posteriors of all pairs of
/// m and a0 are averaged.
struct TagModelOptions {
  float false_tags = .02F;               ///< f: a class that is not there has a tag.
  float hidden = .4F;                    ///< A tag is of something that the scan lacks, for a picture of nothing else.
  std::vector<float> missing{.1F, .3F};  ///< m: a tag is forgotten, however large the class is.
  std::vector<float> small_areas{.02F, .06F};  ///< a0: area fraction of a frame below which a class is rarely tagged.
  int num_rounds = 30;
};

/// How far the tags of frames are believed, by what else is known of their pictures.
struct TagReliability {
  ClassValues false_tags;  ///< [frames, kNumClasses] probability that a tag is false, of classes with one; else 0.
  ClassValues forgotten;   ///< [frames, kNumClasses] that a tag was forgotten, of classes without; else 0.
};

/// By Bayes' rule from what a classifier of pictures says that did not learn these tags: with the probability p that
/// the frame shows a class,
///   a tag is false with f (1 - p) / (f (1 - p) + (1 - m) p), and was forgotten with m p / (m p + 1 - p),
/// where f = .02 and m = .15 are how often either happens. p is taken to be within .01 … .99.
/// @param predicted [frames, kNumClasses]; rows that are not numbers, and frames without tags, give 0.
[[nodiscard]] TagReliability tagReliability(const ClassValues& predicted,
                                            const std::vector<std::optional<TagSet>>& tags);

/// What a frame shows, and its tags.
struct TaggedFrame {
  struct Shown {
    std::uint32_t superpoint = 0;
    float fraction = 0;  ///< Of the visible part of the scan; a frame's fractions sum to 1.
    float weight = 1;    ///< Of this view among all views of the superpoint, for `u` below: visible vertices.
  };
  std::optional<TagSet> tags;  ///< None: the frame is untagged and contributes no evidence.
  std::vector<Shown> shown;    ///< Each superpoint once at most.
  float hole_fraction = 0;     ///< Of the picture, that shows nothing of the scan.
  /// [1, kNumClasses] the frame's row of TagReliability; empty: the rates of the model alone. Where it is larger, it
  /// takes the place of f for classes with a tag, and of m for those without.
  ClassValues false_tags, forgotten;
};

struct TagSolution {
  ClassValues posterior;    ///< [S, kNumClasses] probabilities of each superpoint's class.
  ClassValues frame_areas;  ///< [K, kNumClasses] expected fraction of each frame that each class covers.
};

/// The classes of superpoints from the evidence for each of them and from the tags of the frames that show them.
///
/// For a frame that shows superpoint s at the share w, while the other superpoints are expected to cover the share a
/// with class c, the log-likelihood ratio of s being c is
///   log (1 - P0(a + w)) / (1 - P0(a)) where the frame is tagged with c,   log P0(a + w) / P0(a) where it is not.
/// Beginning with softmax(evidence - 6 u), where u is the share of a superpoint's views whose frames lack the tag, each
/// round takes q <- q / 2 + softmax(evidence + sum of the ratios over the frames) / 2.
///
/// @param evidence  [S, kNumClasses] logits of the superpoints.
/// @param classes   that the scene has; others get probability 0. With none, every class may be.
/// The result does not depend on the order of frames or superpoints. Threads over the pairs of m and a0.
/// Cost: with P pairs of a frame and a superpoint, about 10 ns x P x classes a round and pair of m and a0.
/// Source: a mean-field iteration, damped, for a noisy-or of areas under asymmetric label noise.
[[nodiscard]] TagSolution solveTags(const ClassValues& evidence,
                                    const std::vector<TaggedFrame>& frames,
                                    const TagSet& classes,
                                    const TagModelOptions& options = {});

/// A tag that the solution contradicts.
struct DoubtfulTag {
  std::size_t frame = 0;  ///< Place in the frames that were given.
  int class_index = 0;
  bool is_missing = false;  ///< The class covers much of the frame without a tag; otherwise it has a tag and no area.
  float area = 0;           ///< Fraction of the frame that the class covers.
};
/// Tags worth a second look: those whose class covers less than .2 % of the frame, and classes without a tag that cover
/// more than 5 %; the most contradicted first.
[[nodiscard]] std::vector<DoubtfulTag> doubtfulTags(const ClassValues& frame_areas,
                                                    const std::vector<std::optional<TagSet>>& tags);

}  // namespace tagscape

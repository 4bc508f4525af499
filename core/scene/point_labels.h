#pragma once

#include "core/scene/cams.h"
#include "core/scene/class_catalog.h"
#include "core/scene/scene.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape {

/// How a point got its label.
enum class LabelOrigin : std::uint8_t {
  Unknown,
  Prediction,   ///< The largest logit of the point network.
  Cam,          ///< The largest class activation of the point.
  LiftedFrame,  ///< Labels or maps of one frame; LabelSource::number is its frame number.
  Superpoint,   ///< By the points of its superpoint together.
  Truth,        ///< Annotated by the makers of the data set.
  Import,       ///< Read from a file of another program.
  Edit,         ///< Set by the user; LabelSource::number counts the edits.
  Refinement,   ///< Changed by a method that smooths or corrects labels.
};
/// "prediction", "lifted from a frame" …
[[nodiscard]] std::string_view nameOf(LabelOrigin origin);

/// One source of a layer's labels; points refer to it by its row in PointLabels::sources().
struct LabelSource {
  LabelOrigin origin = LabelOrigin::Unknown;
  std::int32_t number = -1;  ///< Which frame or edit; -1 where that means nothing.

  friend auto operator<=>(const LabelSource&, const LabelSource&) = default;
};

/// The label of one point.
struct PointLabel {
  float confidence = 0;           ///< 0 … 1; 0 for points without a label.
  std::uint16_t source = 0;       ///< Row of PointLabels::sources().
  std::uint8_t label = kNoClass;  ///< Class index, kNoClass for none.

  friend bool operator==(const PointLabel&, const PointLabel&) = default;
};

/// Labels of some points of a layer, apart from it: what an edit puts there, and after PointLabels::exchange what it
/// replaced. 12 bytes a point.
struct LabelPatch {
  std::vector<std::uint32_t> points;  ///< Indices, each at most once.
  std::vector<PointLabel> labels;     ///< In the order of `points`.
};

/// A label layer: class, confidence and origin of every point of a scene, from any source.
///
/// Takes a byte a point for classes; 4 more once confidences and 2 more once several sources are told apart, so at most
/// 7. Columns are contiguous: a range of points is copied at the speed of memory, a whole layer of 20 million points in
/// some 50 ms. Safe to read from several threads at once.
class PointLabels {
 public:
  PointLabels() = default;
  /// @param provenance  where it comes from, in words that go into exported files: "at step 1200, with tags".
  /// @param classes     [N] class indices or kNoClass; anything else is a std::logic_error.
  /// @param confidence  [N], 0 … 1, or empty: 1 where there is a label. Counted as 0 where there is none.
  /// @param source      of all points.
  PointLabels(std::string name,
              std::string provenance,
              std::vector<std::uint8_t> classes,
              std::vector<float> confidence,
              LabelSource source);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& provenance() const { return provenance_; }
  [[nodiscard]] std::size_t size() const { return classes_.size(); }
  [[nodiscard]] std::size_t numLabelled() const;

  /// [N] class indices, kNoClass for none.
  [[nodiscard]] const std::vector<std::uint8_t>& classes() const { return classes_; }
  [[nodiscard]] float confidence(std::size_t point) const;
  [[nodiscard]] const LabelSource& sourceOf(std::size_t point) const;
  [[nodiscard]] PointLabel at(std::size_t point) const;

  /// What points refer to by PointLabel::source. At least one.
  [[nodiscard]] const std::vector<LabelSource>& sources() const { return sources_; }
  /// The row of a source, which is added if it is new. Throws std::length_error for more than 65,536.
  std::uint16_t rowOf(const LabelSource& source);

  /// Throws std::logic_error for a class or a source that there is not; std::out_of_range for a point.
  void set(std::size_t point, const PointLabel& label);

  /// The labels of some points, or of all from `begin` to before `end`.
  [[nodiscard]] LabelPatch copy(std::span<const std::uint32_t> points) const;
  [[nodiscard]] LabelPatch copy(std::size_t begin, std::size_t end) const;
  /// Puts the patch's labels into the layer and the layer's into the patch: the same call undoes and redoes an edit.
  /// Throws as set(), before anything is changed.
  void exchange(LabelPatch& patch);

 private:
  void checkLabel(std::size_t point, const PointLabel& label) const;
  void put(std::size_t point, const PointLabel& label);

  std::string name_, provenance_;
  std::vector<std::uint8_t> classes_;
  std::vector<float> confidence_;         // empty: 1 where there is a label
  std::vector<std::uint16_t> source_of_;  // empty: the first source everywhere
  std::vector<LabelSource> sources_{LabelSource{}};
  std::map<LabelSource, std::uint16_t> row_of_{{LabelSource{}, 0}};
};

/// A prediction as it was made: with tags or without, as SceneCams::uses_tags says. Confidence is the class activation
/// of the predicted class, 0 … 1.
[[nodiscard]] PointLabels labelsOfPrediction(const SceneCams& cams);

/// A prediction read with other tags: each point's tagged class with the largest logit, or with the largest activation
/// where `cams` has no logits; points without a label in `cams` keep none. See maskedByTags, which does so for maps
/// too.
/// @param tags  of the scene; without them any class may win, which takes logits.
/// Errors: InvalidInput without tags and without logits, as classes that tags removed cannot be told.
[[nodiscard]] Result<PointLabels> labelsOfPrediction(const SceneCams& cams, const std::optional<TagSet>& tags);

/// The scene's annotation; empty where it has none.
[[nodiscard]] PointLabels labelsOfTruth(const Scene& scene);

}  // namespace tagscape

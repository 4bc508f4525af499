#pragma once

#include "core/scene/class_catalog.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tagscape {

/// The label of one element of a layer: a point of a scene, or a pixel of a frame.
struct LabelValue {
  std::uint8_t label = kNoClass;  ///< Class of the project's set, kNoClass for none.
  std::uint8_t confidence = 0;    ///< 0 … 255 for 0 … 1.
  std::uint16_t instance = 0;     ///< Which object; 0 where objects are not told apart.
  std::uint16_t source = 0;       ///< Who or what set it: a source of the project; 0 where nobody did.

  friend bool operator==(const LabelValue&, const LabelValue&) = default;
};

/// Labels of some elements before and after an edit: applied forwards it makes the edit, backwards it undoes it.
struct LabelDelta {
  std::vector<std::uint32_t> elements;  ///< Ascending, each once.
  std::vector<LabelValue> before, after;

  [[nodiscard]] std::size_t size() const { return elements.size(); }
  [[nodiscard]] bool isEmpty() const { return elements.empty(); }
};

/// The labels of all points of a scene, or all pixels of a frame, while they are edited: class, confidence, instance
/// and source of each in 6 bytes. Knows how many elements each class has, whatever was done to it. Safe to read from
/// several threads at once.
class LabelLayer {
 public:
  static constexpr std::size_t kBytesAnElement = 6;

  LabelLayer() = default;
  /// @param size  elements, all without a label.
  explicit LabelLayer(std::size_t size);
  /// @param values  of all elements.
  explicit LabelLayer(std::span<const LabelValue> values);

  [[nodiscard]] std::size_t size() const { return labels_.size(); }
  [[nodiscard]] LabelValue at(std::size_t element) const {
    return {labels_[element], confidence_[element], instances_[element], sources_[element]};
  }
  /// Throws std::out_of_range.
  void set(std::size_t element, const LabelValue& value);

  /// Columns, [size].
  [[nodiscard]] std::span<const std::uint8_t> labels() const { return labels_; }
  [[nodiscard]] std::span<const std::uint8_t> confidence() const { return confidence_; }
  [[nodiscard]] std::span<const std::uint16_t> instances() const { return instances_; }
  [[nodiscard]] std::span<const std::uint16_t> sources() const { return sources_; }

  /// How many elements have the class, or with kNoClass none. Cost: O(1).
  [[nodiscard]] std::size_t count(std::uint8_t label) const { return counts_[label]; }
  [[nodiscard]] std::size_t numLabelled() const { return size() - counts_[kNoClass]; }
  /// The largest instance number that there was, for the next new one.
  [[nodiscard]] std::uint16_t maxInstance() const { return max_instance_; }

  void apply(const LabelDelta& delta);
  void revert(const LabelDelta& delta);

  friend bool operator==(const LabelLayer& a, const LabelLayer& b) {
    return a.labels_ == b.labels_ && a.confidence_ == b.confidence_ && a.instances_ == b.instances_ &&
           a.sources_ == b.sources_;
  }

 private:
  void put(std::span<const std::uint32_t> elements, std::span<const LabelValue> values);

  std::vector<std::uint8_t> labels_, confidence_;
  std::vector<std::uint16_t> instances_, sources_;
  std::array<std::size_t, 256> counts_{};
  std::uint16_t max_instance_ = 0;
};

}  // namespace tagscape

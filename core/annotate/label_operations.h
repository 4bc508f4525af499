#pragma once

#include "core/annotate/class_set.h"
#include "core/annotate/label_layer.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace tagscape {

// What tools do to a layer, as deltas: nothing is changed here. Elements that would stay as they are, are left out.
// Elements may come in any order and more than once.

/// What is painted.
struct LabelBrush {
  LabelValue value;               ///< kNoClass erases.
  bool only_unlabelled = false;   ///< Labels that are there stay.
  ClassTags protected_classes{};  ///< Labels of these classes stay.

  /// Whether a label may be painted over.
  [[nodiscard]] bool covers(const LabelValue& before) const;
};

/// Cost: O(n log n) in the elements.
[[nodiscard]] LabelDelta paint(const LabelLayer& layer,
                               std::span<const std::uint32_t> elements,
                               const LabelBrush& brush);

/// Every element of one class, or with `instance` of one object, becomes another class. Cost: O(size of the layer).
[[nodiscard]] LabelDelta replaceClass(const LabelLayer& layer,
                                      std::uint8_t from,
                                      std::optional<std::uint16_t> instance,
                                      const LabelBrush& brush);

/// Labels that are proposed to a layer, a value per element.
struct ProposalOptions {
  std::uint8_t min_confidence = 0;         ///< Of what is proposed.
  std::optional<std::uint8_t> only_class;  ///< Proposals of other classes are left out.
  bool only_unlabelled = false;
  /// [sources] whether labels of a source are a person's, which a machine never changes; empty: none is.
  std::vector<bool> is_person{};
};
/// Cost: O(size of the layer).
[[nodiscard]] LabelDelta propose(const LabelLayer& layer,
                                 std::span<const LabelValue> proposed,
                                 const ProposalOptions& options);

/// How alike the labels of some elements are.
struct Purity {
  std::uint8_t label = kNoClass;  ///< Most of them; kNoClass if most have none.
  double share = 0;               ///< Of those that have it.
  std::size_t num_elements = 0;
  std::size_t num_changed = 0;  ///< Would get another value by the brush.
};
[[nodiscard]] Purity purityOf(const LabelLayer& layer,
                              std::span<const std::uint32_t> elements,
                              const LabelBrush& brush);

}  // namespace tagscape

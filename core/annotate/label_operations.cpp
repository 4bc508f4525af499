#include "core/annotate/label_operations.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace tagscape {
namespace {

void add(LabelDelta& delta, std::size_t element, const LabelValue& before, const LabelValue& after) {
  delta.elements.push_back(static_cast<std::uint32_t>(element));
  delta.before.push_back(before);
  delta.after.push_back(after);
}

}  // namespace

bool LabelBrush::covers(const LabelValue& before) const {
  if (before == value) return false;
  if (before.label == kNoClass) return value.label != kNoClass;
  return !only_unlabelled && !(before.label < protected_classes.size() && protected_classes[before.label]);
}

LabelDelta paint(const LabelLayer& layer, std::span<const std::uint32_t> elements, const LabelBrush& brush) {
  std::vector<std::uint32_t> sorted(elements.begin(), elements.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  if (!sorted.empty() && sorted.back() >= layer.size()) throw std::out_of_range("paint: no such element");
  LabelDelta delta;
  for (const std::uint32_t element : sorted) {
    const LabelValue before = layer.at(element);
    if (brush.covers(before)) add(delta, element, before, brush.value);
  }
  return delta;
}

LabelDelta replaceClass(const LabelLayer& layer,
                        std::uint8_t from,
                        std::optional<std::uint16_t> instance,
                        const LabelBrush& brush) {
  LabelDelta delta;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    if (layer.labels()[i] != from || (instance && layer.instances()[i] != *instance)) continue;
    const LabelValue before = layer.at(i);
    if (brush.covers(before)) add(delta, i, before, brush.value);
  }
  return delta;
}

LabelDelta propose(const LabelLayer& layer, std::span<const LabelValue> proposed, const ProposalOptions& options) {
  if (proposed.size() != layer.size()) throw std::logic_error("propose: one value per element is needed");
  LabelDelta delta;
  for (std::size_t i = 0; i < proposed.size(); ++i) {
    const LabelValue& after = proposed[i];
    if (after.label == kNoClass || after.confidence < options.min_confidence) continue;
    if (options.only_class && after.label != *options.only_class) continue;
    const LabelValue before = layer.at(i);
    const bool is_persons = before.source < options.is_person.size() && options.is_person[before.source];
    if (is_persons || before == after || (options.only_unlabelled && before.label != kNoClass)) continue;
    add(delta, i, before, after);
  }
  return delta;
}

Purity purityOf(const LabelLayer& layer, std::span<const std::uint32_t> elements, const LabelBrush& brush) {
  std::array<std::size_t, 256> counts{};
  Purity purity;
  purity.num_elements = elements.size();
  for (const std::uint32_t element : elements) {
    const LabelValue before = layer.at(element);
    ++counts[before.label];
    purity.num_changed += brush.covers(before) ? 1 : 0;
  }
  const auto most = std::max_element(counts.begin(), counts.end());
  purity.label = static_cast<std::uint8_t>(most - counts.begin());
  if (!elements.empty()) purity.share = static_cast<double>(*most) / static_cast<double>(elements.size());
  return purity;
}

}  // namespace tagscape

#include "core/annotate/label_layer.h"

#include <algorithm>
#include <stdexcept>

namespace tagscape {

LabelLayer::LabelLayer(std::size_t size)
    : labels_(size, kNoClass), confidence_(size, 0), instances_(size, 0), sources_(size, 0) {
  counts_[kNoClass] = size;
}

LabelLayer::LabelLayer(std::span<const LabelValue> values) : LabelLayer(values.size()) {
  for (std::size_t i = 0; i < values.size(); ++i) set(i, values[i]);
}

void LabelLayer::set(std::size_t element, const LabelValue& value) {
  if (element >= size()) throw std::out_of_range("LabelLayer: no such element");
  --counts_[labels_[element]];
  ++counts_[value.label];
  labels_[element] = value.label;
  confidence_[element] = value.confidence;
  instances_[element] = value.instance;
  sources_[element] = value.source;
  max_instance_ = std::max(max_instance_, value.instance);
}

void LabelLayer::put(std::span<const std::uint32_t> elements, std::span<const LabelValue> values) {
  if (elements.size() != values.size()) throw std::logic_error("LabelLayer: one value per element is needed");
  for (std::size_t i = 0; i < elements.size(); ++i) set(elements[i], values[i]);
}

void LabelLayer::apply(const LabelDelta& delta) { put(delta.elements, delta.after); }

void LabelLayer::revert(const LabelDelta& delta) { put(delta.elements, delta.before); }

}  // namespace tagscape

#include "ui/models/display_style.h"

#include <algorithm>
#include <utility>

namespace tagscape {

DisplayStyle::DisplayStyle(QObject* parent) : QObject(parent) {}

QColor DisplayStyle::classColor(int class_index) const {
  const Color8 rgb = classColors(palette_)[static_cast<std::size_t>(class_index)];
  return {rgb[0], rgb[1], rgb[2]};
}

void DisplayStyle::setPalette(ClassPalette palette) {
  if (std::exchange(palette_, palette) != palette) Q_EMIT changed();
}

void DisplayStyle::setHeatMap(HeatMap map) {
  if (std::exchange(heat_map_, map) != map) Q_EMIT changed();
}

void DisplayStyle::lockRange(float low, float high) {
  constexpr float kNarrowest = 0.01F;
  low = std::clamp(low, 0.F, 1 - kNarrowest);
  const HeatRange range{low, std::clamp(high, low + kNarrowest, 1.F)};
  setRange(range, true);
}

void DisplayStyle::unlockRange() { setRange({}, false); }

void DisplayStyle::setRange(const HeatRange& range, bool is_locked) {
  const bool is_other = range_ != range || is_range_locked_ != is_locked;
  range_ = range;
  is_range_locked_ = is_locked;
  if (is_other) Q_EMIT changed();
}

void DisplayStyle::setShown(int class_index, bool shown) {
  TagSet hidden = hidden_;
  setHidden(hidden.set(static_cast<std::size_t>(class_index), !shown));
}

void DisplayStyle::solo(int class_index) {
  const TagSet others = ~TagSet().set(static_cast<std::size_t>(class_index));
  setHidden(hidden_ == others ? TagSet() : others);
}

void DisplayStyle::showAll() { setHidden({}); }

void DisplayStyle::setHidden(const TagSet& hidden) {
  if (std::exchange(hidden_, hidden) != hidden) Q_EMIT changed();
}

}  // namespace tagscape

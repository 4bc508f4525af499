#include "ui/models/look.h"

#include <algorithm>
#include <utility>

namespace tagscape {

Look::Look(QObject* parent) : QObject(parent) {}

QColor Look::classColor(int class_index) const {
  const Color8 rgb = classColors(palette_)[static_cast<std::size_t>(class_index)];
  return {rgb[0], rgb[1], rgb[2]};
}

void Look::setPalette(ClassPalette palette) {
  if (std::exchange(palette_, palette) != palette) Q_EMIT changed();
}

void Look::setHeatMap(HeatMap map) {
  if (std::exchange(heat_map_, map) != map) Q_EMIT changed();
}

void Look::lockRange(float low, float high) {
  constexpr float kNarrowest = 0.01F;
  low = std::clamp(low, 0.F, 1 - kNarrowest);
  const HeatRange range{low, std::clamp(high, low + kNarrowest, 1.F)};
  if (std::exchange(range_, range) != range) Q_EMIT changed();
}

void Look::unlockRange() { lockRange(0, 1); }

void Look::setShown(int class_index, bool shown) {
  TagSet hidden = hidden_;
  setHidden(hidden.set(static_cast<std::size_t>(class_index), !shown));
}

void Look::solo(int class_index) {
  const TagSet others = ~TagSet().set(static_cast<std::size_t>(class_index));
  setHidden(hidden_ == others ? TagSet() : others);
}

void Look::showAll() { setHidden({}); }

void Look::setHidden(const TagSet& hidden) {
  if (std::exchange(hidden_, hidden) != hidden) Q_EMIT changed();
}

}  // namespace tagscape

#include "ui/models/view_link.h"

#include <cmath>
#include <utility>

namespace tagscape {

ViewLink::ViewLink(QObject* parent) : QObject(parent) {}

void ViewLink::setHovered(const std::optional<LinkedPoint>& point) {
  const auto focus_before = focus();
  if (std::exchange(hovered_, point) == point) return;
  Q_EMIT hoveredChanged();
  if (focus() != focus_before) Q_EMIT focusChanged();
}

void ViewLink::setSelected(const std::optional<LinkedPoint>& point) {
  const auto focus_before = focus();
  if (std::exchange(selected_, point) == point) return;
  Q_EMIT selectedChanged();
  if (focus() != focus_before) Q_EMIT focusChanged();
}

void ViewLink::setWitnesses(std::vector<Witness> witnesses) {
  if (witnesses.empty() && witnesses_.empty()) return;
  witnesses_ = std::move(witnesses);
  Q_EMIT witnessesChanged();
}

void ViewLink::clear() {
  setHovered({});
  setSelected({});
  setWitnesses({});
}

std::optional<int> ViewLink::mostDisagreeing() const {
  std::optional<int> frame;
  float most = -1;
  for (const Witness& witness : witnesses_) {
    if (!(witness.disagreement > most)) continue;  // NaN too
    most = witness.disagreement;
    frame = witness.frame_index;
  }
  return frame;
}

std::optional<int> ViewLink::witnessBeside(int frame_index, int step) const {
  std::optional<int> found;
  for (const Witness& witness : witnesses_) {
    if (step > 0 && witness.frame_index > frame_index) return witness.frame_index;
    if (step < 0 && witness.frame_index < frame_index) found = witness.frame_index;
  }
  return found;
}

}  // namespace tagscape

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

void ViewLink::setObservingFrames(std::vector<ObservingFrame> observing_frames) {
  if (observing_frames.empty() && observing_frames_.empty()) return;
  observing_frames_ = std::move(observing_frames);
  Q_EMIT observingFramesChanged();
}

void ViewLink::setVisibilityIndex(std::shared_ptr<const VisibilityIndex> index) {
  if (!index && !visibility_index_) return;
  visibility_index_ = std::move(index);
  Q_EMIT visibilityIndexChanged();
}

void ViewLink::clear() {
  setHovered({});
  setSelected({});
  setObservingFrames({});
  setVisibilityIndex({});
}

std::optional<int> ViewLink::mostDisagreeing() const {
  std::optional<int> frame;
  float max_disagreement = -1;
  for (const ObservingFrame& observing_frame : observing_frames_) {
    if (!(observing_frame.disagreement > max_disagreement)) continue;  // Also false for NaN.
    max_disagreement = observing_frame.disagreement;
    frame = observing_frame.frame_index;
  }
  return frame;
}

std::optional<int> ViewLink::observingFrameBeside(int frame_index, int step) const {
  std::optional<int> found;
  for (const ObservingFrame& observing_frame : observing_frames_) {
    if (step > 0 && observing_frame.frame_index > frame_index) return observing_frame.frame_index;
    if (step < 0 && observing_frame.frame_index < frame_index) found = observing_frame.frame_index;
  }
  return found;
}

}  // namespace tagscape

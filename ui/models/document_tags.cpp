// The part of Document that masks CAMs by tags changed by the user.

#include "core/scene/scene_tags.h"
#include "core/scene/tag_masking.h"
#include "ui/models/document.h"

#include <algorithm>

namespace tagscape {

TagSet Document::ownSceneTags() const { return scene_ ? tagsOfScene(*scene_).value_or(TagSet()) : TagSet(); }

TagSet Document::ownFrameTags(int frame_index) const {
  return *tagsOfFrame(scene_->frames[static_cast<std::size_t>(frame_index)], ownSceneTags());
}

TagSet Document::sceneTags() const { return changed_scene_tags_.value_or(ownSceneTags()); }

TagSet Document::frameTags(int frame_index) const {
  if (!scene_ || frame_index < 0 || frame_index >= numFrames()) return {};
  const Frame& frame = scene_->frames[static_cast<std::size_t>(frame_index)];
  const auto changed = changed_frame_tags_.find(frame.number);
  if (changed != changed_frame_tags_.end()) return changed->second;
  return *tagsOfFrame(frame, sceneTags());
}

TagSet Document::lackedByPoints() const {
  if (!network_cams_ || !network_cams_->uses_tags) return {};
  const auto& labels = network_cams_->point_labels;
  const bool has_points =
      std::any_of(labels.begin(), labels.end(), [](std::uint8_t label) { return label != kNoClass; });
  if (!has_points) return {};  // Only frames were predicted.
  return sceneTags() & ~ownSceneTags();
}

TagSet Document::lackedByFrame() const {
  if (!network_cams_ || !network_cams_->uses_tags || !frame()) return {};
  const FrameCams* cams = network_cams_->frame(frame()->number);
  return cams && !cams->is_whole ? frameTags(frame_index_) & ~ownFrameTags(frame_index_) : TagSet();
}

TagSet Document::addedInVain() const {
  if (!cams_) return {};
  const TagSet on_points = sceneTags() & ~ownSceneTags();
  TagSet in_vain = on_points;
  for (std::size_t i = 0; on_points.any() && i < cams_->point_values.size(); ++i) {
    if (cams_->point_values[i] > 0) in_vain.reset(i % kNumClasses);
  }
  const FrameCams* frame_cams = frame() ? cams_->frame(frame()->number) : nullptr;
  if (!frame_cams) return in_vain;
  const TagSet in_frame = frameTags(frame_index_) & ~ownFrameTags(frame_index_) & ~on_points;
  const std::size_t num_cells = frame_cams->values.size() / kNumClasses;
  for (std::size_t c = 0; c < kNumClasses; ++c) {
    const auto begin = frame_cams->values.begin() + static_cast<std::ptrdiff_t>(c * num_cells);
    const auto is_above = [](float value) { return value > 0; };
    if (in_frame[c] && std::none_of(begin, begin + static_cast<std::ptrdiff_t>(num_cells), is_above)) in_vain.set(c);
  }
  return in_vain;
}

void Document::toggleSceneTag(int class_index) {
  if (!scene_) return;
  changed_scene_tags_ = sceneTags().flip(static_cast<std::size_t>(class_index));
  maskCams();
  Q_EMIT tagsChanged();
  if (cams_) Q_EMIT camsChanged();
}

void Document::toggleFrameTag(int class_index) {
  if (!frame()) return;
  changed_frame_tags_[frame()->number] = frameTags(frame_index_).flip(static_cast<std::size_t>(class_index));
  maskCams();
  Q_EMIT tagsChanged();
  if (cams_) Q_EMIT camsChanged();
}

void Document::resetTags() {
  if (!hasChangedTags()) return;
  changed_scene_tags_.reset();
  changed_frame_tags_.clear();
  maskCams();
  Q_EMIT tagsChanged();
  if (cams_) Q_EMIT camsChanged();
}

void Document::setTags(const std::optional<TagSet>& scene_tags, std::map<int, TagSet> frame_tags) {
  if (!scene_) return;
  changed_scene_tags_ = scene_tags == ownSceneTags() ? std::nullopt : scene_tags;
  changed_frame_tags_ = std::move(frame_tags);
  maskCams();
  Q_EMIT tagsChanged();
  if (cams_) Q_EMIT camsChanged();
}

void Document::maskCams() {
  cams_ = network_cams_;
  if (!network_cams_) return;
  // Predictions with logits have all classes and are masked here; others are shown as they
  // are.
  const bool masks_anyway = !network_cams_->uses_tags && !network_cams_->point_logits.empty() && sceneTags().any();
  const auto& frames = network_cams_->frames;
  const bool has_whole_frames =
      std::any_of(frames.begin(), frames.end(), [](const FrameCams& frame) { return frame.is_whole; });
  const bool masks_frames = has_whole_frames && sceneTags().any();
  if (!hasChangedTags() && !masks_anyway && !masks_frames) return;
  std::map<int, TagSet> frame_tags;
  for (int i = 0; i < numFrames(); ++i) frame_tags[scene_->frames[static_cast<std::size_t>(i)].number] = frameTags(i);
  const auto mask = hasChangedTags() || masks_anyway ? maskedByTags : withWholeFramesMasked;
  cams_ = std::make_shared<const SceneCams>(mask(*network_cams_, sceneTags(), frame_tags));
}

}  // namespace tagscape

// What if the tags were others: the part of Document that masks CAMs by tags that a person changed.

#include "core/scene/tag_masking.h"
#include "ui/models/document.h"

namespace tagscape {

TagSet Document::sceneTags() const {
  if (changed_scene_tags_) return *changed_scene_tags_;
  if (!scene_) return {};
  if (scene_->tags && scene_->tags->any()) return *scene_->tags;
  TagSet in_frames;
  for (const Frame& frame : scene_->frames) in_frames |= frame.tags.value_or(TagSet());
  return in_frames;
}

TagSet Document::frameTags(int frame_index) const {
  if (!scene_ || frame_index < 0 || frame_index >= numFrames()) return {};
  const Frame& frame = scene_->frames[static_cast<std::size_t>(frame_index)];
  const auto changed = changed_frame_tags_.find(frame.number);
  if (changed != changed_frame_tags_.end()) return changed->second;
  return frame.tags && frame.tags->any() ? *frame.tags : sceneTags();
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

void Document::maskCams() {
  cams_ = network_cams_;
  if (!network_cams_) return;
  // Predictions made for this (they keep their logits) are of all classes, and masked here; others are shown as they
  // are.
  const bool masks_anyway = !network_cams_->uses_tags && !network_cams_->point_logits.empty() && sceneTags().any();
  if (!hasChangedTags() && !masks_anyway) return;
  std::map<int, TagSet> frame_tags;
  for (int i = 0; i < numFrames(); ++i) frame_tags[scene_->frames[static_cast<std::size_t>(i)].number] = frameTags(i);
  cams_ = std::make_shared<const SceneCams>(maskedByTags(*network_cams_, sceneTags(), frame_tags));
}

}  // namespace tagscape

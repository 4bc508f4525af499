#include "core/scene/tag_masking.h"

#include <algorithm>
#include <limits>

namespace tagscape {
namespace {

/// The tagged class with the largest of a point's values, if it is above `floor`.
std::uint8_t largestTagged(const float* values, const TagSet& tags, float floor) {
  std::uint8_t label = kNoClass;
  for (std::size_t c = 0; c < kNumClasses; ++c) {
    if (!tags[c] || !(values[c] > floor)) continue;
    floor = values[c];
    label = static_cast<std::uint8_t>(c);
  }
  return label;
}

void maskFrame(FrameCams& frame, const TagSet& scene_tags, const std::map<int, TagSet>& frame_tags) {
  const auto own = frame_tags.find(frame.frame_number);
  const TagSet& tags = own == frame_tags.end() ? scene_tags : own->second;
  const std::size_t num_cells = frame.values.size() / kNumClasses;
  for (std::size_t c = 0; c < kNumClasses; ++c) {
    const auto begin = frame.values.begin() + static_cast<std::ptrdiff_t>(c * num_cells);
    if (!tags[c]) std::fill_n(begin, num_cells, 0.F);
  }
}

}  // namespace

std::vector<std::uint8_t> labelsWithTags(const SceneCams& cams, const TagSet& scene_tags) {
  const bool has_logits = cams.point_logits.size() == cams.point_values.size();
  const float* values = has_logits ? cams.point_logits.data() : cams.point_values.data();
  const float floor = has_logits ? -std::numeric_limits<float>::infinity() : 0;
  std::vector<std::uint8_t> labels = cams.point_labels;
  for (std::size_t point = 0; point < labels.size(); ++point) {
    if (labels[point] != kNoClass) labels[point] = largestTagged(values + point * kNumClasses, scene_tags, floor);
  }
  return labels;
}

SceneCams maskedByTags(const SceneCams& cams, const TagSet& scene_tags, const std::map<int, TagSet>& frame_tags) {
  SceneCams masked = cams;
  masked.uses_tags = true;
  masked.point_labels = labelsWithTags(cams, scene_tags);
  for (std::size_t point = 0; point < masked.numPoints(); ++point) {
    float* values = &masked.point_values[point * kNumClasses];
    for (std::size_t c = 0; c < kNumClasses; ++c) {
      if (!scene_tags[c]) values[c] = 0;
    }
  }
  for (FrameCams& frame : masked.frames) maskFrame(frame, scene_tags, frame_tags);
  return masked;
}

SceneCams withWholeFramesMasked(const SceneCams& cams,
                                const TagSet& scene_tags,
                                const std::map<int, TagSet>& frame_tags) {
  SceneCams masked = cams;
  for (FrameCams& frame : masked.frames) {
    if (frame.is_whole) maskFrame(frame, scene_tags, frame_tags);
  }
  return masked;
}

}  // namespace tagscape

#include "core/scene/point_labels.h"

#include "core/scene/tag_masking.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

namespace tagscape {
namespace {

bool isClassOrNone(std::uint8_t label) { return label < kNumClasses || label == kNoClass; }

float impliedConfidence(std::uint8_t label) { return label == kNoClass ? 0.F : 1.F; }

/// The activation of each point's label.
std::vector<float> activationsOf(const SceneCams& cams, const std::vector<std::uint8_t>& classes) {
  std::vector<float> activations(classes.size(), 0.F);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (classes[i] != kNoClass) activations[i] = cams.point_values[i * kNumClasses + classes[i]];
  }
  return activations;
}

PointLabels predictionOf(const SceneCams& cams, std::vector<std::uint8_t> classes, bool with_tags) {
  std::vector<float> confidence = activationsOf(cams, classes);
  return {"prediction",
          fmt::format("at step {}, {}", cams.step, with_tags ? "with tags" : "without tags"),
          std::move(classes),
          std::move(confidence),
          {LabelOrigin::Prediction}};
}

}  // namespace

std::string_view nameOf(LabelOrigin origin) {
  switch (origin) {
    case LabelOrigin::Prediction:
      return "prediction";
    case LabelOrigin::Cam:
      return "class activation maps";
    case LabelOrigin::LiftedFrame:
      return "lifted from a frame";
    case LabelOrigin::Superpoint:
      return "superpoint";
    case LabelOrigin::Truth:
      return "ground truth";
    case LabelOrigin::Import:
      return "import";
    case LabelOrigin::Edit:
      return "edit";
    case LabelOrigin::Refinement:
      return "refinement";
    case LabelOrigin::Unknown:
      break;
  }
  return "unknown";
}

PointLabels::PointLabels(std::string name,
                         std::string provenance,
                         std::vector<std::uint8_t> classes,
                         std::vector<float> confidence,
                         LabelSource source)
    : name_(std::move(name)),
      provenance_(std::move(provenance)),
      classes_(std::move(classes)),
      confidence_(std::move(confidence)),
      sources_{source},
      row_of_{{source, 0}} {
  if (!std::all_of(classes_.begin(), classes_.end(), isClassOrNone))
    throw std::logic_error("PointLabels: a label that is no class");
  if (!confidence_.empty() && confidence_.size() != classes_.size())
    throw std::logic_error("PointLabels: one confidence per point is needed, or none at all");
  for (std::size_t i = 0; i < confidence_.size(); ++i) {
    if (classes_[i] == kNoClass) confidence_[i] = 0;
  }
}

std::size_t PointLabels::numLabelled() const {
  return classes_.size() - static_cast<std::size_t>(std::count(classes_.begin(), classes_.end(), kNoClass));
}

float PointLabels::confidence(std::size_t point) const {
  return confidence_.empty() ? impliedConfidence(classes_.at(point)) : confidence_.at(point);
}

const LabelSource& PointLabels::sourceOf(std::size_t point) const {
  return sources_[source_of_.empty() ? 0 : source_of_.at(point)];
}

PointLabel PointLabels::at(std::size_t point) const {
  return {confidence(point), source_of_.empty() ? std::uint16_t{0} : source_of_[point], classes_[point]};
}

std::uint16_t PointLabels::rowOf(const LabelSource& source) {
  if (const auto found = row_of_.find(source); found != row_of_.end()) return found->second;
  if (sources_.size() > std::numeric_limits<std::uint16_t>::max())
    throw std::length_error("PointLabels: more than 65,536 sources in one layer");
  const auto row = static_cast<std::uint16_t>(sources_.size());
  sources_.push_back(source);
  row_of_.emplace(source, row);
  return row;
}

void PointLabels::checkLabel(std::size_t point, const PointLabel& label) const {
  if (point >= classes_.size()) throw std::out_of_range("PointLabels: no such point");
  if (!isClassOrNone(label.label)) throw std::logic_error("PointLabels: a label that is no class");
  if (label.source >= sources_.size()) throw std::logic_error("PointLabels: a source that the layer does not have");
}

void PointLabels::put(std::size_t point, const PointLabel& label) {
  const float confidence = label.label == kNoClass ? 0.F : label.confidence;
  if (confidence_.empty() && confidence != impliedConfidence(label.label)) {
    confidence_.resize(classes_.size());
    std::transform(classes_.begin(), classes_.end(), confidence_.begin(), impliedConfidence);
  }
  if (source_of_.empty() && label.source != 0) source_of_.assign(classes_.size(), 0);
  classes_[point] = label.label;
  if (!confidence_.empty()) confidence_[point] = confidence;
  if (!source_of_.empty()) source_of_[point] = label.source;
}

void PointLabels::set(std::size_t point, const PointLabel& label) {
  checkLabel(point, label);
  put(point, label);
}

LabelPatch PointLabels::copy(std::span<const std::uint32_t> points) const {
  LabelPatch patch{{points.begin(), points.end()}, {}};
  patch.labels.reserve(points.size());
  for (const std::uint32_t point : points) patch.labels.push_back(at(point));
  return patch;
}

LabelPatch PointLabels::copy(std::size_t begin, std::size_t end) const {
  if (begin > end || end > size()) throw std::out_of_range("PointLabels: no such range of points");
  LabelPatch patch;
  patch.points.reserve(end - begin);
  patch.labels.reserve(end - begin);
  for (std::size_t i = begin; i < end; ++i) {
    patch.points.push_back(static_cast<std::uint32_t>(i));
    patch.labels.push_back(at(i));
  }
  return patch;
}

void PointLabels::exchange(LabelPatch& patch) {
  if (patch.points.size() != patch.labels.size())
    throw std::logic_error("PointLabels: a patch needs a label per point");
  for (std::size_t i = 0; i < patch.points.size(); ++i) checkLabel(patch.points[i], patch.labels[i]);
  for (std::size_t i = 0; i < patch.points.size(); ++i) {
    const PointLabel before = at(patch.points[i]);
    put(patch.points[i], patch.labels[i]);
    patch.labels[i] = before;
  }
}

PointLabels labelsOfPrediction(const SceneCams& cams) { return predictionOf(cams, cams.point_labels, cams.uses_tags); }

Result<PointLabels> labelsOfPrediction(const SceneCams& cams, const std::optional<TagSet>& tags) {
  if (tags) return predictionOf(cams, labelsWithTags(cams, *tags), true);
  if (!cams.uses_tags) return labelsOfPrediction(cams);
  if (cams.point_logits.empty()) {
    return fail(ErrorCode::InvalidInput,
                fmt::format("The prediction of {} was made with tags and holds no logits, so it has nothing of other "
                            "classes. Predict it without tags, or with logits",
                            cams.scene_name));
  }
  return predictionOf(cams, labelsWithTags(cams, TagSet().set()), false);
}

PointLabels labelsOfTruth(const Scene& scene) {
  return {"ground truth", "as annotated", scene.point_labels, {}, {LabelOrigin::Truth}};
}

}  // namespace tagscape

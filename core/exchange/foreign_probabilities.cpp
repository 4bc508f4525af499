#include "core/exchange/foreign_probabilities.h"

#include "core/exchange/match_points.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

constexpr float kSmallest = 1e-12F;  // the logarithm of 0 is taken of this

tl::unexpected<Error> refuse(const ForeignSource& source, std::string_view problem) {
  return failFile(
      ErrorCode::InvalidInput,
      source.place,
      problem,
      fmt::format("Give a probability from 0 to 1 for each of the {} classes, in the order that docs/formats.md "
                  "lists",
                  kNumClasses));
}

Status check(const ForeignSource& source, int num_classes, const std::vector<float>& values, std::string_view what) {
  if (num_classes != kNumClasses)
    return refuse(source, fmt::format("the probabilities of {} have {} classes", what, num_classes));
  const bool fits = std::all_of(values.begin(), values.end(), [](float value) { return value >= 0 && value <= 1; });
  return fits ? Status() : refuse(source, fmt::format("the values of {} are no probabilities", what));
}

/// Each class divided by its largest value. @param stride  from one value of a class to the next; 1: class after class.
void normalise(std::vector<float>& values, std::size_t num_places, bool by_place) {
  for (std::size_t c = 0; c < kNumClasses; ++c) {
    const auto at = [&](std::size_t i) -> float& {
      return values[by_place ? i * kNumClasses + c : c * num_places + i];
    };
    float largest = 0;
    for (std::size_t i = 0; i < num_places; ++i) largest = std::max(largest, at(i));
    for (std::size_t i = 0; i < num_places && largest > 0; ++i) at(i) /= largest;
  }
}

std::vector<float> logarithms(const std::vector<float>& values) {
  std::vector<float> logits(values.size());
  std::transform(
      values.begin(), values.end(), logits.begin(), [](float value) { return std::log(std::max(value, kSmallest)); });
  return logits;
}

Status addPoints(
    const Scene& scene, const ForeignSource& source, double max_distance_m, const Job& job, SceneCams& cams) {
  if (source.labels.points.probabilities.empty()) return {};
  const ForeignPoints& found = source.labels.points;
  TAGSCAPE_TRY(check(source, found.num_classes, found.probabilities, "points"));
  const std::size_t count = found.probabilities.size() / kNumClasses;
  TAGSCAPE_ASSIGN(const PointMatch match,
                  matchPoints(scene, found.positions, count, max_distance_m, source.place.string(), job));
  for (const std::uint32_t row : match.rows) {
    const bool is_there = row != PointMatch::kNone;
    const auto begin =
        found.probabilities.begin() + static_cast<std::ptrdiff_t>(is_there ? std::size_t{row} * kNumClasses : 0);
    const auto largest = std::max_element(begin, begin + kNumClasses);
    cams.point_labels.push_back(is_there && *largest > 0 ? static_cast<std::uint8_t>(largest - begin) : kNoClass);
    for (auto it = begin; it != begin + kNumClasses; ++it) cams.point_values.push_back(is_there ? *it : 0.F);
  }
  cams.point_logits = logarithms(cams.point_values);
  normalise(cams.point_values, cams.point_labels.size(), true);
  return {};
}

Status addFrame(const ForeignSource& source, int number, SceneCams& cams) {
  TAGSCAPE_ASSIGN(ForeignFrame found, source.labels.frame(number));
  TAGSCAPE_TRY(check(source, found.num_classes, found.probabilities, fmt::format("frame {}", number)));
  FrameCams frame{.frame_number = number, .width = found.width, .height = found.height, .values = {}, .grid = {1, 0}};
  frame.logits = logarithms(found.probabilities);
  frame.values = std::move(found.probabilities);
  normalise(frame.values, static_cast<std::size_t>(found.width) * static_cast<std::size_t>(found.height), false);
  cams.frames.push_back(std::move(frame));
  return {};
}

}  // namespace

bool hasProbabilities(const ForeignLabels& labels) {
  if (!labels.points.probabilities.empty()) return true;
  if (!labels.points.ids.empty() || labels.frame_numbers.empty()) return false;
  const auto frame = labels.frame(labels.frame_numbers.front());
  return frame && !frame->probabilities.empty();
}

Result<SceneCams> predictionFrom(const Scene& scene,
                                 const ForeignSource& source,
                                 const ExchangeClasses& classes,
                                 double max_distance_m,
                                 const Job& job) {
  if (classes.size() != kNumClasses) return refuse(source, "predictions are of ScanNet's classes");
  SceneCams cams;
  cams.scene_name = scene.name;
  cams.scene_path = scene.path.string();
  cams.uses_tags = false;
  cams.origin = fmt::format("probabilities from {}", source.place.filename().string());
  TAGSCAPE_TRY(addPoints(scene, source, max_distance_m, job, cams));
  if (cams.point_labels.empty()) {
    cams.point_labels.assign(scene.points().size(), kNoClass);
    cams.point_values.assign(scene.points().size() * kNumClasses, 0.F);
  }
  for (std::size_t i = 0; i < source.labels.frame_numbers.size(); ++i) {
    TAGSCAPE_TRY(job.checkStop("Importing"));
    job.report("Importing frames",
               static_cast<std::int64_t>(i),
               static_cast<std::int64_t>(source.labels.frame_numbers.size()));
    TAGSCAPE_TRY(addFrame(source, source.labels.frame_numbers[i], cams));
  }
  return cams;
}

}  // namespace tagscape

#include "core/scans/label_columns.h"

#include "core/scene/class_catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <unordered_map>

namespace tagscape {
namespace {

constexpr std::int32_t kUnlabelledByte = 255;
constexpr std::int32_t kLargestNyu40 = 40;

struct Range {
  std::int32_t largest = -1;  ///< Of ids that are neither -1 nor 255.
  bool has_unlabelled = false;
  bool has_others = false;  ///< Below -1.
};

Range rangeOf(const std::vector<std::int32_t>& ids) {
  Range range;
  for (const auto id : ids) {
    if (id == -1 || id == kUnlabelledByte)
      range.has_unlabelled = true;
    else if (id < -1)
      range.has_others = true;
    else
      range.largest = std::max(range.largest, id);
  }
  return range;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

LabelIds findIds(const LabelColumn& column) {
  if (lower(column.name).find("nyu40") != std::string::npos) return LabelIds::Nyu40;
  const Range range = rangeOf(column.ids);
  if (areTrainIds(range.largest, range.has_unlabelled, range.has_others)) return LabelIds::Train;
  if (range.largest > kNumClasses - 1 && range.largest <= kLargestNyu40 && !range.has_others && !range.has_unlabelled)
    return LabelIds::Nyu40;
  return LabelIds::Auto;
}

std::uint8_t classOf(std::int32_t id, LabelIds ids, const LabelMap* map) {
  if (ids == LabelIds::Train) return classOfTrainId(id);
  if (id < 0 || id > 65535) return kNoClass;
  if (ids == LabelIds::Raw) return classOfNyu40(static_cast<std::uint16_t>(map->nyu40OfId(id).value_or(0)));
  return classOfNyu40(static_cast<std::uint16_t>(id));
}

std::uint8_t classOfName(const std::string& name) {
  if (const auto index = classByName(lower(name))) return static_cast<std::uint8_t>(*index);
  const auto nyu40 = LabelMap::builtIn().nyu40OfCategory(lower(name));
  return nyu40 ? classOfNyu40(static_cast<std::uint16_t>(*nyu40)) : kNoClass;
}

/// Of ids that have names: some of which may be classes.
LabelReading readByNames(const LabelColumn& column) {
  LabelReading reading;
  std::unordered_map<std::int32_t, std::uint8_t> classes;
  for (const auto& [id, name] : column.names) classes[id] = classOfName(name);
  const bool any =
      std::any_of(classes.begin(), classes.end(), [](const auto& entry) { return entry.second != kNoClass; });
  if (!any) {
    reading.note = fmt::format("the names of the labels in \"{:.40}\" are none of the classes; they stay as they are",
                               column.name);
    return reading;
  }
  for (const auto id : column.ids) {
    const auto found = classes.find(id);
    reading.classes.push_back(found == classes.end() ? kNoClass : found->second);
  }
  reading.note = fmt::format("the labels in \"{:.40}\" are taken by their names", column.name);
  return reading;
}

}  // namespace

bool areTrainIds(std::int32_t largest_below_255, bool has_unlabelled, bool has_others) {
  return has_unlabelled && !has_others && largest_below_255 < kNumClasses;
}

std::uint8_t classOfTrainId(std::int32_t id) {
  return id >= 0 && id < kNumClasses ? static_cast<std::uint8_t>(id) : kNoClass;
}

LabelReading readLabelColumn(const LabelColumn& column, LabelIds ids, const LabelMap* map) {
  const bool is_given = ids != LabelIds::Auto;
  if (!is_given && !column.names.empty()) return readByNames(column);
  if (!is_given) ids = findIds(column);
  LabelReading reading;
  if (ids == LabelIds::Raw && (map == nullptr || !map->knowsIds())) {
    reading.note =
        fmt::format("the labels in \"{:.40}\" need scannetv2-labels.combined.tsv beside the file", column.name);
    return reading;
  }
  if (ids == LabelIds::Auto) {
    reading.note = fmt::format(
        "what the ids in \"{:.40}\" mean is not known, so they are no labels of the 20 classes; say it with "
        "--label-ids "
        "nyu40, train or raw",
        column.name);
    return reading;
  }
  reading.classes.reserve(column.ids.size());
  for (const auto id : column.ids) reading.classes.push_back(classOf(id, ids, map));
  if (!is_given) {
    reading.note = fmt::format("the ids in \"{:.40}\" are taken for {}; --label-ids says otherwise",
                               column.name,
                               ids == LabelIds::Train ? "train ids (0 to 19)" : "NYU40");
  }
  return reading;
}

}  // namespace tagscape

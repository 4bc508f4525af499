#include "core/exchange/read_back.h"

#include "core/exchange/id_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <unordered_map>

namespace tagscape {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRemedy = "Check the disk and export again; if it happens again, please report it";

/// Labels of points or pixels, owned elsewhere.
struct Columns {
  std::span<const std::uint16_t> classes;
  std::span<const std::uint32_t> instances;  ///< May be empty.
};

tl::unexpected<Error> differs(const fs::path& what, std::string_view how) {
  return failFile(ErrorCode::Internal, what, fmt::format("reading it back gave {}", how), kRemedy);
}

IdMap mapOf(const ForeignLabels& labels, std::span<const std::int32_t> ids, const ExchangeClasses& classes) {
  std::map<std::int32_t, std::uint64_t> counts;
  std::int32_t last = kForeignNone;
  for (const std::int32_t id : ids) {
    if (id != last) counts.try_emplace(id, 1);
    last = id;
  }
  return guessIds(labels, counts, classes).map;
}

Status compareClasses(const fs::path& what,
                      const Columns& meant,
                      std::span<const std::int32_t> ids,
                      const IdMap& map,
                      bool only_instances) {
  if (ids.size() != meant.classes.size())
    return differs(what, fmt::format("{} labels of {}", ids.size(), meant.classes.size()));
  std::int32_t last = kForeignNone;
  std::uint16_t row = kUnlabelled;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] != last) row = map.rowOf(ids[i]);
    last = ids[i];
    const bool is_left_out = only_instances && (meant.instances.empty() || meant.instances[i] == 0);
    if (row != (is_left_out ? kUnlabelled : meant.classes[i]))
      return differs(what, fmt::format("another class at position {}", i));
  }
  return {};
}

/// The same points belong together in both.
Status compareInstances(const fs::path& what, const Columns& meant, std::span<const std::uint32_t> found) {
  if (meant.instances.empty()) return {};
  if (found.size() != meant.instances.size())
    return differs(what, fmt::format("{} instances of {}", found.size(), meant.instances.size()));
  std::unordered_map<std::uint32_t, std::uint32_t> found_of, meant_of;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (meant.instances[i] == 0 || meant.classes[i] == kUnlabelled) continue;
    const bool fits = found_of.try_emplace(meant.instances[i], found[i]).first->second == found[i] &&
                      meant_of.try_emplace(found[i], meant.instances[i]).first->second == meant.instances[i];
    if (!fits) return differs(what, fmt::format("another instance at position {}", i));
  }
  return {};
}

Status comparePoints(const ExchangeFormat& format,
                     const ExchangeLayer& layer,
                     const ForeignLabels& labels,
                     const fs::path& what) {
  const LayerPoints& meant = layer.points;
  const bool is_empty = format.only_instances && labels.points.ids.empty();
  if (is_empty) return {};  // no object, no mask
  const ForeignPoints& found = labels.points;
  const Columns columns{meant.classes, meant.instances};
  TAGSCAPE_TRY(
      compareClasses(what, columns, found.ids, mapOf(labels, found.ids, layer.classes), format.only_instances));
  if (format.instances) TAGSCAPE_TRY(compareInstances(what, columns, found.instances));
  for (std::size_t i = 0; format.confidence && i < meant.size(); ++i) {
    if (found.confidence.size() != meant.size() || found.confidence[i] != meant.confidenceOf(i))
      return differs(what, fmt::format("another confidence at position {}", i));
  }
  return {};
}

Status compareFrame(const ExchangeFormat& format,
                    const ExchangeLayer& layer,
                    const LayerFrame& meant,
                    const ForeignLabels& labels,
                    int number,
                    const fs::path& what) {
  const bool is_there = std::binary_search(labels.frame_numbers.begin(), labels.frame_numbers.end(), number);
  ForeignFrame found;
  if (is_there) {
    TAGSCAPE_ASSIGN(found, labels.frame(number));
  }
  // Formats of regions have nothing for a frame without any.
  const bool has_label = std::any_of(
      meant.classes.pixels.begin(), meant.classes.pixels.end(), [](std::uint16_t row) { return row != kUnlabelled; });
  if (!has_label && found.ids.empty()) return {};
  if (found.ids.width != meant.classes.width || found.ids.height != meant.classes.height)
    return differs(what, "no image of the same size");
  const Columns columns{meant.classes.pixels, meant.instances.pixels};
  TAGSCAPE_TRY(compareClasses(what, columns, found.ids.pixels, mapOf(labels, found.ids.pixels, layer.classes), false));
  return format.instances ? compareInstances(what, columns, found.instances.pixels) : Status();
}

}  // namespace

Status compareReadBack(const ExchangeFormat& format, const ExportScene& written, const fs::path& place) {
  if (format.read == nullptr) return {};
  TAGSCAPE_ASSIGN(const ForeignLabels labels, format.read(place, written.scene->name));
  if (format.points && written.points)
    TAGSCAPE_TRY(comparePoints(format, *written.layer, labels, place / written.scene->name));
  if (!format.frames || !written.frames || written.layer->frames == nullptr) return {};
  for (const std::size_t index : written.layer->frames->indices()) {
    const int number = written.scene->frames[index].number;
    TAGSCAPE_ASSIGN(const LayerFrame frame, written.layer->frames->read(index));
    TAGSCAPE_TRY(compareFrame(
        format, *written.layer, frame, labels, number, place / written.scene->name / std::to_string(number)));
  }
  return {};
}

}  // namespace tagscape

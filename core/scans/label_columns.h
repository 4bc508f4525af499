#pragma once

#include "core/scans/label_images.h"
#include "core/scene/point_cloud.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tagscape {

/// A label column as classes of the catalogue.
struct LabelReading {
  std::vector<std::uint8_t> classes;  ///< One per point, kNoClass where unlabelled; empty if the ids are not known.
  std::string note;                   ///< How its ids were understood, or why they were not.
};

/// Finds out what the ids of a column are, and their classes. By the names of ids if it has some; else by the column's
/// name (nyu40); else train ids 0 … 19 if there are 255 or -1 and nothing else above 19; NYU40 if some lie in 20 … 40
/// and none above; else they are not known: 0 … 19 alone may be either.
/// @param ids  what the user says they are; Auto: find out. Raw ids need `map`.
[[nodiscard]] LabelReading readLabelColumn(const LabelColumn& column, LabelIds ids, const LabelMap* map);

/// Whether ids are train ids by themselves: 0 … 19 with 255 or -1, and nothing else. @param has_unlabelled  if 255 or
/// -1 occurs.
[[nodiscard]] bool areTrainIds(std::int32_t largest_below_255, bool has_unlabelled, bool has_others);

/// Class of a train id (0 … 19), kNoClass for others.
[[nodiscard]] std::uint8_t classOfTrainId(std::int32_t id);

}  // namespace tagscape

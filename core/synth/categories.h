#pragma once

#include "core/scans/scannet_write.h"
#include "core/synth/model.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace tagscape::synth {

/// The raw category of clutter: objects of none of the 20 classes.
inline constexpr std::string_view kClutterCategory = "object";

/// All raw categories of the generated rooms, with ids above 100, so that none is mistaken for a NYU40 id.
/// @param has_clutter  whether rooms have clutter, NYU40's "otherprop".
[[nodiscard]] std::vector<LabelTableRow> labelTable(bool has_clutter = false);

/// The raw id of an object's category in that table; a std::logic_error for a category that is not in it.
[[nodiscard]] std::uint16_t rawIdOf(const Object& object);

}  // namespace tagscape::synth

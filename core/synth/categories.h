#pragma once

#include "core/scans/scannet_write.h"
#include "core/synth/model.h"

#include <cstdint>
#include <vector>

namespace tagscape::synth {

/// All raw categories of the generated rooms, with ids above 100, so that none is mistaken for a NYU40 id.
[[nodiscard]] std::vector<LabelTableRow> labelTable();

/// The raw id of an object's category in that table; a std::logic_error for a category that is not in it.
[[nodiscard]] std::uint16_t rawIdOf(const Object& object);

}  // namespace tagscape::synth

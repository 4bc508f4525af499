#pragma once

#include "core/scans/scannet_write.h"
#include "core/synth/model.h"

#include <cstdint>
#include <vector>

namespace tagscape::synth {

/// The table of all raw categories that procedural rooms have, with ids of their own (above 100, so that none can be
/// taken for a NYU40 id).
[[nodiscard]] std::vector<LabelTableRow> labelTable();

/// The raw id of an object in that table. An object of another category is a std::logic_error.
[[nodiscard]] std::uint16_t rawIdOf(const Object& object);

}  // namespace tagscape::synth

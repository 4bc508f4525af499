#pragma once

#include "core/e57/e57_document.h"

#include <functional>

namespace tagscape::e57 {

/// Gets the values of a point, in the order of the names that were asked for.
using PointSink = std::function<void(std::span<const double> values)>;

/// Decodes columns of a scan's points.
/// @param names  of fields that the scan has; at least one of them must vary, so that a small file cannot announce
/// points without end.
/// @return how many points there were: fewer than announced where the file's streams end before.
/// Errors: InvalidInput for packets that are damaged or reach past the end; those of PagedBytes::read.
/// Cost: about .2 s for a million points of a dozen fields; memory for a packet (64 KB).
/// Source: ASTM E2807-11, section 9.
[[nodiscard]] Result<std::uint64_t> decodePoints(const PagedBytes& bytes,
                                                 const Scan& scan,
                                                 std::span<const std::string> names,
                                                 const PointSink& sink);

}  // namespace tagscape::e57

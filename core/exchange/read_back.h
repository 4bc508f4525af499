#pragma once

#include "core/exchange/exchange_format.h"
#include "core/exchange/exchange_layer.h"

#include <filesystem>

namespace tagscape {

/// Reads a scene with the format's own reader and compares every label with what was meant: the class of each point and
/// pixel, and where the format holds them its instance (numbers may differ, which points belong together may not) and
/// its confidence. Formats without a reader have nothing to compare.
/// @param place  the format's folder.
/// Errors: Internal naming the file or frame and the first place that differs; those of the reader.
[[nodiscard]] Status compareReadBack(const ExchangeFormat& format,
                                     const ExportScene& written,
                                     const std::filesystem::path& place);

}  // namespace tagscape

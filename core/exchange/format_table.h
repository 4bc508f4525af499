#pragma once

#include "core/exchange/exchange_format.h"

#include <span>
#include <string_view>
#include <vector>

namespace tagscape {

/// All formats. One is added by its row here and its source in formats/ (see formats/formats.h).
[[nodiscard]] std::span<const ExchangeFormat> exchangeFormats();

/// Errors: InvalidInput naming the formats there are.
[[nodiscard]] Result<const ExchangeFormat*> exchangeFormatNamed(std::string_view name);
[[nodiscard]] Result<std::vector<const ExchangeFormat*>> exchangeFormatsNamed(const std::vector<std::string>& names);

/// Whether a format can hold the labels of a scene, before anything is written.
/// Errors: InvalidInput naming the format and the class, id or instance that it cannot hold, with a remedy.
[[nodiscard]] Status checkFits(const ExchangeFormat& format, const ExchangeLayer& layer);

}  // namespace tagscape

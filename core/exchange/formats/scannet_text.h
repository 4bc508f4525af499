#pragma once

#include "core/base/result.h"
#include "core/exchange/exchange_layer.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace tagscape::formats {

/// The id of every point's class, 0 for none.
[[nodiscard]] std::vector<std::uint16_t> idsOf(const ExchangeLayer& layer);

/// "%d\n" for each number. Cost: about 2 ns a number.
[[nodiscard]] std::vector<std::byte> numberLines(std::span<const std::uint16_t> numbers);

/// One whole number a line; blank lines are passed over. Errors: NotFound; InvalidInput naming the line that is none.
[[nodiscard]] Result<std::vector<std::int64_t>> readNumberLines(const std::filesystem::path& path);

}  // namespace tagscape::formats

#pragma once

#include <cstddef>
#include <string_view>

namespace tagscape {

/// How many bytes have to be inserted, removed or replaced to turn one text into the other, for "did you mean".
/// Cost: O(|a| |b|). Source: Levenshtein distance, by dynamic programming (Wagner & Fischer, 1974).
[[nodiscard]] std::size_t editDistance(std::string_view a, std::string_view b);

}  // namespace tagscape

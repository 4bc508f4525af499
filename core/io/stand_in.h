#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace tagscape {

/// What often lies in the place of a file that was not downloaded as a whole: says what it is and what to do, as the
/// problem and the remedy of a message; both empty where the bytes are none of these.
struct StandIn {
  std::string_view problem{};
  std::string_view remedy{};
};

/// Nothing at all, a page of a web site, or the pointer that Git LFS keeps of a large file. Looks at the beginning
/// only.
[[nodiscard]] StandIn standInOf(std::span<const std::byte> bytes);

}  // namespace tagscape

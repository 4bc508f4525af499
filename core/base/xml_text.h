#pragma once

#include <string>
#include <string_view>

namespace tagscape {

/// Text as the value of an attribute or the content of an element: & < > and " as entities. Control characters, which
/// XML 1.0 cannot hold, become '?'.
[[nodiscard]] std::string escapedXml(std::string_view text);

}  // namespace tagscape

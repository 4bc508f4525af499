#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace tagscape {

/// The SHA-256 of the bytes, 64 lower-case hexadecimal digits, computed by OpenSSL. Cost: about 1 ms a MB on a
/// processor with instructions for it. Source: FIPS 180-4.
[[nodiscard]] std::string sha256(std::span<const std::byte> bytes);

}  // namespace tagscape

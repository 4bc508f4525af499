#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tagscape {

/// Number of classes of the benchmark, and the row used for "no class" in label arrays.
inline constexpr int kNumClasses = 20;
inline constexpr std::uint8_t kNoClass = 255;

struct ClassInfo {
  std::string_view name;            ///< As in the ScanNet benchmark: "shower curtain".
  std::uint16_t nyu40_id;           ///< The id written to files.
  std::array<std::uint8_t, 3> rgb;  ///< ScanNet's colour of the class.
};

/// The 20 classes of the ScanNet benchmark in its order; a class index is a row of this table. There is no background
/// class: NYU40 id 0 means "unannotated". Source: the ScanNet benchmark scripts (ids and colours are facts of the
/// format).
[[nodiscard]] std::span<const ClassInfo, kNumClasses> classCatalog();

[[nodiscard]] std::optional<int> classByName(std::string_view name);
[[nodiscard]] std::optional<int> classByNyu40(int nyu40_id);

}  // namespace tagscape

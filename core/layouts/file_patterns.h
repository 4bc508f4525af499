#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace tagscape {

/// Whether a name fits a pattern, in which * stands for anything.
[[nodiscard]] bool fitsPattern(std::string_view name, std::string_view pattern);

/// Files and folders below `root` that fit a pattern with / between names, each of which may hold *. Sorted by the last
/// whole number in their names, then by name. @param max_files  stop after so many.
[[nodiscard]] std::vector<std::filesystem::path> findByPattern(const std::filesystem::path& root,
                                                               std::string_view pattern,
                                                               std::size_t max_files = static_cast<std::size_t>(-1));

/// The first that fits one of several patterns, which | separates.
[[nodiscard]] std::optional<std::filesystem::path> firstByPattern(const std::filesystem::path& root,
                                                                  std::string_view patterns);

}  // namespace tagscape

#pragma once

#include "core/base/result.h"
#include "core/layouts/layout_sources.h"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tagscape {

/// A layout of files that a data set or program writes. To add one: its row in layout_table.cpp, and the function that
/// lists its frames (layout_sources.h).
struct Layout {
  std::string_view name;  ///< "TUM RGB-D".
  /// Where below the path that the user names its files lie: patterns that | separates, the empty one for the path
  /// itself.
  std::string_view roots;
  /// What it is recognised by, all of it there: patterns below the root, | between alternatives.
  std::vector<std::string_view> needs;
  layouts::Source* source;
  /// Meshes below the path, the first that is there; | between alternatives.
  std::string_view meshes;
  /// Parts that are not used, for a warning where they are there: a pattern and what it is.
  std::vector<std::pair<std::string_view, std::string_view>> unused;
  bool is_y_up = false;  ///< The world is turned, so that z is up.
  /// Units of depth, poses and axes, in words, for the documentation.
  std::string_view conventions;
};

[[nodiscard]] std::span<const Layout> layoutTable();

/// A layout and where its files lie.
struct FoundLayout {
  const Layout* layout = nullptr;
  std::filesystem::path root;
};

/// The layout of a folder, by what is in it. Cost: a few listings.
[[nodiscard]] std::optional<FoundLayout> findLayout(const std::filesystem::path& path);

/// What a folder lacks to be of the layout that it comes nearest to: "it looks like TUM RGB-D, but groundtruth.txt is
/// missing". Empty if it has less than half of what any layout needs.
[[nodiscard]] std::string nearestLayout(const std::filesystem::path& path);

/// Reads a scan of a layout: frames, mesh with its labels, tags.json.
/// Errors: those of its source and of makeFrameScene, unless it has a mesh: then they are warnings.
[[nodiscard]] Result<Scene> readLayout(const FoundLayout& found,
                                       const std::filesystem::path& path,
                                       const Conventions& given);

/// The mesh that lies with a layout's files; empty if there is none.
[[nodiscard]] std::filesystem::path meshOf(const Layout& layout, const std::filesystem::path& path);

}  // namespace tagscape

#pragma once

#include "core/recipe/recipe.h"

#include <string>

namespace tagscape {

/// All options in groups, with default, range or choices and help, for a terminal of 100 columns; presets at the end.
[[nodiscard]] std::string listOptions();

/// The same as Markdown: a table for each group, the choices below it, and what presets change. It stands in
/// docs/training.md between kOptionPageBegin and kOptionPageEnd.
[[nodiscard]] std::string listOptionsAsMarkdown();

inline constexpr std::string_view kOptionPageBegin =
    "<!-- Written by `tagscape train --options --markdown` up to the end mark. -->\n";
inline constexpr std::string_view kOptionPageEnd = "<!-- End of the options. -->\n";

}  // namespace tagscape

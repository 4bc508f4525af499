#pragma once

#include <string>
#include <vector>

namespace tagscape {

/// A line of a table.
using Cells = std::vector<std::string>;

/// The lines, the headings first, all with as many cells; the first column is aligned left, the others right. Widths
/// are counted in characters of UTF-8.
[[nodiscard]] std::string cellsAsText(const std::vector<Cells>& lines);
[[nodiscard]] std::string cellsAsMarkdown(const std::vector<Cells>& lines);
/// Fields are quoted where they need it; a cell "-" (no value) is left empty.
[[nodiscard]] std::string cellsAsCsv(const std::vector<Cells>& lines);

}  // namespace tagscape

#include "core/metrics/cell_table.h"

#include <algorithm>
#include <cstddef>

namespace tagscape {
namespace {

/// Characters, not bytes: continuation bytes of UTF-8 are 10xxxxxx.
std::size_t lengthOf(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::vector<std::size_t> widthsOf(const std::vector<Cells>& lines) {
  std::vector<std::size_t> widths(lines.empty() ? 0 : lines.front().size(), 0);
  for (const Cells& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], lengthOf(line[i]));
  }
  return widths;
}

std::string aligned(const std::string& text, std::size_t width, bool left) {
  const std::string blanks(width - std::min(width, lengthOf(text)), ' ');
  return left ? text + blanks : blanks + text;
}

std::string csvField(const std::string& text) {
  if (text == "-") return {};
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

std::string cellsAsText(const std::vector<Cells>& lines) {
  const auto widths = widthsOf(lines);
  std::string text;
  for (const Cells& line : lines) {
    std::string row;
    for (std::size_t i = 0; i < line.size(); ++i) row += (i > 0 ? "  " : "") + aligned(line[i], widths[i], i == 0);
    text += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string cellsAsMarkdown(const std::vector<Cells>& lines) {
  const auto widths = widthsOf(lines);
  std::string text;
  for (std::size_t k = 0; k < lines.size(); ++k) {
    text += "|";
    for (std::size_t i = 0; i < lines[k].size(); ++i) text += " " + aligned(lines[k][i], widths[i], i == 0) + " |";
    text += "\n";
    if (k > 0) continue;
    text += "|";
    for (std::size_t i = 0; i < widths.size(); ++i) text += std::string(widths[i] + 1, '-') + (i == 0 ? "-|" : ":|");
    text += "\n";
  }
  return text;
}

std::string cellsAsCsv(const std::vector<Cells>& lines) {
  std::string text;
  for (const Cells& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) text += (i > 0 ? "," : "") + csvField(line[i]);
    text += "\n";
  }
  return text;
}

}  // namespace tagscape

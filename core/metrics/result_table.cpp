#include "core/metrics/result_table.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

using Cells = std::vector<std::string>;

std::string percent(const std::optional<double>& value) { return value ? fmt::format("{:.1f}", 100 * *value) : "-"; }

Cells headings() {
  Cells cells{"name", "domain", "split", "readout"};
  for (const ClassInfo& info : classCatalog()) cells.emplace_back(info.name);
  cells.insert(cells.end(), {"mIoU", "accuracy"});
  return cells;
}

Cells cellsOf(const ResultRow& row) {
  Cells cells{row.name, row.domain, row.split, row.readout};
  for (const auto& value : row.iou) cells.push_back(percent(value));
  cells.push_back(percent(row.mean_iou));
  cells.push_back(percent(row.accuracy));
  return cells;
}

std::string csvField(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string asCsv(const std::vector<ResultRow>& rows) {
  std::string text;
  const auto addLine = [&](const Cells& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i)
      text += (i > 0 ? "," : "") + (cells[i] == "-" ? std::string() : csvField(cells[i]));
    text += "\n";
  };
  addLine(headings());
  for (const ResultRow& row : rows) addLine(cellsOf(row));
  return text;
}

/// Classes as rows and results as columns: twenty classes beside each other fit on no screen.
std::vector<Cells> transposed(const std::vector<ResultRow>& rows) {
  const Cells titles = headings();
  std::vector<Cells> lines(titles.size());
  for (std::size_t i = 0; i < titles.size(); ++i) lines[i].push_back(titles[i] == "name" ? "" : titles[i]);
  for (const ResultRow& row : rows) {
    const Cells cells = cellsOf(row);
    for (std::size_t i = 0; i < cells.size(); ++i) lines[i].push_back(cells[i]);
  }
  return lines;
}

std::vector<std::size_t> widthsOf(const std::vector<Cells>& lines) {
  std::vector<std::size_t> widths(lines.front().size(), 0);
  for (const Cells& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  return widths;
}

std::string asText(const std::vector<ResultRow>& rows) {
  const auto lines = transposed(rows);
  const auto widths = widthsOf(lines);
  std::string text;
  for (const Cells& line : lines) {
    text += fmt::format("{:<{}}", line[0], widths[0]);
    for (std::size_t i = 1; i < line.size(); ++i) text += fmt::format("  {:>{}}", line[i], widths[i]);
    text += "\n";
  }
  return text;
}

std::string asMarkdown(const std::vector<ResultRow>& rows) {
  const auto lines = transposed(rows);
  const auto widths = widthsOf(lines);
  std::string text;
  for (std::size_t k = 0; k < lines.size(); ++k) {
    text += "|";
    for (std::size_t i = 0; i < lines[k].size(); ++i)
      text +=
          i == 0 ? fmt::format(" {:<{}} |", lines[k][i], widths[i]) : fmt::format(" {:>{}} |", lines[k][i], widths[i]);
    text += "\n";
    if (k > 0) continue;
    text += "|";
    for (std::size_t i = 0; i < widths.size(); ++i) text += std::string(widths[i] + 1, '-') + (i == 0 ? "-|" : ":|");
    text += "\n";
  }
  return text;
}

nlohmann::json rounded(const std::optional<double>& value) {
  if (!value) return nullptr;
  return std::round(*value * 1e6) / 1e4;  // percent with four decimals
}

std::string asJson(const std::vector<ResultRow>& rows) {
  nlohmann::json list = nlohmann::json::array();
  for (const ResultRow& row : rows) {
    nlohmann::json iou = nlohmann::json::object();
    for (std::size_t c = 0; c < row.iou.size(); ++c) iou[std::string(classCatalog()[c].name)] = rounded(row.iou[c]);
    list.push_back({{"name", row.name},
                    {"domain", row.domain},
                    {"split", row.split},
                    {"readout", row.readout},
                    {"iou", iou},
                    {"mean_iou", rounded(row.mean_iou)},
                    {"accuracy", rounded(row.accuracy)},
                    {"judged", row.num_judged}});
  }
  // Names come from folders, which may be no UTF-8.
  return list.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string_view nameOf(Readout readout) {
  switch (readout) {
    case Readout::WithTags:
      return "with tags";
    case Readout::WithoutTags:
      return "without tags";
    case Readout::Cam:
      return "CAM";
  }
  return "with tags";
}

ResultRow rowOf(const Confusion& confusion) {
  ResultRow row;
  for (int c = 0; c < kNumClasses; ++c) row.iou[static_cast<std::size_t>(c)] = confusion.iou(c);
  row.mean_iou = confusion.meanIou();
  row.accuracy = confusion.accuracy();
  row.num_judged = confusion.total();
  return row;
}

Result<TableFormat> tableFormatNamed(std::string_view name) {
  constexpr std::array<std::string_view, 4> kNames{"text", "csv", "json", "markdown"};
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found != kNames.end()) return static_cast<TableFormat>(found - kNames.begin());
  return fail(ErrorCode::InvalidInput,
              fmt::format("There is no table format '{}'. Use text, csv, json or markdown", name));
}

std::string formatTable(const std::vector<ResultRow>& rows, TableFormat format) {
  switch (format) {
    case TableFormat::Csv:
      return asCsv(rows);
    case TableFormat::Json:
      return asJson(rows);
    case TableFormat::Markdown:
      return asMarkdown(rows);
    case TableFormat::Text:
      break;
  }
  return asText(rows);
}

}  // namespace tagscape

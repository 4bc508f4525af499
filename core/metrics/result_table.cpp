#include "core/metrics/result_table.h"

#include "core/metrics/cell_table.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

std::string percent(const std::optional<double>& value) { return value ? fmt::format("{:.1f}", 100 * *value) : "-"; }

Cells headings() {
  Cells cells{"name", "domain", "split", "protocol"};
  for (const ClassInfo& info : classCatalog()) cells.emplace_back(info.name);
  cells.insert(cells.end(), {"mIoU", "accuracy"});
  return cells;
}

Cells cellsOf(const ResultRow& row) {
  Cells cells{row.name, row.domain, row.split, row.protocol};
  for (const auto& value : row.iou) cells.push_back(percent(value));
  cells.push_back(percent(row.mean_iou));
  cells.push_back(percent(row.accuracy));
  return cells;
}

std::vector<Cells> linesOf(const std::vector<ResultRow>& rows) {
  std::vector<Cells> lines{headings()};
  for (const ResultRow& row : rows) lines.push_back(cellsOf(row));
  return lines;
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
                    {"protocol", row.protocol},
                    {"iou", iou},
                    {"mean_iou", rounded(row.mean_iou)},
                    {"accuracy", rounded(row.accuracy)},
                    {"evaluated", row.num_evaluated}});
  }
  // Names come from folders, which may be no UTF-8.
  return list.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::optional<double> shareFrom(const nlohmann::json& percent) {
  if (percent.is_null()) return std::nullopt;
  return percent.get<double>() / 100;
}

ResultRow rowFrom(const nlohmann::json& json) {
  ResultRow row;
  json.at("name").get_to(row.name);
  json.at("domain").get_to(row.domain);
  json.at("split").get_to(row.split);
  json.at(json.contains("protocol") ? "protocol" : "readout").get_to(row.protocol);  // as of before
  for (std::size_t c = 0; c < row.iou.size(); ++c)
    row.iou[c] = shareFrom(json.at("iou").at(std::string(classCatalog()[c].name)));
  row.mean_iou = shareFrom(json.at("mean_iou"));
  row.accuracy = shareFrom(json.at("accuracy"));
  json.at(json.contains("evaluated") ? "evaluated" : "judged").get_to(row.num_evaluated);
  return row;
}

}  // namespace

Result<std::vector<ResultRow>> parseTableJson(std::string_view text, const std::filesystem::path& name) {
  try {
    std::vector<ResultRow> rows;
    for (const auto& json : nlohmann::json::parse(text)) rows.push_back(rowFrom(json));
    return rows;
  } catch (const nlohmann::json::exception& problem) {
    return failFile(ErrorCode::InvalidInput,
                    name,
                    fmt::format("it is no table of results ({})", problem.what()),
                    "Make it again with `tagscape evaluate --json`");
  }
}

std::string_view nameOf(EvaluationProtocol protocol) {
  switch (protocol) {
    case EvaluationProtocol::WithTags:
      return "with tags";
    case EvaluationProtocol::WithoutTags:
      return "without tags";
    case EvaluationProtocol::Cam:
      return "CAM";
    case EvaluationProtocol::Given:
      return "as given";
  }
  return "with tags";
}

ResultRow rowOf(const Confusion& confusion) {
  ResultRow row;
  for (int c = 0; c < kNumClasses; ++c) row.iou[static_cast<std::size_t>(c)] = confusion.iou(c);
  row.mean_iou = confusion.meanIou();
  row.accuracy = confusion.accuracy();
  row.num_evaluated = confusion.total();
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
      return cellsAsCsv(linesOf(rows));
    case TableFormat::Json:
      return asJson(rows);
    case TableFormat::Markdown:
      return cellsAsMarkdown(transposed(rows));
    case TableFormat::Text:
      break;
  }
  return cellsAsText(transposed(rows));
}

}  // namespace tagscape

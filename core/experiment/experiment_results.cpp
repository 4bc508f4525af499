#include "core/experiment/experiment_results.h"

#include "core/metrics/cell_table.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <stdexcept>

namespace tagscape {
namespace {

using Json = nlohmann::json;

Json percent(const std::optional<double>& fraction) {
  if (!fraction) return nullptr;
  return std::round(*fraction * 1e6) / 1e4;
}

double rounded(double seconds) { return std::round(seconds * 10) / 10; }

Json describe(const ExperimentResult& result) {
  Json iou = Json::object();
  for (std::size_t c = 0; c < result.row.iou.size(); ++c)
    iou[std::string(classCatalog()[c].name)] = percent(result.row.iou[c]);
  return {{"name", result.row.name},
          {"model_seed", result.model_seed},
          {"data_seed", result.data_seed},
          {"split", result.row.split},
          {"domain", result.row.domain},
          {"protocol", result.row.protocol},
          {"iou", iou},
          {"miou", percent(result.row.mean_iou)},
          {"accuracy", percent(result.row.accuracy)},
          {"evaluated", result.row.num_evaluated},
          {"seconds", rounded(result.seconds)},
          {"cpu_seconds", rounded(result.cpu_seconds)}};
}

template <class Columns>
Cells headingsOf(const Columns& columns, bool is_csv) {
  Cells cells{"run", "protocol"};
  for (const auto& [domain, split] : columns) {
    std::string title = domain;
    title.append(" ").append(split);
    if (!is_csv) {
      cells.push_back(title);
      continue;
    }
    for (const char* what : {"mean", "deviation", "min", "max", "seeds"}) cells.push_back(title + " " + what);
  }
  cells.emplace_back(is_csv ? "training seconds" : "training");
  return cells;
}

Cells cellsOf(const SummaryRow& row, const std::vector<std::pair<std::string, std::string>>& columns, bool is_csv) {
  Cells cells{row.name, row.protocol};
  for (const auto& column : columns) {
    const auto found = row.miou.find(column);
    const Spread spread = found == row.miou.end() ? Spread{} : found->second;
    if (!is_csv) {
      cells.push_back(percentText(spread));
      continue;
    }
    for (const double value : {spread.mean, spread.deviation, spread.min, spread.max})
      cells.push_back(spread.count > 0 ? fmt::format("{:.2f}", 100 * value) : "-");
    cells.push_back(fmt::format("{}", spread.count));
  }
  cells.push_back(is_csv ? fmt::format("{:.1f}", row.seconds.mean) : fmt::format("{:.0f} s", row.seconds.mean));
  return cells;
}

}  // namespace

Spread spreadOf(const std::vector<double>& values) {
  if (values.empty()) return {};
  Spread spread;
  spread.count = static_cast<int>(values.size());
  spread.mean = std::accumulate(values.begin(), values.end(), 0.0) / spread.count;
  double squares = 0;
  for (const double value : values) squares += (value - spread.mean) * (value - spread.mean);
  if (spread.count > 1) spread.deviation = std::sqrt(squares / (spread.count - 1));
  const auto [min, max] = std::minmax_element(values.begin(), values.end());
  spread.min = *min;
  spread.max = *max;
  return spread;
}

std::string percentText(const Spread& spread) {
  if (spread.count == 0) return "-";
  if (spread.count == 1) return fmt::format("{:.1f}", 100 * spread.mean);
  return fmt::format("{:.1f} ± {:.1f}", 100 * spread.mean, 100 * spread.deviation);
}

std::vector<SummaryRow> summarise(const std::vector<ExperimentResult>& results) {
  struct Values {
    std::map<std::pair<std::string, std::string>, std::vector<double>> miou;
    std::map<std::pair<int, int>, double> seconds;  // by seeds: one training, however often it is evaluated
  };
  std::vector<SummaryRow> rows;
  std::vector<Values> values;
  for (const ExperimentResult& result : results) {
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const SummaryRow& row) {
      return row.name == result.row.name && row.protocol == result.row.protocol;
    });
    const auto at = static_cast<std::size_t>(found - rows.begin());
    if (found == rows.end()) {
      rows.push_back({result.row.name, result.row.protocol, {}, {}});
      values.emplace_back();
    }
    if (result.row.mean_iou) values[at].miou[{result.row.domain, result.row.split}].push_back(*result.row.mean_iou);
    values[at].seconds[{result.data_seed, result.model_seed}] = result.seconds;
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const auto& [column, list] : values[i].miou) rows[i].miou[column] = spreadOf(list);
    std::vector<double> seconds;
    for (const auto& [seeds, value] : values[i].seconds) seconds.push_back(value);
    rows[i].seconds = spreadOf(seconds);
  }
  return rows;
}

std::vector<std::pair<std::string, std::string>> columnsOf(const std::vector<ExperimentResult>& results) {
  std::vector<std::pair<std::string, std::string>> columns;
  for (const auto& result : results) columns.emplace_back(result.row.domain, result.row.split);
  std::sort(columns.begin(), columns.end());
  columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  return columns;
}

std::string formatSummary(const std::vector<ExperimentResult>& results, TableFormat format) {
  const auto columns = columnsOf(results);
  const bool is_csv = format == TableFormat::Csv;
  std::vector<Cells> lines{headingsOf(columns, is_csv)};
  for (const SummaryRow& row : summarise(results)) lines.push_back(cellsOf(row, columns, is_csv));
  switch (format) {
    case TableFormat::Csv:
      return cellsAsCsv(lines);
    case TableFormat::Markdown:
      return cellsAsMarkdown(lines);
    case TableFormat::Text:
      return cellsAsText(lines);
    case TableFormat::Json:
      break;
  }
  throw std::logic_error("a summary has no JSON form");
}

std::vector<ResultRow> meanRows(const std::vector<ExperimentResult>& results,
                                std::string_view domain,
                                std::string_view split,
                                std::string_view protocol) {
  std::vector<ResultRow> rows;
  std::vector<std::array<std::vector<double>, kNumClasses>> values;
  std::vector<std::array<std::vector<double>, 2>> means;  // mIoU and accuracy
  for (const auto& result : results) {
    const ResultRow& row = result.row;
    if (row.domain != domain || row.split != split || row.protocol != protocol) continue;
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const auto& other) { return other.name == row.name; });
    const auto at = static_cast<std::size_t>(found - rows.begin());
    if (found == rows.end()) {
      rows.push_back(row);
      values.emplace_back();
      means.emplace_back();
    }
    for (std::size_t c = 0; c < row.iou.size(); ++c) {
      if (row.iou[c]) values[at][c].push_back(*row.iou[c]);
    }
    if (row.mean_iou) means[at][0].push_back(*row.mean_iou);
    if (row.accuracy) means[at][1].push_back(*row.accuracy);
  }
  const auto meanOf = [](const std::vector<double>& list) -> std::optional<double> {
    if (list.empty()) return std::nullopt;
    return spreadOf(list).mean;
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t c = 0; c < kNumClasses; ++c) rows[i].iou[c] = meanOf(values[i][c]);
    rows[i].mean_iou = meanOf(means[i][0]);
    rows[i].accuracy = meanOf(means[i][1]);
  }
  return rows;
}

std::string formatResultsJson(const std::vector<ExperimentResult>& results,
                              const std::map<std::string, std::string>& about) {
  Json list = Json::array();
  for (const auto& result : results) list.push_back(describe(result));
  const Json document{{"about", about}, {"results", list}};
  return document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace tagscape

#pragma once

#include "core/base/result.h"
#include "core/metrics/result_table.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tagscape {

/// What a run of an experiment reached on one split, in one domain, by one protocol.
struct ExperimentResult {
  ResultRow row;      ///< Its name is the run's.
  int data_seed = 0;  ///< 0: data that were given.
  int model_seed = 0;
  double seconds = 0;      ///< Of its training, wall clock, without that of the run it started from.
  double cpu_seconds = 0;  ///< The same, of all processors.
};

/// Mean and spread of what several seeds reached.
struct Spread {
  int count = 0;
  double mean = 0;
  double deviation = 0;  ///< Of the sample (n - 1); 0 for one value.
  double min = 0, max = 0;
};
[[nodiscard]] Spread spreadOf(const std::vector<double>& values);

/// "46.9 ± 0.5" of shares of 0 … 1 in percent; without the deviation for one value; "-" for none.
[[nodiscard]] std::string percentText(const Spread& spread);

/// A run by one protocol, over seeds.
struct SummaryRow {
  std::string name, protocol;
  std::map<std::pair<std::string, std::string>, Spread> miou;  ///< By domain and split; shares of 0 … 1.
  Spread seconds;
};

/// One row a name and protocol, in the order of their first appearance.
[[nodiscard]] std::vector<SummaryRow> summarise(const std::vector<ExperimentResult>& results);

/// Domains and splits that occur, as columns: 2D before 3D, train before val.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> columnsOf(const std::vector<ExperimentResult>& results);

/// The summary as one table: name, protocol, mIoU of each domain and split, seconds. CSV has mean, deviation, least,
/// most and the number of seeds, each in a column. JSON is not for summaries: a std::logic_error.
[[nodiscard]] std::string formatSummary(const std::vector<ExperimentResult>& results, TableFormat format);

/// Rows of a single table with classes: IoU per class, the mean over seeds of each run, in one domain, split and
/// protocol.
[[nodiscard]] std::vector<ResultRow> meanRows(const std::vector<ExperimentResult>& results,
                                              std::string_view domain,
                                              std::string_view split,
                                              std::string_view protocol);

/// results.json: an object with `about` (text by name: preset, command, machine, …) and the list `results`, in which
/// every entry has name, model_seed, data_seed, split, domain, protocol, iou (percent by class, null without a value),
/// miou, accuracy, evaluated, seconds, cpu_seconds.
[[nodiscard]] std::string formatResultsJson(const std::vector<ExperimentResult>& results,
                                            const std::map<std::string, std::string>& about);

}  // namespace tagscape

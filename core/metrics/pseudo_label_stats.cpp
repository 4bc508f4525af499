#include "core/metrics/pseudo_label_stats.h"

#include "core/metrics/cell_table.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

using Json = nlohmann::json;

/// Which of `num` equal parts of 0 … 1 a value is in; what is no number is in the first.
std::size_t partOf(float value, std::size_t num) {
  if (!(value > 0)) return 0;
  return std::min(static_cast<std::size_t>(value * static_cast<float>(num)), num - 1);
}

std::optional<double> ratio(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::string percent(const std::optional<double>& fraction) {
  return fraction ? fmt::format("{:.1f}", 100 * *fraction) : "-";
}

Json percentJson(const std::optional<double>& fraction) {
  if (!fraction) return nullptr;
  return std::round(*fraction * 1e6) / 1e4;
}

std::uint64_t labelsOf(const Confusion& confusion, int class_index) {
  std::uint64_t sum = 0;
  for (int truth = 0; truth < kNumClasses; ++truth) sum += confusion.count(truth, class_index);
  return sum;
}

std::uint64_t placesOf(const Confusion& confusion, int class_index) {
  std::uint64_t sum = 0;
  for (int label = 0; label <= kNumClasses; ++label) sum += confusion.count(class_index, label);
  return sum;
}

std::string lines(const std::vector<Cells>& cells, TableFormat format) {
  if (format == TableFormat::Csv) return cellsAsCsv(cells);
  return format == TableFormat::Markdown ? cellsAsMarkdown(cells) : cellsAsText(cells);
}

Json asJson(const PseudoLabelStats& stats) {
  Json classes = Json::object();
  for (int c = 0; c < kNumClasses; ++c) {
    classes[std::string(classCatalog()[static_cast<std::size_t>(c)].name)] = {
        {"precision", percentJson(stats.precision(c))},
        {"recall", percentJson(stats.recall(c))},
        {"iou", percentJson(stats.confusion().iou(c))},
        {"coverage", percentJson(stats.coverage(c))},
        {"fraction", percentJson(stats.fractionOfLabels(c))}};
  }
  Json bins = Json::array();
  for (const auto& bin : stats.calibration()) {
    bins.push_back({{"labels", bin.count},
                    {"confidence", bin.count > 0 ? percentJson(bin.mean_confidence) : Json()},
                    {"accuracy", bin.count > 0 ? percentJson(bin.accuracy) : Json()}});
  }
  return {{"labels", stats.numLabels()},
          {"accuracy", percentJson(stats.confusion().accuracy())},
          {"miou", percentJson(stats.confusion().meanIou())},
          {"calibration_error", percentJson(stats.calibrationError())},
          {"classes", classes},
          {"calibration", bins}};
}

std::vector<Cells> classLines(const std::string& name, const PseudoLabelStats& stats) {
  std::vector<Cells> table{{name, "precision", "recall", "IoU", "coverage", "share of labels"}};
  for (int c = 0; c < kNumClasses; ++c) {
    table.push_back({std::string(classCatalog()[static_cast<std::size_t>(c)].name),
                     percent(stats.precision(c)),
                     percent(stats.recall(c)),
                     percent(stats.confusion().iou(c)),
                     percent(stats.coverage(c)),
                     percent(stats.fractionOfLabels(c))});
  }
  table.push_back({"mean", "", "", percent(stats.confusion().meanIou()), "", ""});
  return table;
}

std::vector<Cells> binLines(const PseudoLabelStats& stats) {
  std::vector<Cells> table{{"confidence", "labels", "mean confidence", "accuracy"}};
  const auto bins = stats.calibration();
  for (std::size_t i = 0; i < bins.size(); ++i) {
    const bool any = bins[i].count > 0;
    table.push_back({fmt::format("{:.1f} to {:.1f}", 0.1 * static_cast<double>(i), 0.1 * static_cast<double>(i + 1)),
                     fmt::format("{}", bins[i].count),
                     any ? percent(bins[i].mean_confidence) : "-",
                     any ? percent(bins[i].accuracy) : "-"});
  }
  return table;
}

}  // namespace

void PseudoLabelStats::add(std::uint8_t truth, std::uint8_t label, float confidence) {
  if (truth >= kNumClasses) return;
  labels_.add(truth, label);
  Sum& sum = bins_[partOf(confidence, kNumBins)];
  ++sum.count;
  sum.right += truth == label ? 1 : 0;
  sum.confidence += confidence;
}

void PseudoLabelStats::addPlace(std::uint8_t truth, bool is_reached) {
  if (truth >= kNumClasses) return;
  ++places_[truth].all;
  places_[truth].reached += is_reached ? 1 : 0;
}

PseudoLabelStats& PseudoLabelStats::operator+=(const PseudoLabelStats& other) {
  labels_ += other.labels_;
  for (std::size_t i = 0; i < kNumBins; ++i) {
    bins_[i].count += other.bins_[i].count;
    bins_[i].right += other.bins_[i].right;
    bins_[i].confidence += other.bins_[i].confidence;
  }
  for (std::size_t c = 0; c < kNumClasses; ++c) {
    places_[c].all += other.places_[c].all;
    places_[c].reached += other.places_[c].reached;
  }
  return *this;
}

std::optional<double> PseudoLabelStats::precision(int class_index) const {
  return ratio(labels_.count(class_index, class_index), labelsOf(labels_, class_index));
}

std::optional<double> PseudoLabelStats::recall(int class_index) const {
  return ratio(labels_.count(class_index, class_index), placesOf(labels_, class_index));
}

std::optional<double> PseudoLabelStats::coverage(int class_index) const {
  const Places& places = places_.at(static_cast<std::size_t>(class_index));
  return ratio(places.reached, places.all);
}

double PseudoLabelStats::fractionOfLabels(int class_index) const {
  return ratio(labelsOf(labels_, class_index), labels_.total()).value_or(0);
}

std::array<PseudoLabelStats::Bin, PseudoLabelStats::kNumBins> PseudoLabelStats::calibration() const {
  std::array<Bin, kNumBins> calibrated{};
  for (std::size_t i = 0; i < kNumBins; ++i) {
    if (bins_[i].count == 0) continue;
    const auto count = static_cast<double>(bins_[i].count);
    calibrated[i] = {bins_[i].count, bins_[i].confidence / count, static_cast<double>(bins_[i].right) / count};
  }
  return calibrated;
}

std::optional<double> PseudoLabelStats::calibrationError() const {
  double sum = 0;
  double count = 0;
  for (const Bin& bin : calibration()) {
    sum += static_cast<double>(bin.count) * std::abs(bin.mean_confidence - bin.accuracy);
    count += static_cast<double>(bin.count);
  }
  if (count == 0) return std::nullopt;
  return sum / count;
}

std::string formatPseudoLabelStats(const std::vector<std::pair<std::string, PseudoLabelStats>>& stats,
                                   TableFormat format) {
  if (format == TableFormat::Json) {
    Json object = Json::object();
    for (const auto& [name, one] : stats) object[name] = asJson(one);
    return object.dump(2) + "\n";
  }
  std::string text;
  for (const auto& [name, one] : stats) {
    if (!text.empty()) text += "\n";
    text += lines(classLines(name, one), format) + "\n" + lines(binLines(one), format);
    if (format == TableFormat::Csv) continue;
    text += fmt::format("\n{} labels, {} % right, confidence off by {} points\n",
                        one.numLabels(),
                        percent(one.confusion().accuracy()),
                        percent(one.calibrationError()));
  }
  return text;
}

void ThresholdCurve::add(std::uint8_t truth, std::uint8_t label, float value) {
  by_value_[partOf(value, kNumSteps)].add(truth, label);
}

ThresholdCurve& ThresholdCurve::operator+=(const ThresholdCurve& other) {
  for (std::size_t i = 0; i < kNumSteps; ++i) by_value_[i] += other.by_value_[i];
  return *this;
}

std::vector<ThresholdCurve::Step> ThresholdCurve::steps() const {
  Confusion all;
  for (const Confusion& part : by_value_) all += part;
  if (all.total() == 0) return {};
  std::vector<Step> steps(kNumSteps);
  Confusion kept;
  for (std::size_t i = kNumSteps; i-- > 0;) {
    kept += by_value_[i];
    Step& step = steps[i];
    step.threshold = static_cast<double>(i) / kNumSteps;
    step.labelled = static_cast<double>(kept.total()) / static_cast<double>(all.total());
    step.accuracy = kept.accuracy();
    double sum_precision = 0, sum_iou = 0;
    int num_given = 0, num_there = 0;
    for (int c = 0; c < kNumClasses; ++c) {
      const std::uint64_t right = kept.count(c, c), given = labelsOf(kept, c), there = placesOf(all, c);
      if (given > 0) {
        sum_precision += static_cast<double>(right) / static_cast<double>(given);
        ++num_given;
      }
      if (given + there == 0) continue;
      sum_iou += static_cast<double>(right) / static_cast<double>(given + there - right);
      ++num_there;
    }
    if (num_given > 0) step.mean_precision = sum_precision / num_given;
    if (num_there > 0) step.mean_iou = sum_iou / num_there;
  }
  return steps;
}

std::string formatCurves(const std::vector<std::pair<std::string, ThresholdCurve>>& curves, TableFormat format) {
  Json object = Json::object();
  std::string text;
  for (const auto& [name, curve] : curves) {
    std::vector<Cells> table{{name + ": threshold", "labelled", "accuracy", "mean precision", "mIoU"}};
    for (const auto& step : curve.steps()) {
      table.push_back({fmt::format("{:.2f}", step.threshold),
                       percent(step.labelled),
                       percent(step.accuracy),
                       percent(step.mean_precision),
                       percent(step.mean_iou)});
      object[name].push_back({{"threshold", step.threshold},
                              {"labelled", percentJson(step.labelled)},
                              {"accuracy", percentJson(step.accuracy)},
                              {"mean_precision", percentJson(step.mean_precision)},
                              {"mean_iou", percentJson(step.mean_iou)}});
    }
    text += (text.empty() ? "" : "\n") + lines(table, format);
  }
  return format == TableFormat::Json ? object.dump(2) + "\n" : text;
}

}  // namespace tagscape

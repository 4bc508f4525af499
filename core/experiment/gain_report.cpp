#include "core/experiment/gain_report.h"

#include "core/metrics/cell_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace tagscape {
namespace {

constexpr std::size_t kWall = 0;

const ResultRow* find(const std::vector<ExperimentResult>& results,
                      const ExperimentResult& like,
                      std::string_view name,
                      EvaluationProtocol protocol) {
  for (const auto& result : results) {
    if (result.row.name == name && result.row.protocol == nameOf(protocol) && result.row.domain == like.row.domain &&
        result.row.split == like.row.split && result.data_seed == like.data_seed &&
        result.model_seed == like.model_seed && result.row.mean_iou) {
      return &result.row;
    }
  }
  return nullptr;
}

/// The better of the two protocols with tags.
const ResultRow* betterOf(const ResultRow* first, const ResultRow* second) {
  if (first == nullptr || second == nullptr) return first == nullptr ? second : first;
  return *second->mean_iou > *first->mean_iou ? second : first;
}

std::string percent(const std::optional<double>& fraction) {
  return fraction ? fmt::format("{:.1f}", 100 * *fraction) : "-";
}

Cells cellsOf(const Gain& gain) {
  const bool has_ceiling = gain.ceiling.value_or(0) > 0;
  return {
      gain.data_seed > 0 ? fmt::format("{}, {}", gain.data_seed, gain.model_seed) : fmt::format("{}", gain.model_seed),
      gain.domain + " " + gain.split,
      percent(gain.joint),
      fmt::format("{} ({})", percent(gain.control), gain.control_protocol),
      fmt::format("{:+.1f}", 100 * gain.gain()),
      gain.required ? fmt::format("{:+.1f}", 100 * *gain.required) : "-",
      !gain.required     ? "-"
      : gain.isReached() ? "yes"
                         : "no",
      percent(gain.ceiling),
      has_ceiling ? fmt::format("{:.0f} %", 100 * gain.joint / gain.ceiling.value_or(1)) : "-",
      fmt::format("{} / {}", percent(gain.wall_joint), percent(gain.wall_control)),
      fmt::format("{} of {}", gain.num_classes_found, gain.num_classes)};
}

/// Means over seeds in one column of the table.
struct Column {
  std::vector<double> joint, gain, fraction, wall_change;
  int num_missed = 0;
  std::optional<double> required;
};

std::map<std::string, Column> columnsOf(const std::vector<Gain>& gains) {
  std::map<std::string, Column> columns;
  for (const Gain& gain : gains) {
    Column& column = columns[gain.domain + " " + gain.split];
    column.joint.push_back(gain.joint);
    column.gain.push_back(gain.gain());
    if (gain.ceiling && *gain.ceiling > 0) column.fraction.push_back(gain.joint / *gain.ceiling);
    if (gain.wall_joint && gain.wall_control) column.wall_change.push_back(*gain.wall_joint - *gain.wall_control);
    column.num_missed += gain.isReached() ? 0 : 1;
    column.required = gain.required;
  }
  return columns;
}

std::string sentenceOn(const std::string& title, const Column& column) {
  const Spread gain = spreadOf(column.gain);
  std::string text = fmt::format("{}: joint gains {:+.1f} on its control", title, 100 * gain.mean);
  if (gain.count > 1)
    text += fmt::format(" on average, {:+.1f} at least, over {} pairs of seeds", 100 * gain.min, gain.count);
  if (column.required) {
    text += column.num_missed == 0 ? fmt::format("; the required {:+.0f} are reached", 100 * *column.required)
                                   : fmt::format("; the required {:+.0f} are missed in {} of {} cases",
                                                 100 * *column.required,
                                                 column.num_missed,
                                                 gain.count);
  }
  if (!column.fraction.empty()) text += fmt::format("; {:.0f} % of the ceiling", 100 * spreadOf(column.fraction).mean);
  if (!column.wall_change.empty()) text += fmt::format("; wall {:+.1f}", 100 * spreadOf(column.wall_change).mean);
  return text + ".";
}

std::vector<std::string> sentencesOn(const std::vector<Gain>& gains) {
  const auto columns = columnsOf(gains);
  std::vector<std::string> sentences;
  for (const auto& [title, column] : columns) sentences.push_back(sentenceOn(title, column));
  for (const char* split : {"train", "val"}) {
    const auto flat = columns.find(std::string("2D ") + split);
    const auto solid = columns.find(std::string("3D ") + split);
    if (flat == columns.end() || solid == columns.end()) continue;
    const double difference = spreadOf(solid->second.joint).mean - spreadOf(flat->second.joint).mean;
    sentences.push_back(fmt::format("On {}, 3D is {} 2D by {:.1f} (in the paper it is above).",
                                    split,
                                    difference >= 0 ? "above" : "below",
                                    100 * std::abs(difference)));
  }
  return sentences;
}

}  // namespace

std::vector<Gain> gainsOf(const std::vector<ExperimentResult>& results, const std::optional<RequiredGain>& required) {
  std::vector<Gain> gains;
  for (const auto& result : results) {
    if (result.row.name != "joint" || result.row.protocol != nameOf(EvaluationProtocol::WithTags) ||
        !result.row.mean_iou)
      continue;
    const ResultRow* control = betterOf(find(results, result, "control", EvaluationProtocol::WithTags),
                                        find(results, result, "control", EvaluationProtocol::Cam));
    if (control == nullptr) continue;
    Gain gain;
    gain.data_seed = result.data_seed;
    gain.model_seed = result.model_seed;
    gain.domain = result.row.domain;
    gain.split = result.row.split;
    gain.joint = *result.row.mean_iou;
    gain.control = *control->mean_iou;
    gain.control_protocol = control->protocol;
    if (required) gain.required = (gain.domain == "2D" ? required->points_2d : required->points_3d) / 100;
    if (const ResultRow* ceiling = find(results, result, "supervised", EvaluationProtocol::WithTags))
      gain.ceiling = ceiling->mean_iou;
    gain.wall_joint = result.row.iou[kWall];
    gain.wall_control = control->iou[kWall];
    for (const auto& iou : result.row.iou) {
      gain.num_classes += iou ? 1 : 0;
      gain.num_classes_found += iou && *iou > kFoundIou ? 1 : 0;
    }
    gains.push_back(std::move(gain));
  }
  std::stable_sort(gains.begin(), gains.end(), [](const Gain& a, const Gain& b) {
    return std::tie(a.domain, a.split) < std::tie(b.domain, b.split);
  });
  return gains;
}

std::string formatGains(const std::vector<Gain>& gains, TableFormat format) {
  if (gains.empty()) return "Nothing to compare: joint and control have not both been evaluated.\n";
  std::vector<Cells> lines{{gains.front().data_seed > 0 ? "data, model seed" : "model seed",
                            "",
                            "joint",
                            "control (its better protocol)",
                            "gain",
                            "asked",
                            "reached",
                            "ceiling",
                            "of it",
                            "wall, joint / control",
                            fmt::format("classes above {:.0f} %", 100 * kFoundIou)}};
  for (const Gain& gain : gains) lines.push_back(cellsOf(gain));
  const bool is_markdown = format == TableFormat::Markdown;
  std::string text = (is_markdown ? cellsAsMarkdown(lines) : cellsAsText(lines)) + "\n";
  for (const auto& sentence : sentencesOn(gains)) text += (is_markdown ? "- " : "") + sentence + "\n";
  return text;
}

}  // namespace tagscape

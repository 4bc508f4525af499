#include "core/experiment/experiment_plots.h"

#include "core/experiment/svg_canvas.h"
#include "core/run/run_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

namespace tagscape {
namespace {

// Distinguishable for people who see fewer colours (Okabe and Ito's set, the yellow left out).
constexpr std::array<std::string_view, 7> kColors{
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#555555"};
constexpr std::string_view kGrid = "#dddddd";
constexpr double kMargin = 12, kTitle = 24;

std::string_view colorOf(std::size_t index) { return kColors[index % kColors.size()]; }

/// One colour a run in every panel of a picture: by the order in which runs appear.
class RunColors {
 public:
  std::string_view of(const std::string& run) {
    return colorOf(places_.try_emplace(run, places_.size()).first->second);
  }

 private:
  std::map<std::string, std::size_t> places_;
};

bool isWithTags(const ExperimentResult& result) { return result.row.protocol == nameOf(EvaluationProtocol::WithTags); }

std::vector<ExperimentResult> withTags(const std::vector<ExperimentResult>& results) {
  std::vector<ExperimentResult> chosen;
  std::copy_if(results.begin(), results.end(), std::back_inserter(chosen), isWithTags);
  return chosen;
}

/// Percent 0 … 100 as lines across a panel, with their numbers below it.
void drawPercentGrid(SvgCanvas& canvas, double left, double top, double width, double height) {
  for (int percent = 0; percent <= 100; percent += 20) {
    const double x = left + width * percent / 100;
    canvas.line(x, top, x, top + height, kGrid);
    canvas.text(x, top + height + 14, std::to_string(percent), 10, SvgAnchor::Middle, "#666666");
  }
}

double niceCeiling(double value) {
  if (!(value > 0)) return 1;
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double factor : {1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0}) {
    if (factor * power >= value) return factor * power;
  }
  return 10 * power;
}

struct Box {
  double left, top, width, height;
};

void drawBars(SvgCanvas& canvas,
              const Box& box,
              const std::vector<SummaryRow>& rows,
              const std::pair<std::string, std::string>& column) {
  canvas.text(box.left, box.top - 8, column.first + ", " + column.second + ": mIoU in percent, read with tags", 13);
  drawPercentGrid(canvas, box.left, box.top, box.width, box.height);
  const double pitch = box.height / static_cast<double>(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double y = box.top + pitch * static_cast<double>(i);
    canvas.text(box.left - 6, y + pitch / 2 + 4, rows[i].name, 11, SvgAnchor::End);
    const auto found = rows[i].miou.find(column);
    if (found == rows[i].miou.end()) continue;
    const Spread& spread = found->second;
    canvas.rectangle(box.left, y + pitch * .15, box.width * spread.mean, pitch * .7, colorOf(i));
    if (spread.count > 1) {
      canvas.line(box.left + box.width * spread.min,
                  y + pitch / 2,
                  box.left + box.width * spread.max,
                  y + pitch / 2,
                  "#000000",
                  1.5);
    }
    canvas.text(
        box.left + box.width * std::max(spread.mean, spread.max) + 5, y + pitch / 2 + 4, percentText(spread), 11);
  }
}

void drawCurves(SvgCanvas& canvas,
                const Box& box,
                const std::string& title,
                const std::vector<const Curve*>& curves,
                RunColors& colors) {
  double max_x = 0, max_y = 0;
  for (const Curve* curve : curves) {
    for (const auto& [x, y] : curve->points) {
      max_x = std::max(max_x, x);
      if (std::isfinite(y)) max_y = std::max(max_y, y);
    }
  }
  max_x = std::max(max_x, 1.0);
  max_y = niceCeiling(max_y);
  canvas.text(box.left, box.top - 8, title, 13);
  for (int i = 0; i <= 4; ++i) {
    const double y = box.top + box.height * (1 - i / 4.0);
    canvas.line(box.left, y, box.left + box.width, y, kGrid);
    canvas.text(box.left - 5, y + 4, fmt::format("{:.3g}", max_y * i / 4), 10, SvgAnchor::End, "#666666");
  }
  canvas.text(box.left, box.top + box.height + 14, "0", 10, SvgAnchor::Middle, "#666666");
  canvas.text(box.left + box.width,
              box.top + box.height + 14,
              fmt::format("step {:.0f}", max_x),
              10,
              SvgAnchor::End,
              "#666666");
  for (std::size_t i = 0; i < curves.size(); ++i) {
    std::vector<std::pair<double, double>> line;
    for (const auto& [x, y] : curves[i]->points) {
      if (std::isfinite(y)) line.emplace_back(box.left + box.width * x / max_x, box.top + box.height * (1 - y / max_y));
    }
    const std::string_view color = colors.of(curves[i]->run);
    // A line of one point is nothing to see.
    if (line.size() == 1) canvas.rectangle(line[0].first - 2, line[0].second - 2, 4, 4, color);
    canvas.polyline(line, color);
    canvas.text(box.left + box.width + 8,
                box.top + 10 + 15 * static_cast<double>(i),
                curves[i]->run,
                11,
                SvgAnchor::Start,
                color);
  }
}

}  // namespace

std::string plotMeanIou(const std::vector<ExperimentResult>& results) {
  constexpr double kNames = 150, kWidth = 330, kPitch = 22;
  const auto chosen = withTags(results);
  const auto rows = summarise(chosen);
  const auto columns = columnsOf(chosen);
  const double height = std::max(kPitch * static_cast<double>(rows.size()), kPitch);
  const std::size_t num_wide = std::min<std::size_t>(2, std::max<std::size_t>(1, columns.size()));
  const std::size_t num_high = std::max<std::size_t>(1, (columns.size() + num_wide - 1) / num_wide);
  const double panel_width = kNames + kWidth + 80;
  const double panel_height = kTitle + height + 34;
  SvgCanvas canvas(kMargin + panel_width * static_cast<double>(num_wide),
                   kMargin + panel_height * static_cast<double>(num_high));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::size_t column = i % num_wide, row = i / num_wide;
    const double left = kMargin + panel_width * static_cast<double>(column) + kNames;
    const double top = kMargin + panel_height * static_cast<double>(row) + kTitle;
    drawBars(canvas, {left, top, kWidth, height}, rows, columns[i]);
  }
  return canvas.content();
}

std::string plotClassIou(const std::vector<ExperimentResult>& results,
                         const std::string& domain,
                         const std::string& split) {
  constexpr double kNames = 110, kWidth = 560, kBar = 8, kGap = 6;
  std::vector<ResultRow> rows;
  for (auto& row : meanRows(results, domain, split, nameOf(EvaluationProtocol::WithTags))) {
    if (row.name == "joint" || row.name == "control" || row.name == "supervised") rows.push_back(std::move(row));
  }
  const double pitch = kBar * static_cast<double>(std::max<std::size_t>(1, rows.size())) + kGap;
  const double height = pitch * kNumClasses;
  const double top = kMargin + kTitle + 18;
  SvgCanvas canvas(kNames + kWidth + 60, top + height + 30);
  canvas.text(kMargin, kMargin + 14, domain + ", " + split + ": IoU of each class in percent, read with tags", 13);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const double x = kNames + 130 * static_cast<double>(r);
    canvas.rectangle(x, top - 20, 10, 10, colorOf(r));
    canvas.text(x + 15, top - 11, rows[r].name, 11);
  }
  drawPercentGrid(canvas, kNames, top, kWidth, height);
  for (std::size_t c = 0; c < kNumClasses; ++c) {
    const double y = top + pitch * static_cast<double>(c);
    canvas.text(kNames - 6, y + pitch / 2 + 4, classCatalog()[c].name, 11, SvgAnchor::End);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (!rows[r].iou[c]) continue;
      const double bar = kWidth * *rows[r].iou[c];
      const double bar_y = y + kGap / 2 + kBar * static_cast<double>(r);
      canvas.rectangle(kNames, bar_y, bar, kBar - 1, colorOf(r));
      canvas.text(kNames + bar + 3, bar_y + kBar - 1, fmt::format("{:.0f}", 100 * *rows[r].iou[c]), 8);
    }
  }
  return canvas.content();
}

std::vector<Curve> lossCurves(const std::filesystem::path& run_folder, const std::string& name) {
  constexpr std::size_t kMaxPoints = 200;
  const auto run = RunDirectory::open(run_folder);
  if (!run) return {};
  const auto rows = MetricsTail(*run).poll();
  const std::size_t stretch = std::max<std::size_t>(1, (rows.size() + kMaxPoints - 1) / kMaxPoints);
  struct Sum {
    double steps = 0, values = 0;
    int count = 0;
  };
  std::map<std::string, std::map<std::size_t, Sum>> sums;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const auto& [value_name, value] : rows[i].values) {
      if (!value_name.starts_with("loss_") || !std::isfinite(value)) continue;
      Sum& sum = sums[value_name][i / stretch];
      sum.steps += static_cast<double>(rows[i].step);
      sum.values += value;
      ++sum.count;
    }
  }
  std::vector<Curve> curves;
  for (const auto& [value_name, points] : sums) {
    Curve curve{name, value_name, {}};
    for (const auto& [index, sum] : points) curve.points.emplace_back(sum.steps / sum.count, sum.values / sum.count);
    curves.push_back(std::move(curve));
  }
  return curves;
}

std::string plotCurves(const std::vector<Curve>& curves) {
  constexpr double kAxis = 50, kWidth = 420, kHeight = 150, kNames = 170;
  std::map<std::string, std::vector<const Curve*>> panels;
  std::size_t max_curves = 1;
  for (const Curve& curve : curves) panels[curve.value].push_back(&curve);
  for (const auto& [value, list] : panels) max_curves = std::max(max_curves, list.size());
  const double height = std::max(kHeight, 15.0 * static_cast<double>(max_curves));
  const double pitch = kTitle + height + 30;
  SvgCanvas canvas(kMargin + kAxis + kWidth + kNames,
                   kMargin + pitch * static_cast<double>(std::max<std::size_t>(1, panels.size())));
  double top = kMargin + kTitle;
  RunColors colors;
  for (const Curve& curve : curves) (void)colors.of(curve.run);  // in the order of the runs, not of the panels
  for (const auto& [value, list] : panels) {
    drawCurves(canvas, {kMargin + kAxis, top, kWidth, height}, value, list, colors);
    top += pitch;
  }
  return canvas.content();
}

}  // namespace tagscape

#include "core/exchange/formats/scalar_columns.h"

#include "core/exchange/formats/pack.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <span>
#include <string_view>

namespace tagscape::formats {
namespace {

constexpr std::array<std::string_view, 5> kInstanceNames{"instance", "instance_id", "object", "object_id", "objectid"};
constexpr std::array<std::string_view, 4> kConfidenceNames{"confidence", "cam", "score", "probability"};

std::string plainName(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  constexpr std::string_view kPrefix = "scalar_";
  if (name.starts_with(kPrefix)) name.erase(0, kPrefix.size());
  return name;
}

const std::vector<float>* columnNamed(const CloudContent& content, std::span<const std::string_view> names) {
  for (const auto& [name, values] : content.vertex_scalars) {
    if (std::find(names.begin(), names.end(), plainName(name)) != names.end()) return &values;
  }
  return nullptr;
}

std::vector<std::uint32_t> wholeNumbers(const std::vector<float>& values) {
  constexpr float kLargest = 16777216;  // beyond, a float is no whole number for certain
  std::vector<std::uint32_t> numbers(values.size(), 0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] > 0 && values[i] <= kLargest) numbers[i] = static_cast<std::uint32_t>(std::lround(values[i]));
  }
  return numbers;
}

bool areShares(const std::vector<float>& values) {
  return std::all_of(values.begin(), values.end(), [](float value) { return value >= 0 && value <= 1; });
}

IdMeaning meaningOf(const std::string& column) {
  return column.find("nyu40") != std::string::npos ? IdMeaning::Nyu40 : IdMeaning::Unknown;
}

std::string listOf(const CloudContent& content) {
  std::string names;
  for (const auto& [name, values] : content.vertex_scalars)
    names += fmt::format("{}\"{:.40}\"", names.empty() ? "" : ", ", name);
  return names.empty() ? "none" : names;
}

}  // namespace

void addScalars(const ExchangeLayer& layer, std::map<std::string, std::vector<float>>& scalars) {
  const LayerPoints& points = layer.points;
  auto& classification = scalars["scalar_Classification"];
  auto& confidence = scalars["scalar_Confidence"];
  for (std::size_t i = 0; i < points.size(); ++i) {
    classification.push_back(static_cast<float>(idOf(layer.classes, points.classes[i])));
    confidence.push_back(points.confidenceOf(i));
  }
  if (!points.instances.empty()) scalars["scalar_Instance"].assign(points.instances.begin(), points.instances.end());
  auto& origins = scalars["scalar_Origin"];
  for (const LabelOrigin origin : points.origins) origins.push_back(static_cast<float>(origin));
  if (origins.empty()) scalars.erase("scalar_Origin");
}

Result<ForeignLabels> labelsOfScalars(CloudContent content, const std::filesystem::path& file) {
  ForeignLabels labels;
  ForeignPoints& points = labels.points;
  if (const auto* column = columnNamed(content, kInstanceNames)) points.instances = wholeNumbers(*column);
  if (const auto* column = columnNamed(content, kConfidenceNames); column != nullptr && areShares(*column))
    points.confidence = *column;
  const std::string columns = listOf(content);
  const auto found = takeLabelColumns(content);
  if (found.empty()) {
    return failFile(
        ErrorCode::InvalidInput,
        file,
        fmt::format("its points have no column of whole numbers that is named like labels (there is {})", columns),
        "Name the column \"label\" or \"classification\"");
  }
  const LabelColumn& column = found.front();
  if (found.size() > 1)
    labels.notes.push_back(fmt::format("of {} columns of labels \"{:.40}\" is read", found.size(), column.name));
  labels.meaning = column.names.empty() ? meaningOf(plainName(column.name)) : IdMeaning::Named;
  labels.names = column.names;
  points.ids.resize(column.ids.size());
  std::transform(column.ids.begin(), column.ids.end(), points.ids.begin(), [](std::int32_t id) {
    return id < 0 ? kForeignNone : id;
  });
  for (const auto& position : content.mesh.vertices.positions_m)
    points.positions.push_back(position.cast<double>() + content.offset_m);
  for (auto& note : content.notes) labels.notes.push_back(std::move(note));
  return labels;
}

}  // namespace tagscape::formats

#include "core/clouds/cloud_content.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace tagscape {
namespace {

constexpr std::string_view kRemedy = "Export the file again";

float largestOf(std::span<const Eigen::Vector3f> colors) {
  float largest = 0;
  for (const auto& color : colors) {
    for (int channel = 0; channel < 3; ++channel) {
      if (std::isfinite(color[channel])) largest = std::max(largest, color[channel]);
    }
  }
  return largest;
}

/// Of every vertex its number among those that stay, or the largest number if it does not.
constexpr std::uint32_t kDropped = std::numeric_limits<std::uint32_t>::max();

std::vector<std::uint32_t> numberFinite(const PointCloud& cloud) {
  std::vector<std::uint32_t> numbers(cloud.size(), kDropped);
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (cloud.positions_m[i].allFinite()) numbers[i] = next++;
  }
  return numbers;
}

template <class T>
void keep(std::vector<T>& values, const std::vector<std::uint32_t>& numbers) {
  if (values.empty()) return;
  std::size_t count = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] != kDropped) values[count++] = values[i];
  }
  values.resize(count);
}

/// @return how many triangles were left out.
std::size_t renumber(std::vector<Triangle>& triangles, const std::vector<std::uint32_t>& numbers) {
  const auto uses_dropped = [&](const Triangle& triangle) {
    return std::any_of(triangle.begin(), triangle.end(), [&](std::uint32_t v) { return numbers[v] == kDropped; });
  };
  const std::size_t before = triangles.size();
  std::erase_if(triangles, uses_dropped);
  for (auto& triangle : triangles) {
    for (auto& corner : triangle) corner = numbers[corner];
  }
  return before - triangles.size();
}

bool isWholeNumber(float value) {
  constexpr float kLargest = 16777216;  // beyond this, floats skip whole numbers
  return std::isfinite(value) && value == std::floor(value) && std::abs(value) <= kLargest;
}

}  // namespace

Eigen::Vector3d offsetFor(const Eigen::Vector3d& position) {
  constexpr double kExact_m = 1e4;
  constexpr double kStep_m = 1e3;
  Eigen::Vector3d offset = Eigen::Vector3d::Zero();
  for (int axis = 0; axis < 3; ++axis) {
    if (std::isfinite(position[axis]) && std::abs(position[axis]) >= kExact_m)
      offset[axis] = std::round(position[axis] / kStep_m) * kStep_m;
  }
  return offset;
}

std::vector<Rgb8> colorsToBytes(std::span<const Eigen::Vector3f> colors, bool is_float) {
  const float largest = largestOf(colors);
  constexpr float kSlack = 1.001F;  // of 0 … 1, for values that were interpolated
  float scale = 1;
  if (is_float && largest <= kSlack) scale = 255;
  if (largest > 255 * kSlack) scale = 255.F / 65535.F;
  const auto toByte = [scale](float value) {
    const float scaled = value * scale + 0.5F;
    return scaled > 0 ? static_cast<std::uint8_t>(std::min(scaled, 255.F)) : std::uint8_t{0};
  };
  std::vector<Rgb8> bytes(colors.size());
  for (std::size_t i = 0; i < colors.size(); ++i)
    bytes[i] = {toByte(colors[i].x()), toByte(colors[i].y()), toByte(colors[i].z())};
  return bytes;
}

Status dropNonFinite(CloudContent& content, const std::filesystem::path& name) {
  auto& vertices = content.mesh.vertices;
  const auto numbers = numberFinite(vertices);
  const auto num_dropped = static_cast<std::size_t>(std::count(numbers.begin(), numbers.end(), kDropped));
  if (num_dropped == 0) return {};
  if (num_dropped == numbers.size()) {
    return failFile(ErrorCode::InvalidInput,
                    name,
                    fmt::format("none of its {} points has finite coordinates", num_dropped),
                    kRemedy);
  }
  keep(vertices.positions_m, numbers);
  keep(vertices.colors, numbers);
  keep(vertices.normals, numbers);
  for (auto& [scalar, values] : content.vertex_scalars) keep(values, numbers);
  const std::size_t num_triangles = renumber(content.mesh.triangles, numbers);
  content.notes.push_back(fmt::format("{} of {} points are not finite and were left out", num_dropped, numbers.size()) +
                          (num_triangles > 0 ? fmt::format(", with {} triangles that use them", num_triangles) : ""));
  return {};
}

Result<CloudContent> CloudBuilder::finish(const std::filesystem::path& name) && {
  CloudContent content;
  content.notes = std::move(notes);
  const auto finite =
      std::find_if(positions.begin(), positions.end(), [](const Eigen::Vector3d& p) { return p.allFinite(); });
  if (finite != positions.end()) content.offset_m = offsetFor(*finite);
  content.mesh.vertices.positions_m.reserve(positions.size());
  for (const auto& position : positions)
    content.mesh.vertices.positions_m.push_back((position - content.offset_m).cast<float>());
  if (colors.size() == positions.size()) content.mesh.vertices.colors = colorsToBytes(colors, true);
  const auto num_no_colors = std::count_if(colors.begin(), colors.end(), [](const auto& c) { return !c.allFinite(); });
  if (num_no_colors > 0) {
    content.notes.push_back(fmt::format(
        "the colours of {} of {} points are not numbers: these points are black", num_no_colors, colors.size()));
  }
  if (normals.size() == positions.size()) content.mesh.vertices.normals = std::move(normals);
  content.mesh.triangles = std::move(triangles);
  content.vertex_scalars = std::move(scalars);
  if (positions.empty())
    return failFile(ErrorCode::InvalidInput, name, "it holds no points", "Check that it is the right file");
  TAGSCAPE_TRY(dropNonFinite(content, name));
  return content;
}

bool isLabelName(std::string_view property) {
  std::string name(property);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  constexpr std::string_view kPrefix = "scalar_";
  if (name.starts_with(kPrefix)) name.erase(0, kPrefix.size());
  constexpr std::array<std::string_view, 14> kNames{"label",
                                                    "labels",
                                                    "class",
                                                    "classification",
                                                    "class_id",
                                                    "category",
                                                    "category_id",
                                                    "semantic",
                                                    "semantic_label",
                                                    "semantic_id",
                                                    "sem_label",
                                                    "nyu40",
                                                    "nyu40id",
                                                    "nyu40_id"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

std::vector<LabelColumn> takeLabelColumns(CloudContent& content) {
  std::vector<LabelColumn> columns;
  for (auto it = content.vertex_scalars.begin(); it != content.vertex_scalars.end();) {
    const auto& [name, values] = *it;
    if (!isLabelName(name)) {
      ++it;
      continue;
    }
    if (!std::all_of(values.begin(), values.end(), isWholeNumber)) {
      content.notes.push_back(
          fmt::format("its column \"{:.40}\" holds no whole numbers and is not taken for labels", name));
      ++it;
      continue;
    }
    LabelColumn column{name, std::vector<std::int32_t>(values.size()), {}};
    std::transform(
        values.begin(), values.end(), column.ids.begin(), [](float value) { return static_cast<std::int32_t>(value); });
    if (const auto names = content.scalar_names.find(name); names != content.scalar_names.end())
      column.names = names->second;
    columns.push_back(std::move(column));
    it = content.vertex_scalars.erase(it);
  }
  return columns;
}

}  // namespace tagscape

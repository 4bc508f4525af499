#include "core/scan_labels/room_prior.h"

#include "core/base/parallel.h"
#include "core/scene/class_catalog.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>
#include <vector>

namespace tagscape {
namespace {

constexpr std::array kHeights_m{0.F, .2F, .43F, .6F, .73F, .9F, 1.1F, 1.4F, 1.85F, 2.3F};
constexpr std::size_t kNumHeights = kHeights_m.size();
constexpr float kMinFrequency = .05F;

struct RoomShape {
  std::string_view class_name;
  std::array<float, kNumHeights> level, upright;
};

constexpr auto kTable = std::to_array<RoomShape>({
#define ROOM_ROW(...) \
  { __VA_ARGS__ }
#define ROOM_SHAPE(class_name, level, upright) {class_name, ROOM_ROW level, ROOM_ROW upright},
#include "core/scan_labels/room_shapes.inc"
#undef ROOM_SHAPE
#undef ROOM_ROW
});

struct RoomSize {
  std::string_view class_name;
  float level_m2 = 0, upright_m2 = 0;
};
constexpr auto kSizes = std::to_array<RoomSize>({
#define ROOM_SIZE(class_name, level, upright) {class_name, level, upright},
#include "core/scan_labels/room_sizes.inc"
#undef ROOM_SIZE
});

using Row = Eigen::Array<float, 1, kNumClasses>;
using Table = std::array<Row, kNumHeights>;

/// The logarithms of one of the table's columns of frequencies, by height.
Table logTable(std::array<float, kNumHeights> RoomShape::*frequencies) {
  Table table;
  table.fill(Row::Constant(std::log(kMinFrequency + 1)));  // A class that the table lacks may lie anywhere.
  for (const RoomShape& shape : kTable) {
    const auto index = classByName(shape.class_name);
    if (!index) continue;
    for (std::size_t i = 0; i < kNumHeights; ++i) table[i][*index] = std::log(kMinFrequency + (shape.*frequencies)[i]);
  }
  return table;
}

/// One of the table's columns of sizes, by class; infinite where there is no limit.
Row largest(float RoomSize::*size) {
  Row areas = Row::Constant(INFINITY);
  for (const RoomSize& row : kSizes) {
    const auto index = classByName(row.class_name);
    if (index && row.*size > 0) areas[*index] = row.*size;
  }
  return areas;
}

/// How level a surface is: 1 within some 40 degrees of it, 0 where it is nearly upright.
float levelness(const Eigen::Vector3f& normal) {
  constexpr float kUpright = .35F, kLevel = .75F;
  return std::clamp((std::abs(normal.z()) - kUpright) / (kLevel - kUpright), 0.F, 1.F);
}

}  // namespace

float floorHeightOf(std::span<const Eigen::Vector3f> positions_m, std::span<const Eigen::Vector3f> normals) {
  constexpr float kBin_m = .02F, kFacingUp = .8F, kMuch = .5F;
  constexpr int kMaxBins = 100'000;
  float lowest = INFINITY, highest = -INFINITY;
  for (const Eigen::Vector3f& point : positions_m) {
    if (!point.allFinite()) continue;
    lowest = std::min(lowest, point.z());
    highest = std::max(highest, point.z());
  }
  if (lowest > highest) return 0;
  const auto num_bins = static_cast<std::size_t>(std::min<float>(kMaxBins, (highest - lowest) / kBin_m)) + 3;
  const auto binOf = [&](float z) {
    return std::min(num_bins - 1, static_cast<std::size_t>((z - lowest) / kBin_m) + 1);
  };
  std::vector<float> counts(num_bins, 0.F), smooth(num_bins, 0.F);
  for (std::size_t i = 0; i < positions_m.size(); ++i) {
    if (positions_m[i].allFinite() && normals[i].z() > kFacingUp) counts[binOf(positions_m[i].z())] += 1;
  }
  for (std::size_t i = 1; i + 1 < num_bins; ++i) smooth[i] = counts[i - 1] + counts[i] + counts[i + 1];
  const float peak_count = *std::ranges::max_element(smooth);
  if (peak_count == 0) return lowest;
  auto peak = std::ranges::find_if(smooth, [&](float count) { return count >= kMuch * peak_count; });
  while (peak + 1 != smooth.end() && *(peak + 1) > *peak) ++peak;
  return lowest + (static_cast<float>(peak - smooth.begin()) - .5F) * kBin_m;
}

ClassValues roomPrior(std::span<const Eigen::Vector3f> positions_m,
                      std::span<const Eigen::Vector3f> normals,
                      float floor_m) {
  static const Table kLevel = logTable(&RoomShape::level), kUpright = logTable(&RoomShape::upright);
  ClassValues prior = ClassValues::Zero(static_cast<Eigen::Index>(positions_m.size()), kNumClasses);
  parallelFor(positions_m.size(), 8192, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      if (!positions_m[i].allFinite()) continue;
      const float height = std::clamp(positions_m[i].z() - floor_m, kHeights_m.front(), kHeights_m.back());
      const auto above =
          std::min<std::ptrdiff_t>(std::ranges::upper_bound(kHeights_m, height) - kHeights_m.begin(), kNumHeights - 1);
      const auto low = static_cast<std::size_t>(above - 1), high = static_cast<std::size_t>(above);
      const float part = (height - kHeights_m[low]) / (kHeights_m[high] - kHeights_m[low]);
      const float level = levelness(normals[i]);
      const auto between = [&](const Table& table) { return (1 - part) * table[low] + part * table[high]; };
      prior.row(static_cast<Eigen::Index>(i)) = level * between(kLevel) + (1 - level) * between(kUpright);
    }
  });
  return prior;
}

ClassValues sizePrior(std::span<const float> areas_m2, std::span<const Eigen::Vector3f> normals) {
  constexpr float kPlane = .6F, kUpright = .4F, kLevel = .7F, kLeast = -3;
  static const Row kLargestLevel = largest(&RoomSize::level_m2), kLargestUpright = largest(&RoomSize::upright_m2);
  ClassValues prior = ClassValues::Zero(static_cast<Eigen::Index>(areas_m2.size()), kNumClasses);
  for (std::size_t i = 0; i < areas_m2.size(); ++i) {
    const float length = normals[i].norm();
    if (!(length >= kPlane) || !(areas_m2[i] > 0)) continue;
    const float slope = std::abs(normals[i].z()) / length;
    if (slope > kUpright && slope < kLevel) continue;
    const Row& most = slope >= kLevel ? kLargestLevel : kLargestUpright;
    prior.row(static_cast<Eigen::Index>(i)) = (most / areas_m2[i]).log().min(0.F).max(kLeast);
  }
  return prior;
}

}  // namespace tagscape

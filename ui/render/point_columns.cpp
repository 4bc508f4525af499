#include "ui/render/point_columns.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

constexpr std::size_t kGrain = 16'384;

std::uint16_t packed(float value) {
  if (std::isnan(value)) return kUnseenValue;
  return static_cast<std::uint16_t>(std::lround(std::clamp(value, 0.F, 1.F) * kFullValue));
}

/// Finds the extent, and drops columns without information.
void finishColumn(ValueColumn& column) {
  std::uint16_t low = kUnseenValue, high = 0;
  for (const std::uint16_t value : column.values) {
    if (value == kUnseenValue) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (high == 0 && low == kUnseenValue) column.values.clear();
  if (low > high) return;
  column.extent = {static_cast<float>(low) / kFullValue, static_cast<float>(high) / kFullValue};
}

TagSet classesWithValues(const SceneCams& cams) {
  TagSet present;
  for (std::size_t i = 0; i < cams.point_values.size() && !present.all(); ++i) {
    if (cams.point_values[i] > 0) present.set(i % kNumClasses);
  }
  return present;
}

}  // namespace

CamColumns packCams(const SceneCams& cams) {
  CamColumns columns;
  const std::size_t num_points = cams.numPoints();
  const TagSet present = classesWithValues(cams);
  for (std::size_t c = 0; c < kNumClasses; ++c) {
    if (present.test(c)) columns.cam[c].values.resize(num_points);
  }
  columns.confidence.resize(num_points);
  parallelFor(num_points, kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const float* row = cams.point_values.data() + i * kNumClasses;
      float sum = 0, largest = 0;
      for (std::size_t c = 0; c < kNumClasses; ++c) {
        if (!present.test(c)) continue;
        columns.cam[c].values[i] = packed(row[c]);
        sum += row[c];
        largest = std::max(largest, row[c]);
      }
      columns.confidence[i] = static_cast<std::uint8_t>(sum > 0 ? std::lround(255 * largest / sum) : 0);
    }
  });
  for (ValueColumn& column : columns.cam) finishColumn(column);
  return columns;
}

ClassColumns packLifted(const LiftedCams& lifted) {
  ClassColumns columns;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto& values = lifted.values[c];
    columns[c].values.resize(values.size());
    std::transform(values.begin(), values.end(), columns[c].values.begin(), packed);
    finishColumn(columns[c]);
  }
  return columns;
}

std::vector<std::uint8_t> packSuperpoints(std::span<const std::uint32_t> superpoints) {
  std::vector<std::uint8_t> rows(superpoints.size());
  constexpr std::uint32_t kGoldenRatio = 2654435769U;  // Of 2^32; Knuth's multiplicative hash.
  std::transform(superpoints.begin(), superpoints.end(), rows.begin(), [](std::uint32_t superpoint) {
    return static_cast<std::uint8_t>((superpoint * kGoldenRatio) >> 24U);
  });
  return rows;
}

HeatRange disagreementExtent(const ValueColumn& cam, const ValueColumn& lifted) {
  int low = kFullValue, high = 0;
  for (std::size_t i = 0; i < lifted.values.size(); ++i) {
    if (lifted.values[i] == kUnseenValue) continue;
    const int other = cam.values.empty() ? 0 : cam.values[i];
    const int difference = std::abs(lifted.values[i] - other);
    low = std::min(low, difference);
    high = std::max(high, difference);
  }
  if (low > high) return {};
  return {static_cast<float>(low) / kFullValue, static_cast<float>(high) / kFullValue};
}

}  // namespace tagscape

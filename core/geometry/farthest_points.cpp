#include "core/geometry/point_operators.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace tagscape {
namespace {

constexpr std::size_t kBucket = 64;  // points; a fixed count lets the compiler use vector instructions
constexpr float kNeverChosen = -1;

/// Points in the order of a curve that keeps neighbours together (Morton), so that a run of them has a small box.
std::vector<std::uint32_t> orderAlongCurve(std::span<const Eigen::Vector3f> points) {
  constexpr float kSteps = 1023;  // ten bits an axis
  Eigen::Vector3f low = points[0];
  Eigen::Vector3f high = points[0];
  for (const auto& point : points) {
    low = low.cwiseMin(point);
    high = high.cwiseMax(point);
  }
  constexpr float kNarrowest_m = 1e-20F;  // The scale stays finite: points of equal position are at 0, not at NaN.
  const float scale = kSteps / std::max((high - low).maxCoeff(), kNarrowest_m);
  const auto spread = [](std::uint64_t bits) {  // two zeros between each two bits
    bits = (bits | bits << 16U) & 0x30000ffU;
    bits = (bits | bits << 8U) & 0x300f00fU;
    bits = (bits | bits << 4U) & 0x30c30c3U;
    return (bits | bits << 2U) & 0x9249249U;
  };
  std::vector<std::uint64_t> keys(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Eigen::Array3f cell = ((points[i] - low).array() * scale).max(0.F).min(kSteps);
    const auto code = spread(static_cast<std::uint64_t>(cell.x())) |
                      spread(static_cast<std::uint64_t>(cell.y())) << 1U |
                      spread(static_cast<std::uint64_t>(cell.z())) << 2U;
    keys[i] = code << 32U | i;
  }
  std::sort(keys.begin(), keys.end());
  std::vector<std::uint32_t> order(points.size());
  std::transform(keys.begin(), keys.end(), order.begin(), [](auto key) { return static_cast<std::uint32_t>(key); });
  return order;
}

/// Points that lie together, and how far each is from the nearest sample.
struct Bucket {
  std::array<float, kBucket> x, y, z;
  std::array<float, kBucket> distance_m2;  ///< kNeverChosen for padding and points that are left out.
  std::array<std::uint32_t, kBucket> index;

  /// Brings the distances up to date. @return the largest, and the lowest index of those that have it.
  std::pair<float, std::uint32_t> add(const Eigen::Vector3f& sample) {
    for (std::size_t i = 0; i < kBucket; ++i) {
      const float dx = x[i] - sample.x();
      const float dy = y[i] - sample.y();
      const float dz = z[i] - sample.z();
      const float d = dx * dx + dy * dy + dz * dz;
      distance_m2[i] = d < distance_m2[i] ? d : distance_m2[i];
    }
    float largest = distance_m2[0];
    for (std::size_t i = 1; i < kBucket; ++i) largest = distance_m2[i] > largest ? distance_m2[i] : largest;
    std::uint32_t lowest = std::numeric_limits<std::uint32_t>::max();
    for (std::size_t i = 0; i < kBucket; ++i) {
      const std::uint32_t candidate = distance_m2[i] == largest ? index[i] : std::numeric_limits<std::uint32_t>::max();
      lowest = candidate < lowest ? candidate : lowest;
    }
    return {largest, lowest};
  }
};

/// What decides whether a bucket has to be looked at, apart from the buckets themselves: a few cache lines.
struct Boxes {
  std::vector<float> low_x, low_y, low_z, high_x, high_y, high_z;
  std::vector<float> farthest_m2;
  std::vector<std::uint32_t> farthest_index;
  std::vector<float> reach_m2;

  explicit Boxes(std::size_t count) : farthest_m2(count), farthest_index(count), reach_m2(count) {
    for (auto* side : {&low_x, &low_y, &low_z, &high_x, &high_y, &high_z}) side->resize(count);
  }

  /// No point of a box is nearer to the sample than reach_m2, also as rounded numbers: subtraction, squares and sums
  /// keep the order of their operands, and they are done in the order that Bucket::add does them.
  void reachFrom(const Eigen::Vector3f& sample) {
    const auto gap = [](float low, float high, float at) {
      const float below = low - at;
      const float above = at - high;
      const float larger = below > above ? below : above;
      return larger > 0 ? larger : 0.F;
    };
    for (std::size_t b = 0; b < reach_m2.size(); ++b) {
      const float dx = gap(low_x[b], high_x[b], sample.x());
      const float dy = gap(low_y[b], high_y[b], sample.y());
      const float dz = gap(low_z[b], high_z[b], sample.z());
      reach_m2[b] = dx * dx + dy * dy + dz * dz;
    }
  }
};

std::vector<Bucket> makeBuckets(std::span<const Eigen::Vector3f> points, bool skip_near_origin) {
  const auto order = orderAlongCurve(points);
  std::vector<Bucket> buckets((points.size() + kBucket - 1) / kBucket);
  for (std::size_t at = 0; at < buckets.size() * kBucket; ++at) {
    Bucket& bucket = buckets[at / kBucket];
    const std::size_t slot = at % kBucket;
    const std::uint32_t row = order[std::min(at, order.size() - 1)];
    const Eigen::Vector3f& point = points[row];
    bucket.x[slot] = point.x();
    bucket.y[slot] = point.y();
    bucket.z[slot] = point.z();
    bucket.index[slot] = row;
    // In this order everywhere (see point_operators.h); Eigen's squaredNorm() may sum in another.
    const float from_origin_m2 = point.x() * point.x() + point.y() * point.y() + point.z() * point.z();
    const bool out = at >= order.size() || (skip_near_origin && from_origin_m2 <= kNearOrigin_m2);
    bucket.distance_m2[slot] = out ? kNeverChosen : std::numeric_limits<float>::max();
  }
  return buckets;
}

Boxes makeBoxes(const std::vector<Bucket>& buckets) {
  Boxes boxes(buckets.size());
  for (std::size_t b = 0; b < buckets.size(); ++b) {
    const auto extent = [](const auto& values, float& low, float& high) {
      const auto [min, max] = std::minmax_element(values.begin(), values.end());
      low = *min;
      high = *max;
    };
    extent(buckets[b].x, boxes.low_x[b], boxes.high_x[b]);
    extent(buckets[b].y, boxes.low_y[b], boxes.high_y[b]);
    extent(buckets[b].z, boxes.low_z[b], boxes.high_z[b]);
    boxes.farthest_m2[b] = *std::max_element(buckets[b].distance_m2.begin(), buckets[b].distance_m2.end());
  }
  return boxes;
}

}  // namespace

std::vector<std::uint32_t> farthestPoints(std::span<const Eigen::Vector3f> points,
                                          std::size_t num_samples,
                                          const FarthestOptions& options) {
  if (num_samples == 0 || num_samples > points.size() || options.first >= points.size()) {
    throw std::logic_error("farthestPoints: more samples than points, or none, or a first sample that is no point");
  }
  std::vector<Bucket> buckets = makeBuckets(points, options.skip_near_origin);
  Boxes boxes = makeBoxes(buckets);
  std::vector<std::uint32_t> chosen(num_samples);
  chosen[0] = static_cast<std::uint32_t>(options.first);
  for (std::size_t n = 1; n < num_samples; ++n) {
    const Eigen::Vector3f& sample = points[chosen[n - 1]];
    boxes.reachFrom(sample);
    float farthest = kNeverChosen;
    std::uint32_t index = 0;
    for (std::size_t b = 0; b < buckets.size(); ++b) {
      if (boxes.reach_m2[b] < boxes.farthest_m2[b]) {
        std::tie(boxes.farthest_m2[b], boxes.farthest_index[b]) = buckets[b].add(sample);
      }
      const float own = boxes.farthest_m2[b];
      if (own < farthest || own == kNeverChosen || (own == farthest && boxes.farthest_index[b] > index)) continue;
      farthest = own;
      index = boxes.farthest_index[b];
    }
    chosen[n] = index;
  }
  return chosen;
}

}  // namespace tagscape

#include "core/nn/tensor_operators_torch.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>

namespace tagscape::tensors {
namespace {

constexpr std::int64_t kPairsPerPiece = std::int64_t{1} << 24;

/// [A, B], summed in the order that the CPU's own operators sum in.
at::Tensor squaredDistances(const at::Tensor& a, const at::Tensor& b) {
  const auto along = [&](std::int64_t axis) {
    const at::Tensor difference = a.select(1, axis).unsqueeze(1) - b.select(1, axis).unsqueeze(0);
    return difference * difference;
  };
  return (along(0) + along(1)).add_(along(2));
}

/// The first place of the largest value. LibTorch's own argmax promises none in particular.
at::Tensor firstOfLargest(const at::Tensor& values, const at::Tensor& places) {
  return at::where(values == values.max(), places, places.size(0)).min();
}

/// Calls work(begin, end) for pieces of `count` rows, each paired with `others`.
template <class Work>
void forPieces(std::int64_t count, std::int64_t others, Work&& work) {
  const std::int64_t step = std::max<std::int64_t>(1, kPairsPerPiece / std::max<std::int64_t>(1, others));
  for (std::int64_t begin = 0; begin < count; begin += step) work(begin, std::min(count, begin + step));
}

/// The nearest `k` of each row of distances [Q, N], of equals the one with the lowest index.
std::pair<at::Tensor, at::Tensor> smallest(at::Tensor distances, std::int64_t k) {
  const at::Tensor places = at::arange(distances.size(1), distances.options().dtype(at::kLong));
  std::vector<at::Tensor> indices, values;
  for (std::int64_t n = 0; n < k; ++n) {
    if (n >= distances.size(1)) {  // Too few points: the last one repeats.
      indices.push_back(indices.back());
      values.push_back(values.back());
      continue;
    }
    const at::Tensor nearest = distances.amin(1, true);
    const at::Tensor at = at::where(distances == nearest, places, distances.size(1)).amin(1, true);
    indices.push_back(at);
    values.push_back(nearest);
    distances.scatter_(1, at, std::numeric_limits<float>::infinity());
  }
  return {at::cat(indices, 1), at::cat(values, 1)};
}

/// One piece of centres. @param inside  [C, N] whether a point is in a centre's ball.
at::Tensor firstInside(const at::Tensor& inside, std::int64_t k, const at::Tensor& nearest) {
  const at::Tensor hits = at::nonzero(inside);  // by centre, then by index
  const at::Tensor count = inside.sum(1);
  const at::Tensor centre = hits.select(1, 0);
  const at::Tensor begin = count.cumsum(0) - count;
  const at::Tensor rank = at::arange(hits.size(0), hits.options()) - begin.index_select(0, centre);
  const at::Tensor kept = rank < k;
  at::Tensor result = at::zeros({inside.size(0), k}, hits.options());
  result.index_put_({centre.masked_select(kept), rank.masked_select(kept)}, hits.select(1, 1).masked_select(kept));
  const at::Tensor column = at::arange(k, hits.options()).unsqueeze(0);
  const at::Tensor found = count.clamp(1, k).unsqueeze(1);
  if (!nearest.defined()) return at::where(column < found, result, result.slice(1, 0, 1));
  return at::where(count.unsqueeze(1) > 0, result.gather(1, column % found), nearest);
}

}  // namespace

at::Tensor farthestPoints(const at::Tensor& points, std::int64_t num_samples, bool skip_near_origin) {
  TORCH_CHECK(num_samples > 0 && num_samples <= points.size(0), "more samples than points, or none");
  const at::Tensor places = at::arange(points.size(0), points.options().dtype(at::kLong));
  const at::Tensor origin = at::zeros({1, 3}, points.options());
  at::Tensor distance = at::full({points.size(0)}, std::numeric_limits<float>::max(), points.options());
  if (skip_near_origin) {
    const at::Tensor near = squaredDistances(points, origin).flatten() <= kNearOrigin_m2;
    distance.masked_fill_(near, -1);
    // With no other point, point 0 is taken again: it is the first of the largest, all of which are -1.
  }
  std::vector<at::Tensor> chosen{at::zeros({}, places.options())};
  while (static_cast<std::int64_t>(chosen.size()) < num_samples) {
    const at::Tensor newest = points.index_select(0, chosen.back().view({1}));
    distance = at::minimum(distance, squaredDistances(points, newest).flatten());
    chosen.push_back(firstOfLargest(distance, places));
  }
  return at::stack(chosen);
}

at::Tensor ballQuery(const at::Tensor& points,
                     const at::Tensor& centres,
                     double radius_m,
                     std::int64_t num_neighbours,
                     BallPadding padding) {
  TORCH_CHECK(num_neighbours > 0 && radius_m > 0, "the radius and the number of neighbours must be positive");
  const auto radius = static_cast<float>(radius_m);
  const float radius_m2 = radius * radius;
  std::vector<at::Tensor> pieces;
  forPieces(centres.size(0), points.size(0), [&](std::int64_t begin, std::int64_t end) {
    at::Tensor distances = squaredDistances(centres.slice(0, begin, end), points);
    const at::Tensor inside = distances < radius_m2;
    const at::Tensor nearest = padding == BallPadding::Cycle ? smallest(distances, 1).first : at::Tensor();
    pieces.push_back(firstInside(inside, num_neighbours, nearest));
  });
  return at::cat(pieces);
}

std::pair<at::Tensor, at::Tensor> nearest(const at::Tensor& points, const at::Tensor& queries, std::int64_t k) {
  TORCH_CHECK(k > 0, "k must be positive");
  std::vector<at::Tensor> indices, distances;
  forPieces(queries.size(0), points.size(0), [&](std::int64_t begin, std::int64_t end) {
    auto [index, distance] = smallest(squaredDistances(queries.slice(0, begin, end), points), k);
    indices.push_back(std::move(index));
    distances.push_back(std::move(distance));
  });
  return {at::cat(indices), at::cat(distances)};
}

}  // namespace tagscape::tensors

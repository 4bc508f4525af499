#include "core/nn/network_torch.h"
#include "core/nn/tensor_operators_torch.h"

#include <ATen/ATen.h>

#include <stdexcept>

namespace tagscape {
namespace {

constexpr std::int64_t kInterpolated = 3;

/// One list after the other, each shifted by the rows of the clouds before it.
template <class ListOf>
at::Tensor joined(const std::vector<const PointHierarchy*>& clouds, const CloudRows& rows, ListOf&& list_of) {
  std::vector<std::int64_t> all;
  for (std::size_t cloud = 0; cloud < clouds.size(); ++cloud) {
    const std::int64_t offset = rows.begins[cloud];
    const std::vector<std::int64_t>& own = list_of(*clouds[cloud]);
    all.reserve(clouds.size() * own.size());
    for (const std::int64_t row : own) all.push_back(row + offset);
  }
  return at::tensor(all, at::kLong);
}

void checkLevels(const std::vector<const PointHierarchy*>& clouds) {
  for (const PointHierarchy* cloud : clouds) {
    bool same = cloud->levels.size() == clouds[0]->levels.size();
    for (std::size_t l = 0; same && l < cloud->levels.size(); ++l)
      same = cloud->levels[l].neighbours.size() == clouds[0]->levels[l].neighbours.size();
    if (!same) throw std::logic_error("batchHierarchies: clouds of different levels or groups");
  }
}

PointBatch::Level batchLevel(const std::vector<const PointHierarchy*>& clouds,
                             std::size_t l,
                             const CloudRows& finer,
                             const at::Device& device) {
  PointBatch::Level level;
  for (const PointHierarchy* cloud : clouds) level.rows.add(static_cast<std::int64_t>(cloud->levels[l].num_points));
  const auto join = [&](const CloudRows& rows, auto&& list) {
    return joined(
               clouds,
               rows,
               [&](const PointHierarchy& cloud) -> const std::vector<std::int64_t>& { return list(cloud.levels[l]); })
        .to(device);
  };
  level.centres = join(
      finer, [](const PointLevel& own) -> const auto& { return own.centres; });
  for (std::size_t group = 0; group < clouds[0]->levels[l].neighbours.size(); ++group) {
    level.neighbours.push_back(join(
        finer, [&](const PointLevel& own) -> const auto& { return own.neighbours[group]; }));
  }
  level.interpolate_from = join(
      level.rows, [](const PointLevel& own) -> const auto& { return own.interpolate_from; });
  std::vector<float> weights;
  for (const PointHierarchy* cloud : clouds) {
    const auto& own = cloud->levels[l].interpolate_weight;
    weights.insert(weights.end(), own.begin(), own.end());
  }
  level.interpolate_weight = at::tensor(weights).view({-1, kInterpolated, 1}).to(device);
  return level;
}

/// The neighbourhoods of one cloud by tensor formulations; the same as buildHierarchy's.
std::vector<PointBatch::Level> tensorLevels(const at::Tensor& cloud, const PointHierarchyOptions& options) {
  std::vector<PointBatch::Level> levels;
  at::Tensor finer = cloud;
  for (const PointLevelOptions& wanted : options.levels) {
    PointBatch::Level level;
    const std::int64_t num_points = std::min(static_cast<std::int64_t>(wanted.num_points), finer.size(0));
    level.rows.add(num_points);
    level.centres = tensors::farthestPoints(finer, num_points, options.skip_near_origin);
    const at::Tensor coarser = finer.index_select(0, level.centres);
    for (const auto& [radius_m, num_neighbours] : wanted.groups) {
      const auto k = static_cast<std::int64_t>(num_neighbours);
      level.neighbours.push_back(tensors::ballQuery(finer, coarser, radius_m, k, options.padding).flatten());
    }
    const auto [index, distance_m2] = tensors::nearest(coarser, finer, kInterpolated);
    const at::Tensor closeness = 1 / (distance_m2.sqrt() + options.min_distance_m);
    level.interpolate_from = index.flatten();
    level.interpolate_weight = (closeness / closeness.sum(1, true)).unsqueeze(2);
    levels.push_back(std::move(level));
    finer = coarser;
  }
  return levels;
}

/// Appends the rows of a cloud to those before it, of which the finer level has `finer`.
void append(PointBatch::Level& all, const PointBatch::Level& own, std::int64_t finer) {
  const auto join = [](at::Tensor& list, const at::Tensor& more) { list = at::cat({list, more}); };
  join(all.centres, own.centres + finer);
  for (std::size_t group = 0; group < all.neighbours.size(); ++group)
    join(all.neighbours[group], own.neighbours[group] + finer);
  join(all.interpolate_from, own.interpolate_from + all.rows.numRows());
  join(all.interpolate_weight, own.interpolate_weight);
  all.rows.add(own.rows.numRows());
}

PointBatch searchByTensors(const at::Tensor& positions, const PointHierarchyOptions& options) {
  PointBatch batch;
  for (std::int64_t cloud = 0; cloud < positions.size(0); ++cloud) {
    auto levels = tensorLevels(positions[cloud], options);
    if (cloud == 0) {
      batch.levels = std::move(levels);
      continue;
    }
    std::int64_t finer = cloud * positions.size(1);
    for (std::size_t l = 0; l < levels.size(); ++l) {
      const std::int64_t before = batch.levels[l].rows.numRows();
      append(batch.levels[l], levels[l], finer);
      finer = before;
    }
  }
  return batch;
}

PointBatch searchByOwnOperators(const at::Tensor& positions, const PointHierarchyOptions& options) {
  static_assert(sizeof(Eigen::Vector3f) == 3 * sizeof(float));
  const at::Tensor plain = positions.to(at::kCPU, at::kFloat).contiguous();
  const auto num_points = static_cast<std::size_t>(plain.size(1));
  std::vector<PointHierarchy> hierarchies;
  for (std::int64_t cloud = 0; cloud < plain.size(0); ++cloud) {
    const auto* first = reinterpret_cast<const Eigen::Vector3f*>(plain[cloud].data_ptr<float>());
    hierarchies.push_back(buildHierarchy({first, num_points}, options));
  }
  std::vector<const PointHierarchy*> pointers;
  for (const auto& hierarchy : hierarchies) pointers.push_back(&hierarchy);
  return batchHierarchies(pointers, positions.device());
}

}  // namespace

PointBatch batchHierarchies(const std::vector<const PointHierarchy*>& clouds, const at::Device& device) {
  checkLevels(clouds);
  PointBatch batch;
  for (const PointHierarchy* cloud : clouds) batch.rows.add(static_cast<std::int64_t>(cloud->num_points));
  CloudRows finer = batch.rows;
  for (std::size_t l = 0; l < clouds.at(0)->levels.size(); ++l) {
    batch.levels.push_back(batchLevel(clouds, l, finer, device));
    finer = batch.levels.back().rows;
  }
  return batch;
}

PointBatch makePointBatch(const at::Tensor& positions,
                          const at::Tensor& features,
                          const PointHierarchyOptions& options,
                          PointSearch search) {
  TORCH_CHECK(positions.dim() == 3 && positions.size(2) == 3 && positions.numel() > 0, "positions must be [B, N, 3]");
  const at::NoGradGuard no_grad;  // Which points are neighbours has no gradient.
  if (search == PointSearch::Auto)
    search = positions.device().is_cpu() ? PointSearch::OwnOperators : PointSearch::Tensors;
  PointBatch batch =
      search == PointSearch::Tensors ? searchByTensors(positions, options) : searchByOwnOperators(positions, options);
  batch.rows = {};
  for (std::int64_t cloud = 0; cloud < positions.size(0); ++cloud) batch.rows.add(positions.size(1));
  batch.positions = positions.reshape({-1, 3});
  if (features.defined() && features.size(-1) > 0) batch.features = features.reshape({-1, features.size(-1)});
  return batch;
}

}  // namespace tagscape

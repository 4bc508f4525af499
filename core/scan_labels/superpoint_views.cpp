#include "core/scan_labels/superpoint_views.h"

#include "core/scene/class_catalog.h"

#include <algorithm>

namespace tagscape {
namespace {

using Row = Eigen::Array<float, 1, kNumClasses>;

/// Cells in rows, so that all classes of one lie together.
ClassValues cellRows(const CellMaps& logits) {
  return Eigen::Map<const ClassValues>(logits.values.data(), kNumClasses, static_cast<Eigen::Index>(logits.numCells()))
      .transpose();
}

Row sampled(const ClassValues& cells, const CellBlend& blend) {
  const auto places = blend.cells();
  const auto weights = blend.weights();
  Row values = Row::Zero();
  for (std::size_t i = 0; i < places.size(); ++i)
    values += weights[i] * cells.row(static_cast<Eigen::Index>(places[i]));
  return values;
}

/// Sums by superpoint, over visible superpoints only.
class Sums {
 public:
  explicit Sums(std::span<const std::uint32_t> of_vertex) : of_vertex_(of_vertex) {
    std::uint32_t count = 0;
    for (const std::uint32_t s : of_vertex) count = std::max(count, s + 1);
    place_.assign(count, kUnseen);
  }
  void add(std::size_t vertex, const Row& values) {
    std::uint32_t& place = place_[of_vertex_[vertex]];
    if (place == kUnseen) {
      place = static_cast<std::uint32_t>(superpoints_.size());
      superpoints_.push_back(of_vertex_[vertex]);
      counts_.push_back(0);
      sums_.push_back(Row::Zero());
    }
    counts_[place] += 1;
    sums_[place] += values;
  }
  [[nodiscard]] SuperpointView means() const {
    SuperpointView view;
    view.superpoints = superpoints_;
    std::sort(view.superpoints.begin(), view.superpoints.end());
    view.logits.resize(static_cast<Eigen::Index>(superpoints_.size()), kNumClasses);
    for (std::size_t i = 0; i < superpoints_.size(); ++i) {
      const std::uint32_t place = place_[view.superpoints[i]];
      view.num_visible.push_back(counts_[place]);
      view.logits.row(static_cast<Eigen::Index>(i)) = sums_[place] / counts_[place];
    }
    return view;
  }

 private:
  static constexpr std::uint32_t kUnseen = ~0U;
  std::span<const std::uint32_t> of_vertex_;
  std::vector<std::uint32_t> place_, superpoints_;
  std::vector<float> counts_;
  std::vector<Row> sums_;
};

}  // namespace

std::vector<SuperpointView> viewSuperpoints(const VisibilityResult& visibility,
                                            const Intrinsics& color,
                                            const CellMaps& logits,
                                            std::span<const std::vector<std::uint32_t>> of_vertex) {
  const ClassValues cells = cellRows(logits);
  const CellSampler sampler(logits.grid, logits.width, logits.height, color.width, color.height);
  std::vector<Sums> sums;
  for (const auto& scale : of_vertex) sums.emplace_back(scale);
  for (std::size_t vertex = 0; vertex < visibility.reason.size(); ++vertex) {
    if (visibility.reason[vertex] != Visibility::Visible) continue;
    const Eigen::Vector2f& pixel = visibility.pixel[vertex];
    const Row values = sampled(cells, sampler.at(pixel.x(), pixel.y()));
    for (Sums& scale : sums) scale.add(vertex, values);
  }
  std::vector<SuperpointView> views;
  for (const Sums& scale : sums) views.push_back(scale.means());
  return views;
}

}  // namespace tagscape

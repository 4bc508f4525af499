#include "core/annotate/grow_labels.h"

#include <algorithm>
#include <map>
#include <utility>

namespace tagscape {

std::vector<std::uint32_t> elementsOf(const LabelLayer& layer,
                                      std::uint8_t label,
                                      std::optional<std::uint16_t> instance) {
  std::vector<std::uint32_t> elements;
  elements.reserve(layer.count(label));
  for (std::uint32_t i = 0; i < layer.size(); ++i) {
    if (layer.labels()[i] == label && (!instance || layer.instances()[i] == *instance)) elements.push_back(i);
  }
  return elements;
}

LabelDelta growLabels(const LabelLayer& layer,
                      std::span<const std::uint32_t> seeds,
                      const PointNeighbours& neighbours,
                      std::span<const Eigen::Vector3f> positions_m,
                      const LabelBrush& brush) {
  std::vector<std::uint32_t> reached, around;
  for (const std::uint32_t seed : seeds) {
    neighbours.within(positions_m[seed], neighbours.reach_m(), around);
    for (const std::uint32_t point : around) {
      if (layer.labels()[point] != brush.value.label) reached.push_back(point);
    }
  }
  return paint(layer, reached, brush);
}

LabelDelta shrinkLabels(const LabelLayer& layer,
                        std::span<const std::uint32_t> seeds,
                        const PointNeighbours& neighbours,
                        std::span<const Eigen::Vector3f> positions_m) {
  LabelDelta delta;
  std::vector<std::uint32_t> sorted(seeds.begin(), seeds.end()), around;
  std::sort(sorted.begin(), sorted.end());
  for (const std::uint32_t seed : sorted) {
    const LabelValue before = layer.at(seed);
    std::map<std::pair<std::uint8_t, std::uint16_t>, std::pair<std::size_t, std::uint32_t>> others;
    neighbours.within(positions_m[seed], neighbours.reach_m(), around);
    for (const std::uint32_t point : around) {
      const LabelValue value = layer.at(point);
      if (value.label == before.label && value.instance == before.instance) continue;
      auto& [count, example] = others[{value.label, value.instance}];
      ++count;
      example = point;
    }
    if (others.empty()) continue;
    const auto most = std::max_element(
        others.begin(), others.end(), [](const auto& a, const auto& b) { return a.second.first < b.second.first; });
    delta.elements.push_back(seed);
    delta.before.push_back(before);
    delta.after.push_back(layer.at(most->second.second));
  }
  return delta;
}

LabelDelta instancesOf(const LabelLayer& layer,
                       std::uint8_t label,
                       std::uint16_t first_instance,
                       std::uint16_t source,
                       const PointNeighbours& neighbours) {
  std::vector<std::vector<std::uint32_t>> pieces;
  std::vector<bool> is_done(layer.size());
  const auto is_open = [&](std::uint32_t point) { return layer.labels()[point] == label && !is_done[point]; };
  for (std::uint32_t i = 0; i < layer.size(); ++i) {
    if (!is_open(i)) continue;
    pieces.push_back(neighbours.connected(i, is_open, layer.size()));
    for (const std::uint32_t point : pieces.back()) is_done[point] = true;
  }
  std::stable_sort(pieces.begin(), pieces.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  std::vector<std::pair<std::uint32_t, std::uint16_t>> numbered;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto number = static_cast<std::uint16_t>(std::min<std::size_t>(first_instance + i, 65535));
    for (const std::uint32_t point : pieces[i]) numbered.emplace_back(point, number);
  }
  std::sort(numbered.begin(), numbered.end());
  LabelDelta delta;
  for (const auto& [point, number] : numbered) {
    LabelValue after = layer.at(point);
    const LabelValue before = after;
    after.instance = number;
    after.source = source;
    if (after == before) continue;
    delta.elements.push_back(point);
    delta.before.push_back(before);
    delta.after.push_back(after);
  }
  return delta;
}

}  // namespace tagscape

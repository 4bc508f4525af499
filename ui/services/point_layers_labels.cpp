// Columns of the labels that are edited: the part of PointLayers that follows ShownLabels.

#include "ui/services/point_layers.h"

namespace tagscape {

void PointLayers::followLabels() {
  const LabelLayer* layer = document_.labels().layer();
  coverage_.assign(layer ? layer->size() : 0, 0);
  instance_rows_.assign(coverage_.size(), 0);
  for (std::size_t i = 0; i < coverage_.size(); ++i) describeLabel(i);
  renew(LayerNeed::Labels);
  Q_EMIT stateChanged();
}

void PointLayers::describeLabel(std::size_t point) {
  constexpr std::uint16_t kNumRows = 255;  // Row 0 stands for none.
  const LabelValue value = document_.labels().layer()->at(point);
  const LabelCoverage coverage = value.label == kNoClass               ? LabelCoverage::Nobody
                                 : document_.labels().isPersons(value) ? LabelCoverage::Person
                                                                       : LabelCoverage::Machine;
  coverage_[point] = static_cast<std::uint8_t>(coverage);
  instance_rows_[point] = static_cast<std::uint8_t>(value.instance == 0 ? 0 : 1 + (value.instance - 1) % kNumRows);
}

void PointLayers::patchLabels(const std::vector<std::uint32_t>& points) {
  if (!has(LayerNeed::Labels)) return;
  for (const std::uint32_t point : points) describeLabel(point);
  for (const PointLayer layer : {PointLayer::Labels, PointLayer::Coverage, PointLayer::Instances})
    Q_EMIT columnPatched(layer, points);
}

}  // namespace tagscape

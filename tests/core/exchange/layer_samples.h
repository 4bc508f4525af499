#pragma once

// Labels of the box scene: floor, table and sofa, some of them unsure, some without a label, two objects.

#include "core/exchange/label_sources.h"
#include "tests/support/box_scene.h"

#include <cstdint>
#include <memory>

namespace tagscape::testing {

/// Points alone. Every seventh point is unsure, every eleventh has no label; the table and the sofa are objects 4
/// and 9.
inline ExchangeLayer boxLayer(const Scene& scene) {
  constexpr std::uint32_t kTableObject = 4, kSofaObject = 9;
  ExchangeLayer layer{"corrected", "after 12 edits", {}, scanNetClasses(), {}, {}};
  for (std::size_t i = 0; i < scene.point_labels.size(); ++i) {
    const bool has_label = i % 11 != 0;
    const std::uint8_t label = scene.point_labels[i];
    layer.points.classes.push_back(has_label ? label : kUnlabelled);
    layer.points.confidence.push_back(!has_label ? 0.F : i % 7 == 0 ? .25F : .875F);
    layer.points.instances.push_back(!has_label        ? 0
                                     : label == kTable ? kTableObject
                                     : label == kSofa  ? kSofaObject
                                                       : 0);
    layer.points.origins.push_back(has_label ? LabelOrigin::Edit : LabelOrigin::Unknown);
  }
  return layer;
}

}  // namespace tagscape::testing

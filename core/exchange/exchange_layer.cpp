#include "core/exchange/exchange_layer.h"

#include <algorithm>
#include <array>

namespace tagscape {
namespace {

struct RawCategory {
  const char* name;
  std::uint16_t id;
};

/// In the order of the class catalogue.
constexpr std::array<RawCategory, kNumClasses> kRawCategories{
    {{"wall", 1},    {"floor", 3},      {"cabinet", 7},       {"bed", 11},
     {"chair", 2},   {"couch", 6},      {"table", 4},         {"door", 5},
     {"window", 16}, {"bookshelf", 18}, {"picture", 15},      {"counter", 35},
     {"desk", 9},    {"curtain", 21},   {"refrigerator", 27}, {"shower curtain", 55},
     {"toilet", 17}, {"sink", 14},      {"bathtub", 42},      {"furniture", 213}}};

ExchangeClasses makeScanNetClasses() {
  constexpr int kLastWithoutInstances = 2;  // NYU40's wall and floor
  ExchangeClasses classes;
  for (std::size_t i = 0; i < kNumClasses; ++i) {
    const ClassInfo& info = classCatalog()[i];
    classes.push_back({std::string(info.name),
                       info.nyu40_id,
                       info.rgb,
                       kRawCategories[i].name,
                       kRawCategories[i].id,
                       info.nyu40_id > kLastWithoutInstances});
  }
  return classes;
}

}  // namespace

const ExchangeClasses& scanNetClasses() {
  static const ExchangeClasses classes = makeScanNetClasses();
  return classes;
}

bool areScanNetClasses(const ExchangeClasses& classes) {
  const ExchangeClasses& known = scanNetClasses();
  return std::equal(classes.begin(), classes.end(), known.begin(), known.end(), [](const auto& a, const auto& b) {
    return a.name == b.name && a.id == b.id;
  });
}

ExchangeLayer layerOfPoints(const PointLabels& labels) {
  ExchangeLayer layer{labels.name(), labels.provenance(), {}, scanNetClasses(), {}, {}};
  LayerPoints& points = layer.points;
  points.classes.reserve(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::uint8_t label = labels.classes()[i];
    points.classes.push_back(label == kNoClass ? kUnlabelled : label);
    points.confidence.push_back(labels.confidence(i));
    points.origins.push_back(labels.sourceOf(i).origin);
  }
  return layer;
}

PointLabels pointLabelsOf(const ExchangeLayer& layer) {
  const LayerPoints& points = layer.points;
  std::vector<std::uint8_t> classes(points.size());
  std::transform(points.classes.begin(), points.classes.end(), classes.begin(), [](std::uint16_t row) {
    return row == kUnlabelled ? kNoClass : static_cast<std::uint8_t>(row);
  });
  return {layer.name, layer.provenance, std::move(classes), points.confidence, {LabelOrigin::Import}};
}

}  // namespace tagscape

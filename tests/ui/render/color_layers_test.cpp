// The table of colour layers: what every row must hold so that menus, shaders and the GPU's columns can be made from
// it.

#include "ui/render/color_layers.h"

#include "ui/models/point_layer.h"
#include "ui/render/color_tables.h"
#include "ui/render/point_cloud_renderer.h"
#include "ui/render/point_shaders.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace tagscape {
namespace {

constexpr std::uint32_t kFewestAttributes = 16;  // Every OpenGL 3.3 has so many (GL_MAX_VERTEX_ATTRIBS).

TEST(ColorLayers, HaveIdsKeysActionsAndAttributesOfTheirOwn) {
  std::set<std::string> ids, keys, actions, attributes;
  std::size_t num_columns = 0;
  for (const ColorLayer& row : colorLayers()) {
    ids.emplace(row.id);
    keys.emplace(row.key);
    actions.emplace(row.action);
    if (row.hasColumn()) attributes.emplace(row.column.attribute);
    num_columns += row.hasColumn() ? 1 : 0;
  }
  EXPECT_EQ(ids.size(), colorLayers().size());
  EXPECT_EQ(keys.size(), colorLayers().size());
  EXPECT_EQ(actions.size(), colorLayers().size());
  EXPECT_EQ(attributes.size(), num_columns);
}

TEST(ColorLayers, AreFoundById) {
  for (const ColorLayer& row : colorLayers()) EXPECT_EQ(&colorLayer(row.id), &row);
  EXPECT_EQ(findColorLayer("no such layer"), nullptr);
  EXPECT_THROW((void)colorLayer("no such layer"), std::logic_error);
  EXPECT_EQ(&colorLayer(PointLayer().id), &ownColors()) << "a document begins with own colours";
}

TEST(ColorLayers, IncludeThoseThatCodeNames) {
  for (const PointLayer& layer : {PointLayer::Rgb,
                                  PointLayer::Cam,
                                  PointLayer::Prediction,
                                  PointLayer::Truth,
                                  PointLayer::LiftedCam,
                                  PointLayer::Disagreement,
                                  PointLayer::Confidence,
                                  PointLayer::Reason,
                                  PointLayer::Error,
                                  PointLayer::Superpoints})
    EXPECT_NE(findColorLayer(layer.id), nullptr) << layer.id;
}

TEST(ColorLayers, HaveWhatTheirColoursAndNamesAreMadeFrom) {
  const std::vector<Color8> label_colors{{200, 100, 50}};
  for (const ColorLayer& row : colorLayers()) {
    EXPECT_FALSE(titleOf(row).isEmpty()) << row.id;
    EXPECT_EQ(row.colors == LayerColors::Kinds, row.kinds != nullptr) << row.id;
    EXPECT_EQ(row.hasColumn(), row.column.data != nullptr) << row.id;
    const ColorTable table = colorTable(row, HeatMap::Viridis, ClassPalette::ScanNet, label_colors);
    EXPECT_EQ(table[0].w() > 0, row.colors != LayerColors::Own) << row.id;
    EXPECT_EQ(table[kNoValueRow].w() > 0, row.no_value != nullptr) << row.id;
  }
}

TEST(ColorLayers, ReadColumnsThatFitOnTheGpuWhicheverTwoAreMixed) {
  for (const ColorLayer& a : colorLayers()) {
    for (const ColorLayer& b : colorLayers()) {
      std::set<const ColorLayer*> read{&colorLayer("prediction")};  // By which classes are hidden.
      for (const ColorLayer* layer : columnsReadBy(a)) read.insert(layer);
      for (const ColorLayer* layer : columnsReadBy(b)) read.insert(layer);
      std::size_t bytes = sizeof(PackedCloud::Vertex);
      for (const ColorLayer* layer : read) bytes += layer->column.bytes_a_point;
      EXPECT_LE(bytes, kMaxBytesAPoint) << a.id << " + " << b.id;
    }
  }
}

TEST(ColorLayers, HaveAttributesThatEveryDriverHas) {
  std::set<std::uint32_t> numbers;
  std::size_t num_sent = 0;
  for (const ColorLayer& row : colorLayers()) {
    if (!row.hasColumn() || row.column.bytes_a_point == 0) continue;
    ++num_sent;
    numbers.insert(columnAttribute(row));
  }
  EXPECT_EQ(numbers.size(), num_sent);
  EXPECT_GE(*numbers.begin(), kFirstColumnAttribute);
  EXPECT_LT(*numbers.rbegin(), kFewestAttributes);
}

TEST(LayerShaders, DeclareTheColumnsThatTheLayersReadAndNoOthers) {
  const auto parts = layerShaderParts({.layer = &colorLayer("disagreement"), .other = &colorLayer("error")});
  ASSERT_TRUE(parts) << parts.error().message;
  for (const char* attribute : {"a_cam;", "a_lifted;", "a_prediction;"})
    EXPECT_EQ(parts->count(attribute), 1) << attribute;
  for (const char* attribute : {"a_superpoint;", "a_confidence;", "a_visibility;"})
    EXPECT_EQ(parts->count(attribute), 0) << attribute;
  EXPECT_EQ(parts->count("#define layerRow rowOfA"), 1);
  EXPECT_EQ(parts->count("#define layerRow rowOfB"), 1);
}

TEST(LayerShaders, ExistForEveryLayer) {
  for (const ColorLayer& row : colorLayers()) {
    const auto parts = layerShaderParts({.layer = &row});
    ASSERT_TRUE(parts) << row.id << ": " << parts.error().message;
    EXPECT_TRUE(parts->contains("int layerRow(vec2 range)")) << row.id;
  }
}

TEST(LayerShaders, ReadThePredictionWhereItHidesClasses) {
  const auto parts = layerShaderParts({.layer = &ownColors(), .hides = PointShaderKey::Hides::Prediction});
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->count("a_prediction;"), 1);
}

}  // namespace
}  // namespace tagscape

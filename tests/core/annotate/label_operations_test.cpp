#include "core/annotate/label_operations.h"

#include "core/annotate/grow_labels.h"
#include "core/annotate/label_codec.h"
#include "tests/core/annotate/annotate_fixtures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace tagscape {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

LabelLayer layerOf(const std::vector<std::uint8_t>& labels) {
  LabelLayer layer(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) layer.set(i, {labels[i], 255, 0, 1});
  return layer;
}

TEST(LabelLayer, TakesSixBytesAPointAndCountsClasses) {
  EXPECT_LE(LabelLayer::kBytesAnElement, 12U);
  LabelLayer layer = layerOf({2, 2, 3, kNoClass});
  EXPECT_EQ(layer.count(2), 2U);
  EXPECT_EQ(layer.numLabelled(), 3U);
  layer.set(0, {3, 255, 9, 1});
  EXPECT_EQ(layer.count(2), 1U);
  EXPECT_EQ(layer.maxInstance(), 9);
}

TEST(Paint, LeavesOutWhatWouldStayAndSortsWhatCameTwice) {
  const LabelDelta delta = paint(layerOf({2, 3, 2, 3}), std::vector{3U, 1U, 3U, 0U}, {{2, 255, 0, 1}});
  EXPECT_THAT(delta.elements, ElementsAre(1U, 3U));
  EXPECT_EQ(delta.before[0].label, 3);
  EXPECT_EQ(delta.after[0].label, 2);
}

TEST(Paint, KeepsProtectedClassesAndLabelsThatAreThere) {
  const LabelLayer layer = layerOf({2, 3, kNoClass});
  const std::vector<std::uint32_t> all{0, 1, 2};
  LabelBrush brush{{5, 255, 0, 1}, false, ClassTags().set(3)};
  EXPECT_THAT(paint(layer, all, brush).elements, ElementsAre(0U, 2U));
  brush.only_unlabelled = true;
  EXPECT_THAT(paint(layer, all, brush).elements, ElementsAre(2U));
  EXPECT_THAT(paint(layer, all, {{kNoClass, 0, 0, 0}, false, ClassTags().set(2)}).elements, ElementsAre(1U));
}

TEST(Propose, NeverChangesWhatAPersonSet) {
  LabelLayer layer(3);
  layer.set(0, {2, 255, 0, 1});  // a person's
  layer.set(1, {2, 100, 0, 2});  // a machine's
  const std::vector<LabelValue> proposed{{4, 200, 0, 3}, {4, 200, 0, 3}, {4, 20, 0, 3}};
  ProposalOptions options;
  options.is_person = {false, true, false, false};
  EXPECT_THAT(propose(layer, proposed, options).elements, ElementsAre(1U, 2U));
  options.min_confidence = 100;
  EXPECT_THAT(propose(layer, proposed, options).elements, ElementsAre(1U));
  options.only_unlabelled = true;
  EXPECT_THAT(propose(layer, proposed, options).elements, IsEmpty());
  options = {};
  options.only_class = 3;
  EXPECT_THAT(propose(layer, proposed, options).elements, IsEmpty());
}

TEST(Purity, SaysWhatMostHaveAndWhatWouldChange) {
  const Purity purity = purityOf(layerOf({2, 2, 2, 3}), std::vector{0U, 1U, 2U, 3U}, {{2, 255, 0, 1}});
  EXPECT_EQ(purity.label, 2);
  EXPECT_EQ(purity.share, .75);
  EXPECT_EQ(purity.num_changed, 1U);
}

TEST(PointNeighbours, FindsWhatBruteForceFinds) {
  Random random(4);
  std::vector<Eigen::Vector3f> points;
  for (int i = 0; i < 3000; ++i) {
    points.emplace_back(static_cast<float>(random.uniform(-2, 2)),
                        static_cast<float>(random.uniform(-2, 2)),
                        static_cast<float>(random.uniform(-1, 1)));
  }
  points[17].x() = std::numeric_limits<float>::quiet_NaN();
  const PointNeighbours neighbours(points, 0.1F);
  for (int i = 0; i < 200; ++i) {
    const Eigen::Vector3f place = points[random.below(points.size())];
    const auto radius = static_cast<float>(random.uniform(0.01, 0.5));
    std::vector<std::uint32_t> expected;
    for (std::uint32_t k = 0; k < points.size(); ++k) {
      if ((points[k] - place).squaredNorm() <= radius * radius) expected.push_back(k);
    }
    auto found = neighbours.within(place, radius);
    std::sort(found.begin(), found.end());
    ASSERT_EQ(found, expected);
  }
}

TEST(GrowLabels, GrowsByOneReachAndShrinksBack) {
  const Scene scene = testing::gridScene("room", 25);  // a line of points 1 cm apart
  const auto& positions = scene.points().positions_m;
  const PointNeighbours neighbours(positions, 0.0105F);
  LabelLayer layer = layerOf(std::vector<std::uint8_t>(25, 1));
  for (std::size_t i = 10; i < 15; ++i) layer.set(i, {4, 255, 0, 1});
  const LabelDelta grown = growLabels(layer, elementsOf(layer, 4), neighbours, positions, {{4, 255, 0, 1}});
  EXPECT_THAT(grown.elements, ElementsAre(9U, 15U));
  layer.apply(grown);
  const LabelDelta shrunk = shrinkLabels(layer, elementsOf(layer, 4), neighbours, positions);
  EXPECT_THAT(shrunk.elements, ElementsAre(9U, 15U));
  EXPECT_EQ(shrunk.after[0].label, 1);
}

TEST(InstancesOf, NumbersConnectedPiecesTheLargestFirst) {
  const Scene scene = testing::gridScene("room", 20);
  const PointNeighbours neighbours(scene.points().positions_m, 0.0105F);
  LabelLayer layer = layerOf(std::vector<std::uint8_t>(20, 1));
  for (const std::size_t i : {2U, 3U, 8U, 9U, 10U}) layer.set(i, {4, 255, 0, 1});
  layer.apply(instancesOf(layer, 4, 6, 1, neighbours));
  EXPECT_EQ(layer.at(9).instance, 6);
  EXPECT_EQ(layer.at(2).instance, 7);
  EXPECT_EQ(layer.at(0).instance, 0);
}

TEST(LabelCodec, GivesBackWhatItGotAndRefusesDamage) {
  Random random(8);
  LabelLayer layer(3000);
  for (int i = 0; i < 20; ++i) {
    const LabelDelta delta = testing::randomStroke(random, layer);
    const auto bytes = encodeDelta(delta);
    const LabelDelta same = decodeDelta(bytes, layer.size()).value();
    EXPECT_EQ(same.elements, delta.elements);
    EXPECT_EQ(same.before, delta.before);
    EXPECT_EQ(same.after, delta.after);
    layer.apply(delta);
    auto damaged = bytes;
    damaged[random.below(damaged.size())] ^= std::byte{0x10};
    EXPECT_FALSE(decodeDelta(damaged, layer.size()));
    EXPECT_FALSE(decodeDelta(std::span(bytes).first(bytes.size() / 2), layer.size()));
  }
  EXPECT_EQ(decodeLayer(encodeLayer(layer), layer.size()).value(), layer);
  EXPECT_FALSE(decodeLayer(encodeLayer(layer), layer.size() + 1));
}

TEST(LabelCodec, KeepsPositionsToTheMillimetre) {
  const Scene scene = testing::gridScene("room", 500, -3.2F);
  const auto& positions = scene.points().positions_m;
  const auto same = decodePositions(encodePositions(positions), positions.size()).value();
  constexpr float kTolerance_m = 0.0006F;  // Half a millimetre, and the rounding of floats.
  for (std::size_t i = 0; i < same.size(); ++i) ASSERT_LT((same[i] - positions[i]).cwiseAbs().maxCoeff(), kTolerance_m);
}

}  // namespace
}  // namespace tagscape

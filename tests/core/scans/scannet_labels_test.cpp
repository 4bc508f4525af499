#include "core/scans/scannet_labels.h"

#include "core/io/json_text.h"
#include "core/scene/class_catalog.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tagscape {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(LabelMap, FindsColumnsByTitleAndTakesCrlf) {
  const auto map = LabelMap::parse("nyu40id\tid\tx\traw_category\r\n5\t10\t\toffice chair\r\n\t77\t\todd\r\n", "x");
  ASSERT_TRUE(map) << map.error().message;
  EXPECT_EQ(map->nyu40OfCategory("office chair"), 5);
  EXPECT_EQ(map->nyu40OfId(10), 5);
  EXPECT_EQ(map->nyu40OfId(77), 0);
  EXPECT_FALSE(map->nyu40OfId(11));
}

TEST(LabelMap, NamesAMissingTitleAndABadLine) {
  EXPECT_THAT(LabelMap::parse("id\traw_category\n", "x").error().message, HasSubstr("nyu40id"));
  EXPECT_THAT(LabelMap::parse("id\traw_category\tnyu40id\n1\twall\t1\n2\tchair\n", "x").error().message,
              HasSubstr("line 3"));
  EXPECT_THAT(LabelMap::parse("", "x").error().message, HasSubstr("line 1"));
}

TEST(LabelMap, TheBuiltInOneKnowsAllTwentyClasses) {
  for (const auto& info : classCatalog()) EXPECT_EQ(LabelMap::builtIn().nyu40OfCategory(info.name), info.nyu40_id);
}

TEST(ScanNetSegments, TakesTheListAndNothingElse) {
  const auto segments = parseSegments(R"({"params": {"segIndices": [9]}, "a": [1], "segIndices": [3, 3, 12]})", "x");
  EXPECT_THAT(segments.value(), ElementsAre(3, 3, 12));
}

TEST(ScanNetSegments, RefusesWhatIsNoListOfWholeNumbers) {
  EXPECT_THAT(parseSegments(R"({"segIndices": [1, "a"]})", "x").error().message, HasSubstr("entry 1"));
  EXPECT_THAT(parseSegments(R"({"segIndices": [1, 2.5]})", "x").error().message, HasSubstr("entry 1"));
  EXPECT_THAT(parseSegments(R"({"segIndices": [1, 2.4e54]})", "x").error().message, HasSubstr("entry 1"));
  EXPECT_THAT(parseSegments(R"({"segIndices": [18446744073709551615]})", "x").error().message, HasSubstr("entry 0"));
  EXPECT_THAT(parseSegments(R"({"other": [1]})", "x").error().message, HasSubstr("segIndices"));
  EXPECT_THAT(parseSegments(R"({"segIndices": [1,)", "x").error().message, HasSubstr("byte"));
  EXPECT_FALSE(parseSegments("", "x"));
}

TEST(ScanNetSegments, LaterGroupsWinAndUnknownCategoriesAreUnannotated) {
  const auto groups = parseAggregation(R"({"segGroups": [{"label": "chair", "segments": [1, 2]},
      {"label": "table", "segments": [2]}, {"label": "gizmo", "segments": [4]}]})",
                                       "x")
                          .value();
  std::vector<std::string> unknown;
  const std::vector<std::int64_t> segments{1, 2, 3, 4};
  EXPECT_THAT(nyu40OfSegments(segments, groups, LabelMap::builtIn(), unknown), ElementsAre(5, 7, 0, 0));
  EXPECT_THAT(unknown, ElementsAre("gizmo"));
}

TEST(ScanNetSegments, AGroupWithoutSegmentsIsNamed) {
  EXPECT_THAT(
      parseAggregation(R"({"segGroups": [{"label": "a", "segments": []}, {"label": "b"}]})", "x").error().message,
      HasSubstr("group 1"));
}

TEST(ScanNetSegments, GroupsRefuseNumbersBeyondWhatAnIdCanHold) {
  for (const char* segments : {"[1, 2.4e54]", "[1, -2.4e54]", "[1, 1e400]", "[1, 18446744073709551615]", "[1, 1.5]"}) {
    const std::string text = std::string(R"({"segGroups": [{"label": "a", "segments": )") + segments + "}]}";
    EXPECT_FALSE(parseAggregation(text, "x")) << segments;
  }
}

TEST(ScanNetJson, DeepNestingIsRefusedBeforeItIsBuilt) {
  const std::string deep(1 << 20, '[');
  EXPECT_THAT(parseJson(deep, "x").error().message, HasSubstr("deeper than 64"));
  EXPECT_THAT(parseSegments(R"({"segIndices": )" + deep, "x").error().message, HasSubstr("deeper"));
  EXPECT_TRUE(
      parseJson(R"({"a": "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["})", "x"));
}

TEST(ScanNetSceneText, ReadsKeysAroundTheEqualsSign) {
  const auto values = parseSceneText("axisAlignment = 1 0 0 \r\nsceneType = Bookstore / Library\n\nno value\na=b=c");
  EXPECT_EQ(values.at("axisAlignment"), "1 0 0");
  EXPECT_EQ(values.at("sceneType"), "Bookstore / Library");
  EXPECT_EQ(values.at("a"), "b=c");
  EXPECT_EQ(values.size(), 3U);
}

}  // namespace
}  // namespace tagscape

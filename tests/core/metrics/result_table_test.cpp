#include "core/metrics/result_table.h"

#include "core/metrics/cell_table.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tagscape {
namespace {

std::vector<ResultRow> twoRows() {
  Confusion confusion;
  for (int i = 0; i < 3; ++i) confusion.add(0, 0);
  confusion.add(0, 1);
  ResultRow joint = rowOf(confusion);
  joint.name = "joint, \"first\"";
  joint.domain = "3D";
  joint.split = "val";
  joint.protocol = nameOf(EvaluationProtocol::WithTags);
  ResultRow empty;
  empty.name = "nothing";
  return {joint, empty};
}

TEST(ResultTable, TextHasClassesAsRows) {
  const std::string text = formatTable(twoRows(), TableFormat::Text);
  EXPECT_NE(text.find("with tags"), std::string::npos);
  EXPECT_NE(text.find("\nwall            "), std::string::npos);
  EXPECT_NE(text.find("75.0"), std::string::npos);
  EXPECT_NE(text.find("shower curtain"), std::string::npos);
}

TEST(ResultTable, CsvQuotesNamesAndLeavesCellsWithoutAValueEmpty) {
  const std::string csv = formatTable(twoRows(), TableFormat::Csv);
  EXPECT_NE(csv.find("\"joint, \"\"first\"\"\",3D,val,with tags,75.0,0.0,,"), std::string::npos) << csv;
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 3);
}

TEST(ResultTable, JsonHasPercentAndNull) {
  const auto json = nlohmann::json::parse(formatTable(twoRows(), TableFormat::Json));
  ASSERT_EQ(json.size(), 2U);
  EXPECT_DOUBLE_EQ(json[0]["iou"]["wall"], 75.0);
  EXPECT_TRUE(json[0]["iou"]["bed"].is_null());
  EXPECT_DOUBLE_EQ(json[0]["mean_iou"], 37.5);
  EXPECT_EQ(json[0]["evaluated"], 4);
}

TEST(ResultTable, JsonIsReadBackAsItWas) {
  const auto rows = parseTableJson(formatTable(twoRows(), TableFormat::Json), "rows.json");
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ((*rows)[0].name, "joint, \"first\"");
  EXPECT_EQ((*rows)[0].protocol, nameOf(EvaluationProtocol::WithTags));
  EXPECT_DOUBLE_EQ((*rows)[0].iou[0].value(), .75);
  EXPECT_FALSE((*rows)[0].iou[3]);
  EXPECT_DOUBLE_EQ((*rows)[0].mean_iou.value(), .375);
  EXPECT_EQ((*rows)[0].num_evaluated, 4U);
  EXPECT_FALSE((*rows)[1].mean_iou);
  for (const char* other : {"", "{", "[1]", R"([{"name": "x"}])"}) {
    const auto refused = parseTableJson(other, "rows.json");
    ASSERT_FALSE(refused) << other;
    EXPECT_NE(refused.error().message.find("rows.json"), std::string::npos);
  }
}

TEST(CellTable, AlignsCharactersAndNotBytes) {
  const std::vector<Cells> lines{{"", "mIoU"}, {"joint", "46.9 ± 0.5"}, {"control", "-"}};
  EXPECT_EQ(cellsAsText(lines), "               mIoU\njoint    46.9 ± 0.5\ncontrol           -\n");
  EXPECT_EQ(cellsAsMarkdown(lines),
            "|         |       mIoU |\n|---------|-----------:|\n| joint   | 46.9 ± 0.5 |\n| control |          - |\n");
  EXPECT_EQ(cellsAsCsv(lines), ",mIoU\njoint,46.9 ± 0.5\ncontrol,\n");
}

TEST(ResultTable, MarkdownHasOneRuleUnderTheHeading) {
  const std::string text = formatTable(twoRows(), TableFormat::Markdown);
  const std::size_t second = text.find('\n') + 1;
  const std::string rule = text.substr(second, text.find('\n', second) - second);
  EXPECT_EQ(rule.find_first_not_of("|-:"), std::string::npos) << rule;
  EXPECT_EQ(std::count(rule.begin(), rule.end(), '|'), 4);
}

TEST(ResultTable, FormatsAreNamed) {
  EXPECT_EQ(tableFormatNamed("markdown").value(), TableFormat::Markdown);
  EXPECT_EQ(tableFormatNamed("html").error().code, ErrorCode::InvalidInput);
}

TEST(PublishedRows, MeansAreThoseOfTheirClassesButForRounding) {
  // One published row (3D, no re-weighting) states 17.9 where its classes give 17.6; it is kept as published.
  constexpr double kPublishedError = .003;
  std::size_t count = 0;
  for (const char* domain : {"2D", "3D"}) {
    for (const ResultRow& row : publishedRows(domain, "")) {
      double sum = 0;
      for (const auto& value : row.iou) sum += value.value();
      EXPECT_NEAR(sum / kNumClasses, row.mean_iou.value(), kPublishedError) << row.name << ' ' << row.split;
      ++count;
    }
  }
  EXPECT_EQ(count, 14U);
  EXPECT_EQ(publishedRows("2D", "val").size(), 2U);
  EXPECT_TRUE(publishedRows("4D", "").empty());
}

}  // namespace
}  // namespace tagscape

#include "core/experiment/experiment_plots.h"

#include "core/experiment/svg_canvas.h"
#include "core/run/run_directory.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <regex>

namespace tagscape {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

std::size_t countOf(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

ExperimentResult result(const std::string& name, const std::string& domain, int seed, double miou) {
  ExperimentResult made;
  made.row.name = name;
  made.row.domain = domain;
  made.row.split = "val";
  made.row.protocol = nameOf(EvaluationProtocol::WithTags);
  made.row.iou[0] = miou;
  made.row.mean_iou = miou;
  made.model_seed = seed;
  return made;
}

TEST(SvgCanvas, EscapesTextAndNeverWritesWhatIsNoNumber) {
  SvgCanvas canvas(100, 50);
  canvas.text(1, 2, "a < b & \"c\"\n");
  canvas.line(0, 0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), "#000000");
  canvas.rectangle(0, 0, -5, 3, "#123456");
  const std::string svg = canvas.content();
  EXPECT_THAT(svg, HasSubstr("a &lt; b &amp; &quot;c&quot;?</text>"));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, Not(HasSubstr("inf")));
  EXPECT_THAT(svg, HasSubstr(R"(width="0.00")"));
  EXPECT_THAT(svg, ::testing::StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  EXPECT_THAT(svg, ::testing::EndsWith("</svg>\n"));
}

TEST(PlotMeanIou, DrawsABarAsLongAsTheMeanWithTheSpanOverSeeds) {
  const std::string svg =
      plotMeanIou({result("joint", "2D", 1, .4), result("joint", "2D", 2, .6), result("control", "2D", 1, .25)});
  std::smatch bar;
  // 330 px are 100 %.
  ASSERT_TRUE(std::regex_search(svg, bar, std::regex(R"re(<rect [^>]*width="165\.00"[^>]*fill="#0072b2")re")));
  ASSERT_TRUE(std::regex_search(svg, bar, std::regex(R"re(<rect [^>]*width="82\.50"[^>]*fill="#d55e00")re")));
  EXPECT_EQ(countOf(svg, "stroke=\"#000000\""), 1U) << "one run has more than one seed";
  EXPECT_THAT(svg, HasSubstr("50.0 ± 14.1"));
  EXPECT_THAT(svg, HasSubstr(">control<"));
}

TEST(PlotClassIou, ShowsJointControlAndCeiling) {
  const std::string svg = plotClassIou({result("joint", "3D", 1, .5),
                                        result("control", "3D", 1, .25),
                                        result("supervised", "3D", 1, .75),
                                        result("no-occlusion-filter", "3D", 1, .1)},
                                       "3D",
                                       "val");
  EXPECT_THAT(svg, HasSubstr(">supervised<"));
  EXPECT_THAT(svg, Not(HasSubstr("no-occlusion-filter")));
  EXPECT_THAT(svg, HasSubstr(">shower curtain<"));
  EXPECT_THAT(svg, HasSubstr(R"(width="280.00")"));  // half of 560
}

TEST(ExperimentPlots, OfNothingArePicturesStill) {
  for (const auto& svg : {plotMeanIou({}), plotClassIou({}, "2D", "val"), plotCurves({})})
    EXPECT_THAT(svg, ::testing::EndsWith("</svg>\n"));
}

TEST(PlotCurves, GiveARunOneColourInEveryPanel) {
  const std::vector<std::pair<double, double>> line{{1, 1}, {2, 2}};
  const std::string svg = plotCurves({{"phase-1", "loss_3d_cls", line},
                                      {"joint", "loss_2d_cls", line},
                                      {"joint", "loss_3d_cls", {{1, .5}}},
                                      {"joint", "loss_2d_to_3d", line}});
  EXPECT_EQ(countOf(svg, "stroke=\"#0072b2\""), 1U) << "phase-1";
  EXPECT_EQ(countOf(svg, "stroke=\"#d55e00\""), 3U) << "joint, in three panels";
  EXPECT_THAT(svg, HasSubstr(R"(width="4.00" height="4.00" fill="#d55e00")")) << "a single point is seen";
}

TEST(LossCurves, AreMeansOverStretchesOfSteps) {
  const testing::TemporaryFolder folder;
  const auto run = RunDirectory::create(folder.path() / "run", false).value();
  ASSERT_TRUE(run.writeStatus({}));
  for (int step = 1; step <= 400; ++step) {
    const double value = step == 4 ? std::numeric_limits<double>::quiet_NaN() : step;
    ASSERT_TRUE(run.appendMetrics({step, 0, "joint", {{"loss_2d_cls", value}, {"lr_2d", 1}}}));
  }
  const auto curves = lossCurves(run.path(), "joint");
  ASSERT_THAT(curves, SizeIs(1));
  EXPECT_EQ(curves[0].value, "loss_2d_cls");
  ASSERT_THAT(curves[0].points, SizeIs(200));
  EXPECT_DOUBLE_EQ(curves[0].points[0].second, 1.5);
  EXPECT_DOUBLE_EQ(curves[0].points[1].second, 3) << "what is no number is left out";
  const std::string svg = plotCurves(curves);
  EXPECT_EQ(countOf(svg, "<polyline"), 1U);
  EXPECT_THAT(svg, HasSubstr("loss_2d_cls"));
  EXPECT_TRUE(lossCurves(folder.path(), "none").empty());
}

}  // namespace
}  // namespace tagscape

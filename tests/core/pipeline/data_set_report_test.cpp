// The check of generator, files, readers, projection and depth filter together.

#include "core/pipeline/data_set_report.h"

#include "core/synth/room_set.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace tagscape {
namespace {

namespace fs = std::filesystem;

/// Enough rooms that every class appears; each frame is small.
RoomSetOptions small(std::uint64_t seed) {
  RoomSetOptions options = roomSetPreset("rooms-small").value();
  options.num_scenes = 21;
  options.scene.surface.edge_m = .2;
  options.seed = seed;
  return options;
}

class DataSetReports : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  static const DataSetReport& of(std::uint64_t seed) {
    static std::map<std::uint64_t, DataSetReport> known;
    if (!known.contains(seed)) {
      const testing::TemporaryFolder folder;
      EXPECT_TRUE(writeRoomSet(folder.path() / "set", small(seed), {}));
      known[seed] = reportDataSet(folder.path() / "set", {}, {}).value();
    }
    return known[seed];
  }
  static const ClassFrequency& named(const DataSetReport& report, std::string_view name) {
    return report.classes.at(static_cast<std::size_t>(classByName(name).value()));
  }
};

TEST_P(DataSetReports, FindPointsAndPixelsInAgreementOnlyBehindTheDepthFilter) {
  const auto& report = of(GetParam());
  EXPECT_TRUE(report.warnings.empty()) << report.warnings.front();
  EXPECT_GT(report.agreement_with_filter, .975);
  EXPECT_GT(report.agreement_without_filter, .8);
  EXPECT_LT(report.agreement_without_filter, .94);
}

TEST_P(DataSetReports, FindWallAndFloorNearlyEverywhereAndTheOthersSometimes) {
  const auto& report = of(GetParam());
  for (const char* name : {"wall", "floor"}) {
    EXPECT_GT(named(report, name).scenes, .95) << name;
    EXPECT_GT(named(report, name).images, .55) << name;
    EXPECT_LT(named(report, name).images, .97) << name << " is no use as a tag when every image has it";
  }
  const double ground = named(report, "wall").points + named(report, "floor").points;
  EXPECT_GT(ground, .6);
  EXPECT_LT(ground, .85);
  for (std::size_t k = 2; k < report.classes.size(); ++k) {
    const auto name = classCatalog()[k].name;
    EXPECT_GT(report.classes[k].scenes, .04) << name;
    EXPECT_LT(report.classes[k].scenes, .9) << name;
    EXPECT_GT(report.classes[k].images, .01) << name;
    EXPECT_LT(report.classes[k].images, .4) << name;
    EXPECT_LE(report.classes[k].points, .09) << name;
  }
}

TEST_P(DataSetReports, FindThatFramesSeeMostPointsButNotAll) {
  const auto& report = of(GetParam());
  EXPECT_EQ(report.num_scenes, 21U);
  EXPECT_EQ(report.num_frames, 21U * 6);
  EXPECT_GT(report.points_seen, .45);
  EXPECT_LT(report.points_seen, .9);
  EXPECT_LT(report.points_visible_per_frame, report.points_in_view_per_frame);
}

INSTANTIATE_TEST_SUITE_P(OfThreeSeeds, DataSetReports, ::testing::Values(1, 2, 3));

TEST(DataSetReport, IsRefusedWhereThereIsNoDataSet) {
  const testing::TemporaryFolder folder;
  EXPECT_EQ(reportDataSet(folder.path() / "nowhere", {}, {}).error().code, ErrorCode::NotFound);
  fs::create_directories(folder.path() / "set/scans/scene0000_00");
  const auto empty = reportDataSet(folder.path() / "set", {}, {});
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code, ErrorCode::InvalidInput);
}

TEST(DataSetReport, StopsWhenAsked) {
  const testing::TemporaryFolder folder;
  fs::create_directories(folder.path() / "set/scans/scene0000_00");
  std::stop_source source;
  source.request_stop();
  Job job;
  job.stop = source.get_token();
  EXPECT_EQ(reportDataSet(folder.path() / "set", {}, job).error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace tagscape

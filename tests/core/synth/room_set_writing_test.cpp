// Writing a data set where it is stopped, killed or refused: nothing half is left behind.

#include "core/base/parallel.h"
#include "core/scans/data_set.h"
#include "core/synth/room_set.h"
#include "tests/core/synth/room_set_fixture.h"
#include "tests/support/file_size_limit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace tagscape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::tinyRoomSet;

class RoomSetWriting : public testing::RoomSetTest {};

TEST_F(RoomSetWriting, LeavesOnlyWholeScenesWhenStoppedAndGoesOnLater) {
  setNumThreads(1);
  make("whole", tinyRoomSet());
  std::stop_source source;
  Job job;
  job.stop = source.get_token();
  job.on_progress = [&](const Progress& progress) {
    if (progress.done == 5) source.request_stop();  // in the second scene
  };
  const auto stopped = writeRoomSet(place("stopped"), tinyRoomSet(), job);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
  EXPECT_EQ(scanDataSet(place("stopped"))->scenes.size(), 1U);
  EXPECT_FALSE(fs::exists(place("stopped") / "scannetv2_train.txt")) << "lists come when the scenes are there";
  EXPECT_FALSE(fs::exists(place("stopped") / ".unfinished"));

  const auto resumed = writeRoomSet(place("stopped"), tinyRoomSet(), {});
  ASSERT_TRUE(resumed) << resumed.error().message;
  EXPECT_EQ(resumed->num_made, 2);
  EXPECT_EQ(testing::filesBelow(place("stopped")), testing::filesBelow(place("whole")));
}

TEST_F(RoomSetWriting, CleansUpAfterARunThatWasKilled) {
  make("set", tinyRoomSet());
  fs::rename(place("set") / "scans/scene0001_00", place("set") / "scene");
  fs::create_directories(place("set") / ".unfinished");
  fs::rename(place("set") / "scene", place("set") / ".unfinished/scene0001_00");
  fs::remove(place("set") / ".unfinished/scene0001_00/scene0001_00.sens");
  const auto again = writeRoomSet(place("set"), tinyRoomSet(), {});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->num_made, 1);
  EXPECT_FALSE(fs::exists(place("set") / ".unfinished"));
  EXPECT_TRUE(fs::exists(place("set") / "scans/scene0001_00/scene0001_00.sens"));
}

TEST_F(RoomSetWriting, RefusesADataSetThatAnotherProcessIsMaking) {
  make("set", tinyRoomSet());
  fs::remove_all(place("set") / "scans" / "scene0000_00");
  const int other = ::open((place("set") / "synth.txt").c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(::flock(other, LOCK_EX), 0);
  EXPECT_THAT(writeRoomSet(place("set"), tinyRoomSet(), {}).error().message, HasSubstr("another process"));
  ::close(other);
  EXPECT_TRUE(writeRoomSet(place("set"), tinyRoomSet(), {}));
  EXPECT_TRUE(fs::exists(place("set") / "scans" / "scene0000_00"));
}

TEST_F(RoomSetWriting, RefusesAFolderThatHoldsSomethingElse) {
  folder_.write("mine/thesis.txt", "years of work");
  const auto refused = writeRoomSet(place("mine"), tinyRoomSet(), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(refused.error().message, HasSubstr(place("mine").string()));
  EXPECT_EQ(testing::filesBelow(place("mine")).size(), 1U);
}

TEST_F(RoomSetWriting, RefusesADataSetMadeWithOtherOptionsAndNamesTheFirst) {
  make("set", tinyRoomSet());
  RoomSetOptions other = tinyRoomSet();
  other.scene.width = 80;
  const auto refused = writeRoomSet(place("set"), other, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(refused.error().message, HasSubstr("\"width = 64\" there, \"width = 80\" now"));
}

TEST_F(RoomSetWriting, RefusesAPlaceThatCannotBeWrittenTo) {
  // Even root may not make folders in /proc.
  const auto refused = writeRoomSet("/proc/tagscape-rooms", tinyRoomSet(), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::NotWritable);
}

TEST_F(RoomSetWriting, TellsAFullDiskAndLeavesNoScene) {
  Result<RoomSetResult> refused = RoomSetResult{};
  {
    const testing::FileSizeLimit full_disk(10'000);
    refused = writeRoomSet(place("set"), tinyRoomSet(), {});
  }
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::NotWritable);
  EXPECT_THAT(refused.error().message, HasSubstr("scene000"));
  EXPECT_FALSE(fs::exists(place("set") / "scans"));
  EXPECT_FALSE(fs::exists(place("set") / ".unfinished"));
}

TEST_F(RoomSetWriting, RefusesOptionsOutOfRangeAndNamesThem) {
  std::vector<std::pair<RoomSetOptions, std::string>> wrong(5, {tinyRoomSet(), ""});
  wrong[0].first.num_scenes = 0;
  wrong[0].second = "number of scenes";
  wrong[1].first.num_val = 4;
  wrong[1].second = "validation";
  wrong[2].first.scene.width = 100'000;
  wrong[2].second = "width";
  wrong[3].first.scene.sensor.depth_noise_m = std::nan("");
  wrong[3].second = "depth noise";
  wrong[4].first.scene.surface.edge_m = 0;
  wrong[4].second = "mesh edge";
  for (const auto& [options, word] : wrong) {
    const auto refused = writeRoomSet(place("set"), options, {});
    ASSERT_FALSE(refused) << word;
    EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
    EXPECT_THAT(refused.error().message, HasSubstr(word));
  }
  EXPECT_FALSE(fs::exists(place("set")));
}

}  // namespace
}  // namespace tagscape

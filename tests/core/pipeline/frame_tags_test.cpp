#include "core/pipeline/frame_tags.h"

#include "core/scans/frame_folder.h"
#include "core/synth/sample_room.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

namespace tagscape {
namespace {

TEST(FrameTags, AreTheClassesAboveTheShare) {
  Image<std::uint8_t> labels(10, 10, 1, kNoClass);
  labels.pixels[0] = 4;
  for (std::size_t i = 10; i < 30; ++i) labels.pixels[i] = 2;
  EXPECT_EQ(tagsOfLabels(labels, 0.0).count(), 2U);
  EXPECT_EQ(tagsOfLabels(labels, 0.01).count(), 2U);
  EXPECT_EQ(tagsOfLabels(labels, 0.02), TagSet(1U << 2));
}

class DerivedTags : public ::testing::Test {
 protected:
  DerivedTags() : room_(folder_.path() / "room") {
    EXPECT_TRUE(writeSampleRoom(room_, {.num_frames = 6, .width = 64, .height = 48}, {}));
  }
  testing::TemporaryFolder folder_;
  std::filesystem::path room_;
};

TEST_F(DerivedTags, ComeFromTheLabelImagesAndMatchThoseOfTheRoomItself) {
  const Scene given = readFrameFolder(room_).value();
  EXPECT_EQ(given.tag_source, TagSource::Given);
  std::filesystem::remove(room_ / "tags.json");
  const auto bare = std::make_shared<const Scene>(readFrameFolder(room_).value());
  ASSERT_TRUE(bare->frames[0].has_labels);
  EXPECT_EQ(bare->tag_source, TagSource::None);
  const auto derived = deriveFrameTags(bare, {.min_pixel_fraction = 0.015}, {}).value();
  EXPECT_EQ(derived->tag_source, TagSource::Derived);
  EXPECT_EQ(derived->tags, given.tags);
  for (std::size_t i = 0; i < given.frames.size(); ++i) EXPECT_EQ(derived->frames[i].tags, given.frames[i].tags) << i;
}

TEST_F(DerivedTags, LeaveGivenOnesAlone) {
  const auto given = std::make_shared<const Scene>(readFrameFolder(room_).value());
  EXPECT_EQ(deriveFrameTags(given, {}, {}).value(), given);
}

TEST_F(DerivedTags, StopWhenAsked) {
  std::filesystem::remove(room_ / "tags.json");
  const auto bare = std::make_shared<const Scene>(readFrameFolder(room_).value());
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(deriveFrameTags(bare, {}, {{}, stop.get_token()}).error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace tagscape

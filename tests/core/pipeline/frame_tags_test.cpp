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

TEST_F(DerivedTags, AreKeptUntilALabelImageChanges) {
  std::filesystem::remove(room_ / "tags.json");
  const auto bare = std::make_shared<const Scene>(readFrameFolder(room_).value());
  const FrameTagOptions options{.min_pixel_fraction = 0.015, .use_cache = true};
  const auto first = deriveFrameTags(bare, options, {}).value();
  // A scene whose label images cannot be read any more shows that they are not read.
  Scene unreadable = *bare;
  unreadable.pixels = nullptr;
  for (Frame& frame : unreadable.frames) frame.tags.reset();
  struct NoPixels final : FrameSource {
    Result<RgbImage> color(std::size_t) const override { return fail(ErrorCode::Io, "gone"); }
    Result<DepthImage> depth(std::size_t) const override { return fail(ErrorCode::Io, "gone"); }
  };
  unreadable.pixels = std::make_shared<const NoPixels>();
  const auto again = deriveFrameTags(std::make_shared<const Scene>(unreadable), options, {}).value();
  for (std::size_t i = 0; i < bare->frames.size(); ++i) EXPECT_EQ(again->frames[i].tags, first->frames[i].tags) << i;
  EXPECT_TRUE(again->warnings.size() == bare->warnings.size());
  const auto other_share =
      deriveFrameTags(std::make_shared<const Scene>(unreadable), {.min_pixel_fraction = .5, .use_cache = true}, {})
          .value();
  EXPECT_GT(other_share->warnings.size(), bare->warnings.size()) << "of another share they are not kept";
}

TEST_F(DerivedTags, AreAnErrorWhereALabelImageCannotBeOpenedBecauseOfTheProcess) {
  std::filesystem::remove(room_ / "tags.json");
  Scene scene = readFrameFolder(room_).value();
  struct Short final : FrameSource {
    Result<RgbImage> color(std::size_t) const override { return fail(ErrorCode::Io, "gone"); }
    Result<DepthImage> depth(std::size_t) const override { return fail(ErrorCode::Io, "gone"); }
    Result<Image<std::uint8_t>> labels(std::size_t) const override {
      return fail(ErrorCode::Internal, "too many open files");
    }
  };
  scene.pixels = std::make_shared<const Short>();
  const auto refused = deriveFrameTags(std::make_shared<const Scene>(std::move(scene)), {}, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::Internal);
}

}  // namespace
}  // namespace tagscape

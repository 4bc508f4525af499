#include "core/dataset/training_data.h"

#include "core/scene/scene_tags.h"
#include "tests/support/tiny_scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace tagscape {
namespace {

using ::testing::HasSubstr;
using testing::makeTinyScene;
using testing::makeTinySceneWithTruth;
using ::testing::SizeIs;

TrainingDataOptions smallData() {
  TrainingDataOptions options;
  options.image_long_side_px = 96;
  options.points_per_cloud = 512;
  options.clouds_per_scene = 2;
  return options;
}

TEST(ResolveTags, TakesTheUnionOfTheFramesWhereTheSceneHasNone) {
  const auto tags = resolveTags(*makeTinyScene({.scene_tags = false}));
  ASSERT_TRUE(tags);
  EXPECT_EQ(tags->scene, *makeTinyScene()->tags);
  EXPECT_TRUE(tags->from_frames);
  EXPECT_THAT(tags->warnings, SizeIs(1));
}

TEST(ResolveTags, WidensTheSceneByTagsThatOnlyAFrameHas) {
  Scene scene = *makeTinyScene();
  const auto toilet = static_cast<std::size_t>(*classByName("toilet"));
  scene.frames[2].tags->set(toilet);
  const auto tags = resolveTags(scene);
  ASSERT_TRUE(tags);
  EXPECT_TRUE(tags->scene[toilet]);
  ASSERT_THAT(tags->warnings, SizeIs(1));
  EXPECT_THAT(tags->warnings[0], HasSubstr("frame 20"));
  EXPECT_THAT(tags->warnings[0], HasSubstr("toilet"));
}

TEST(ResolveTags, NamesTagsJsonWhereNothingIsTagged) {
  const auto tags = resolveTags(*makeTinyScene({.scene_tags = false, .frame_tags = false}));
  ASSERT_FALSE(tags);
  EXPECT_EQ(tags.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(tags.error().message, HasSubstr("tags.json"));
}

TEST(TagsOfFrame, AreItsOwnOrElseTheScenes) {
  Scene scene = *makeTinyScene();
  const TagSet own = TagSet{}.set(3), of_scene = TagSet{}.set(3).set(5);
  scene.frames[0].tags = own;
  scene.frames[1].tags = std::nullopt;
  scene.frames[2].tags = TagSet{};
  EXPECT_EQ(tagsOfFrame(scene.frames[0], of_scene), own);
  EXPECT_EQ(tagsOfFrame(scene.frames[1], of_scene), of_scene);
  EXPECT_EQ(tagsOfFrame(scene.frames[2], of_scene), of_scene);
  EXPECT_EQ(tagsOfFrame(scene.frames[0], std::nullopt), std::nullopt) << "tags are not used";
}

TEST(TrainingData, CountsFramesThatCannotBeReadAndKeepsTheRest) {
  const auto data = prepareTrainingData({makeTinyScene({.broken_color = {10, 30}})}, smallData(), {});
  ASSERT_TRUE(data);
  EXPECT_EQ(data->numFrames(), 22U);
  EXPECT_EQ(data->scenes[0].num_frames_skipped, 2);
  EXPECT_THAT(data->warnings, ::testing::Contains(HasSubstr("frame 30")));
}

TEST(TrainingData, UsesAFrameWithoutPoseOrDepthForItsImageOnly) {
  const auto data = prepareTrainingData({makeTinyScene({.broken_depth = {0}, .lost_pose = {10}})}, smallData(), {});
  ASSERT_TRUE(data);
  ASSERT_EQ(data->numFrames(), 24U);
  EXPECT_TRUE(data->scenes[0].frames[0].seen[0].empty());
  EXPECT_TRUE(data->scenes[0].frames[1].seen[0].empty());
  EXPECT_FALSE(data->scenes[0].frames[2].seen[0].empty());
}

TEST(TrainingData, RefusesASceneWithoutAnyUsableFrame) {
  std::set<int> all;
  for (int i = 0; i < 24; ++i) all.insert(10 * i);
  const auto data = prepareTrainingData({makeTinyScene({.broken_color = all})}, smallData(), {});
  ASSERT_FALSE(data);
  EXPECT_EQ(data.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(data.error().message, HasSubstr("tiny"));
}

TEST(TrainingData, RefusesASceneWithoutPoints) {
  Scene scene = *makeTinyScene();
  scene.mesh = {};
  const auto data = prepareTrainingData({std::make_shared<const Scene>(scene)}, smallData(), {});
  ASSERT_FALSE(data);
  EXPECT_THAT(data.error().message, HasSubstr("no points"));
}

TEST(TrainingData, LeavesPointsOutThatAreNotFinite) {
  Scene scene = *makeTinyScene();
  scene.mesh.vertices.positions_m[5].x() = std::numeric_limits<float>::quiet_NaN();
  const auto data = prepareTrainingData({std::make_shared<const Scene>(scene)}, smallData(), {});
  ASSERT_TRUE(data);
  for (const auto& cloud : data->scenes[0].clouds) {
    EXPECT_EQ(std::count(cloud.rows.begin(), cloud.rows.end(), 5U), 0);
  }
}

TEST(TrainingData, RepeatsPointsOfASmallCloud) {
  const auto data = prepareTrainingData({makeTinyScene({.num_points = 100})}, smallData(), {});
  ASSERT_TRUE(data);
  EXPECT_THAT(data->scenes[0].clouds[0].rows, SizeIs(512));
}

TEST(TrainingData, SaysWhereAFrameSeesAPointToHalfAPixel) {
  const auto tiny = makeTinySceneWithTruth();
  const auto data = prepareTrainingData({tiny.scene}, smallData(), {});
  ASSERT_TRUE(data);
  const PreparedScene& scene = data->scenes[0];
  std::size_t num_seen = 0;
  std::size_t num_equal = 0;
  for (std::size_t f = 0; f < scene.frames.size(); ++f) {
    for (const SeenPoint& point : scene.frames[f].seen[0]) {
      const std::uint8_t truth = tiny.point_labels[scene.clouds[0].rows[point.row]];
      const int x = static_cast<int>(std::lround(point.pixel.x()));
      const int y = static_cast<int>(std::lround(point.pixel.y()));
      num_equal += tiny.frame_labels[f].at(x, y) == truth;
      ++num_seen;
    }
  }
  ASSERT_GT(num_seen, 500U);
  // Labels differ only along edges: half a pixel of error costs about a percent, a whole one three.
  EXPECT_GT(static_cast<double>(num_equal) / static_cast<double>(num_seen), 0.97);
}

TEST(TrainingData, IsTheSameForTheSameSeed) {
  const auto first = prepareTrainingData({makeTinyScene()}, smallData(), {});
  const auto second = prepareTrainingData({makeTinyScene()}, smallData(), {});
  EXPECT_EQ(first->scenes[0].clouds[1].rows, second->scenes[0].clouds[1].rows);
}

TEST(TrainingData, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  const auto data = prepareTrainingData({makeTinyScene()}, smallData(), {{}, stop.get_token()});
  ASSERT_FALSE(data);
  EXPECT_EQ(data.error().code, ErrorCode::Cancelled);
}

TEST(ResizedForNetwork, RoundsSidesToTheStride) {
  const RgbImage resized = resizedForNetwork(RgbImage(540, 360, 3), 192, 8);
  EXPECT_EQ(resized.width, 192);
  EXPECT_EQ(resized.height, 128);
}

TEST(ResizedForNetwork, AveragesWhereItShrinks) {
  RgbImage image(64, 64, 3);
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) image.at(x, y, 0) = (x + y) % 2 == 0 ? 200 : 100;
  }
  EXPECT_EQ(resizedForNetwork(image, 32, 8).at(7, 9, 0), 150);
}

}  // namespace
}  // namespace tagscape

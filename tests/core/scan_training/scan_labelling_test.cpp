#include "core/scan_training/scan_labelling.h"

#include "core/geometry/visibility.h"
#include "tests/support/box_scene.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace tagscape {
namespace {

using testing::boxScene;
using testing::kBoxHeight;
using testing::kBoxWidth;
using testing::kFloor;
using testing::kSofa;
using testing::kTable;

/// As little as it takes to run, without weights of a network.
ScanRecipe quickRecipe() {
  ScanRecipe recipe;
  recipe.encoder = "";
  recipe.image_width_px = 96;
  recipe.decoder_steps = 60;
  recipe.decoder_hidden = 16;
  recipe.decoder_samples = 1500;
  return recipe;
}

double agreement(const std::vector<std::uint8_t>& labels, const std::vector<std::uint8_t>& truth) {
  std::size_t same = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) same += labels[i] == truth[i] ? 1 : 0;
  return static_cast<double>(same) / static_cast<double>(labels.size());
}

TEST(LabelScanFromTags, LabelsPointsAndPixels) {
  const auto scene = boxScene();
  const auto labelled = labelScanFromTags(scene, quickRecipe(), {});
  ASSERT_TRUE(labelled) << labelled.error().message;
  const SceneCams& cams = labelled->cams;
  ASSERT_EQ(cams.numPoints(), scene->points().size());
  EXPECT_GT(agreement(cams.point_labels, scene->point_labels), .9);  // The sides of the boxes have no label.
  ASSERT_EQ(cams.frames.size(), 3U);
  const FrameCams& frame = cams.frames[1];
  const auto valueAt = [&](std::size_t class_index, float u, float v) {
    return frame.sampler(60, 40).at(u, v).of(frame.map(static_cast<int>(class_index)));
  };
  EXPECT_GT(valueAt(kTable, 3, 19), valueAt(kSofa, 3, 19));
  EXPECT_GT(valueAt(kSofa, 56, 19), valueAt(kTable, 56, 19));
  EXPECT_GT(valueAt(kFloor, 30, 19), valueAt(kTable, 30, 19));
}

TEST(LabelScanFromTags, IsTheSameAgain) {
  const auto once = labelScanFromTags(boxScene(), quickRecipe(), {}),
             again = labelScanFromTags(boxScene(), quickRecipe(), {});
  ASSERT_TRUE(once);
  ASSERT_TRUE(again);
  EXPECT_EQ(once->cams.point_labels, again->cams.point_labels);
}

TEST(LabelScanFromTags, GivesClassesOfTheSceneAlone) {
  const auto labelled = labelScanFromTags(boxScene(), quickRecipe(), {});
  ASSERT_TRUE(labelled);
  for (const std::uint8_t label : labelled->cams.point_labels)
    EXPECT_TRUE(label == kFloor || label == kTable || label == kSofa) << int{label};
}

/// The labels that pixels give to the points that they show: the largest mean over frames of their probabilities, which
/// the logits 'log(1 + p / 1e-4) / log(1 + 1e4)' hold.
std::vector<std::uint8_t> liftedLabels(const Scene& scene, const SceneCams& cams) {
  ClassValues sums = ClassValues::Zero(static_cast<Eigen::Index>(scene.points().size()), kNumClasses);
  for (const FrameCams& frame : cams.frames) {
    const auto index = static_cast<std::size_t>(frame.frame_number);  // Of this scene.
    const DepthImage depth = scene.pixels->depth(index).value();
    VisibilityResult seen;
    computeVisibility(scene.points().positions_m,
                      {scene.frames[index].world_from_camera, scene.color_intrinsics, scene.depth_intrinsics, &depth},
                      {},
                      seen);
    for (std::size_t i = 0; i < seen.reason.size(); ++i) {
      if (seen.reason[i] != Visibility::Visible) continue;
      const int x = static_cast<int>((seen.pixel[i].x() + .5F) * static_cast<float>(frame.width) / kBoxWidth);
      const int y = static_cast<int>((seen.pixel[i].y() + .5F) * static_cast<float>(frame.height) / kBoxHeight);
      const auto cell = static_cast<std::size_t>(std::clamp(y, 0, frame.height - 1) * frame.width +
                                                 std::clamp(x, 0, frame.width - 1));
      for (int c = 0; c < kNumClasses; ++c) {
        const auto cells = static_cast<std::size_t>(frame.width * frame.height);
        const float logit = frame.logits[static_cast<std::size_t>(c) * cells + cell];
        sums(static_cast<Eigen::Index>(i), c) += std::pow(1 + 1e4F, logit) - 1;
      }
    }
  }
  std::vector<std::uint8_t> labels;
  for (Eigen::Index i = 0; i < sums.rows(); ++i) {
    Eigen::Index label = kNoClass;
    if (sums.row(i).sum() > 0) sums.row(i).maxCoeff(&label);
    labels.push_back(static_cast<std::uint8_t>(label));
  }
  return labels;
}

TEST(LabelScanFromTags, PointsHaveTheLabelsOfThePixelsThatSeeThem) {
  const auto scene = boxScene();
  const auto labelled = labelScanFromTags(scene, quickRecipe(), {});
  ASSERT_TRUE(labelled) << labelled.error().message;
  const auto lifted = liftedLabels(*scene, labelled->cams);
  std::size_t num_seen = 0, num_same = 0;
  for (std::size_t i = 0; i < lifted.size(); ++i) {
    num_seen += lifted[i] != kNoClass ? 1 : 0;
    num_same += lifted[i] == labelled->cams.point_labels[i] ? 1 : 0;
  }
  EXPECT_GT(num_seen, lifted.size() * 9 / 10);
  EXPECT_GE(num_same + lifted.size() / 1000, num_seen) << "but for ties, which the rounding of logits decides";
}

TEST(LabelScanFromTags, NamesAMissingTag) {
  const auto scene = boxScene();
  scene->frames[1].tags = TagSet().set(kFloor).set(kSofa);
  const auto labelled = labelScanFromTags(scene, quickRecipe(), {});
  ASSERT_TRUE(labelled);
  EXPECT_TRUE(std::ranges::any_of(labelled->doubts, [](const DoubtfulTag& doubt) {
    return doubt.is_missing && doubt.frame == 1 && doubt.class_index == static_cast<int>(kTable);
  }));
}

TEST(LabelScanFromTags, CanBeStopped) {
  std::stop_source source;
  source.request_stop();
  EXPECT_EQ(labelScanFromTags(boxScene(), quickRecipe(), {{}, source.get_token()}).error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace tagscape

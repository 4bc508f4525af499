// Labels of points by all frames of their scenes, superpoint by superpoint.

#include "core/pseudo_labels/lifted_labels_torch.h"
#include "core/pseudo_labels/superpoint_evidence_torch.h"
#include "tests/support/tiny_scene.h"
#include "tests/support/tolerances.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <map>

namespace tagscape {
namespace {

TrainingDataOptions smallData() {
  TrainingDataOptions options;
  options.image_long_side_px = 64;
  options.points_per_cloud = 512;
  options.clouds_per_scene = 2;
  options.with_superpoints = true;
  return options;
}

class LiftedLabelsTest : public ::testing::Test {
 protected:
  LiftedLabelsTest() {
    options_.labels.pseudo_labels = PseudoLabelBasis::Logits;
    options_.labels.views = LabelViews::Multi;
    options_.labels.label_smoothing = .01;
    auto data = prepareTrainingData({testing::makeTinyScene()}, smallData(), {});
    source_ =
        std::make_shared<const TrainingSource>(std::make_shared<const TrainingData>(std::move(*data)), smallData());
  }
  [[nodiscard]] at::Tensor lifted() { return LiftedLabels::compute(networks_.impl(), *source_, options_).of({{0, 1}}); }
  /// Frames that see a point of the second cloud.
  [[nodiscard]] std::vector<const PreparedFrame*> framesThatSee(std::uint32_t row) const {
    std::vector<const PreparedFrame*> frames;
    for (const PreparedFrame& frame : source_->scene(0).frames) {
      for (const SeenPoint& point : frame.seen[1]) {
        if (point.row == row) frames.push_back(&frame);
      }
    }
    return frames;
  }

  /// How many points of a superpoint a frame sees, of both clouds.
  [[nodiscard]] int numSeen(const PreparedFrame& frame, std::uint32_t superpoint) const {
    int count = 0;
    for (std::size_t c = 0; c < frame.seen.size(); ++c) {
      for (const SeenPoint& point : frame.seen[c])
        count += source_->scene(0).clouds[c].superpoints[point.row] == superpoint ? 1 : 0;
    }
    return count;
  }

  Networks networks_ = Networks::create({}, "cpu", 1).value();
  Recipe options_;
  std::shared_ptr<const TrainingSource> source_;
};

TEST_F(LiftedLabelsTest, HardlyHaveAClassThatOneFrameIsNotTaggedWith) {
  constexpr int kMany = 16;  // points of a superpoint, so that the frame's labels count in full
  const at::Tensor probabilities = lifted();
  const PreparedScene& scene = source_->scene(0);
  int num_checked = 0;
  for (std::uint32_t row = 0; row < 512; ++row) {
    TagSet common = TagSet{}.set(), lacking;
    for (const PreparedFrame& frame : scene.frames) {
      const int seen = numSeen(frame, scene.clouds[1].superpoints[row]);
      if (seen > 0) common &= frame.tags;
      if (seen >= kMany) lacking |= ~frame.tags;
    }
    if (common.none()) continue;
    for (std::size_t c = 0; c < kNumClasses; ++c) {
      if (!lacking[c]) continue;
      EXPECT_LT(probabilities[row][static_cast<std::int64_t>(c)].item<double>(), .05)
          << "point " << row << ", class " << c;
      ++num_checked;
    }
  }
  EXPECT_GT(num_checked, 100);
}

TEST_F(LiftedLabelsTest, AreTheSameForAllPointsOfASuperpoint) {
  const at::Tensor probabilities = lifted();
  const PreparedCloud& cloud = source_->scene(0).clouds[1];
  ASSERT_EQ(cloud.superpoints.size(), 512U);
  std::map<std::uint32_t, std::uint32_t> first_of;
  std::int64_t num_seen = 0;
  for (std::uint32_t row = 0; row < 512; ++row) {
    const std::uint32_t first = first_of.try_emplace(cloud.superpoints[row], row).first->second;
    EXPECT_TRUE(at::equal(probabilities[row], probabilities[first])) << row;
    if (framesThatSee(row).empty()) continue;
    ++num_seen;
    EXPECT_NEAR(probabilities[row].sum().item<double>(), 1, testing::kFloatSumRounding)
        << "a visible point has a label: " << row;
  }
  EXPECT_GT(first_of.size(), 3U);
  EXPECT_GT(probabilities.sum(1).gt(0).sum().item<std::int64_t>(), num_seen)
      << "unseen points have their superpoint's label";
}

TEST_F(LiftedLabelsTest, UseTheLogitsOfThePointNetworkToo) {
  options_.labels.superpoint_lda = options_.labels.superpoint_mlp = true;
  networks_.impl().image->setTraining(false);
  networks_.impl().points->setTraining(false);
  const PreparedScene& scene = source_->scene(0);
  const SuperpointSet found = superpointEvidence(scene, networks_.impl(), options_);
  ASSERT_EQ(found.adjacency.rows(), found.features.rows());
  // Of the superpoint of the first cloud's first point: the mean over its points in both clouds.
  const std::uint32_t superpoint = scene.clouds[0].superpoints[0];
  at::Tensor sum = at::zeros({kNumClasses});
  int count = 0;
  for (const PreparedCloud& cloud : scene.clouds) {
    const at::NoGradGuard no_grad;
    auto& networks = networks_.impl();
    const auto batch = batchClouds({&cloud}, {CloudWarp{}}, networks.inputs.channels, networks.device);
    const at::Tensor logits = networks.points->forward(batch).logits();
    for (std::size_t i = 0; i < cloud.superpoints.size(); ++i) {
      if (cloud.superpoints[i] != superpoint) continue;
      sum += logits[static_cast<std::int64_t>(i)];
      ++count;
    }
  }
  ASSERT_GT(count, 1);
  for (Eigen::Index c = 0; c < kNumClasses; ++c)
    EXPECT_NEAR(found.features(superpoint, found.features.cols() - kNumClasses + c),
                sum[c].item<double>() / count,
                testing::kFloatNetworkRounding)
        << c;
}

TEST_F(LiftedLabelsTest, LeaveNetworksAndRandomNumbersUnchanged) {
  options_.labels.superpoint_lda = options_.labels.superpoint_mlp = true;
  networks_.impl().image->setTraining(true);
  networks_.impl().points->setTraining(true);
  std::vector<at::Tensor> before;
  for (const auto& [name, tensor] : networks_.impl().points->namedTensors()) before.push_back(tensor.detach().clone());
  at::manual_seed(1);
  const at::Tensor once = lifted();
  const at::Tensor drawn = at::rand({4});
  at::manual_seed(1);
  EXPECT_TRUE(at::equal(drawn, at::rand({4}))) << "nothing is drawn from torch's own generator";
  at::manual_seed(2);
  EXPECT_TRUE(at::equal(once, lifted()));
  std::size_t place = 0;
  for (const auto& [name, tensor] : networks_.impl().points->namedTensors())
    EXPECT_TRUE(at::equal(tensor, before[place++])) << name;
  EXPECT_GT(once.sum(1).gt(0).sum().item<std::int64_t>(), 100);
}

TEST_F(LiftedLabelsTest, ComeBackFromACheckpointUnchanged) {
  const LiftedLabels labels = LiftedLabels::compute(networks_.impl(), *source_, options_);
  const auto restored = LiftedLabels::unpacked(labels.packed(), source_->data());
  ASSERT_TRUE(restored);
  EXPECT_TRUE(at::equal(restored->of({{0, 0}, {0, 1}}), labels.of({{0, 0}, {0, 1}})));
}

}  // namespace
}  // namespace tagscape

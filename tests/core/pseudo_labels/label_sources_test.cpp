// Labels of points and pixels, by the frame of a step and by all frames.

#include "core/distributed/process_group_torch.h"
#include "core/pseudo_labels/pixel_values_torch.h"
#include "core/pseudo_labels/similarity_torch.h"
#include "core/pseudo_labels/single_view_labels_torch.h"
#include "tests/support/joint_step.h"
#include "tests/support/ranks.h"
#include "tests/support/tiny_scene.h"

#include <gtest/gtest.h>

namespace tagscape {
namespace {

using testing::expectAllPass;
using testing::isRank;
using testing::JointStep;
using testing::runThisTestOnRanks;

Recipe byLogits(ConfidenceKind confidence = ConfidenceKind::Probability) {
  Recipe options;
  options.labels.pseudo_labels = PseudoLabelBasis::Logits;
  options.labels.confidence = confidence;
  return options;
}

TEST(SingleViewCamLabels, AreOfTheMatchedPointsWithTheirConfidence) {
  JointStep step;
  const at::Tensor logits = logitsAtPixels(step.image_logits, step.matches).detach()[0];
  const at::Tensor two = at::stack({logits.select(1, 3), logits.select(1, 6)}, 1).softmax(1);
  const PointPseudoLabels plain = SingleViewCamLabels(byLogits()).pointLabels(step.output());
  EXPECT_TRUE(at::equal(plain.rows, step.matches.rows));
  EXPECT_TRUE(at::allclose(plain.pseudo.confidence, two.amax(1)));
  EXPECT_TRUE(at::equal(plain.pseudo.labels, two.argmax(1) * 3 + 3));
  const at::Tensor of_image =
      at::sigmoid(step.image_logits.detach().mean({2, 3}))[0].index_select(0, plain.pseudo.labels);
  const PointPseudoLabels tagged = SingleViewCamLabels(byLogits(ConfidenceKind::Tagged)).pointLabels(step.output());
  EXPECT_TRUE(at::allclose(tagged.pseudo.confidence, two.amax(1) * of_image));
}

TEST(SingleViewCamLabels, OfTheOnlyTagAreCertain) {
  JointStep step;
  step.matches.image_tags[0][6] = 0;
  const PseudoLabels pseudo = SingleViewCamLabels(byLogits()).pointLabels(step.output()).pseudo;
  EXPECT_TRUE(at::allclose(pseudo.confidence, at::ones({2})));
  EXPECT_TRUE(pseudo.labels.eq(3).all().item<bool>());
}

TEST(SingleViewCamLabels, OfACamThatIsZeroAreNone) {
  JointStep step;
  step.image_logits = at::full({1, kNumClasses, 2, 2}, -1.F);
  for (const ConfidenceKind confidence : {ConfidenceKind::Probability, ConfidenceKind::Tagged}) {
    Recipe options;
    options.labels.pseudo_labels = PseudoLabelBasis::Cam;
    options.labels.confidence = confidence;
    EXPECT_EQ(SingleViewCamLabels(options).pointLabels(step.output()).pseudo.confidence.abs().sum().item<double>(), 0);
  }
}

TEST(SuperpointLabels, AreOfAllPointsWhetherOrNotACropShowsThem) {
  JointStep step;
  at::Tensor lifted = at::zeros({4, kNumClasses});
  lifted[2][5] = .8;
  lifted[2][7] = .2;
  const PointPseudoLabels labels = testing::superpointLabels(byLogits(), lifted)->pointLabels(step.output());
  EXPECT_FALSE(labels.rows.defined());
  EXPECT_TRUE(at::allclose(labels.pseudo.confidence, at::tensor({0.F, 0.F, .8F, 0.F})));
  EXPECT_EQ(labels.pseudo.labels[2].item<std::int64_t>(), 5);
}

TEST(SuperpointLabels, OfPixelsCombineAllFramesWithTheFrameItself) {
  // All frames prefer class 3, in odds of 9; the image another, in odds of exp(logit).
  at::Tensor lifted = at::zeros({4, kNumClasses});
  lifted.select(1, 3) = .9;
  lifted.select(1, 6) = .1;
  const auto labelOf = [&](std::int64_t preferred, double logit) {
    JointStep step;
    step.image_logits = at::zeros({1, kNumClasses, 2, 2});
    step.image_logits.select(1, preferred) = logit;
    const PseudoLabels labels = testing::superpointLabels(byLogits(), lifted)->pixelLabels(step.output());
    EXPECT_EQ(labels.labels.sizes(), (std::vector<std::int64_t>{1, 2}));
    EXPECT_TRUE(labels.labels.eq(labels.labels[0][0]).all().item<bool>());
    return labels.labels[0][0].item<std::int64_t>();
  };
  EXPECT_EQ(labelOf(3, 4), 3) << "both agree";
  EXPECT_EQ(labelOf(6, 4), 6) << "the image is surer than the frames";
  EXPECT_EQ(labelOf(6, 1), 3) << "the frames are surer than the image";
}

TEST(SuperpointLabels, GiveThePixelsOfASuperpointOneLabel) {
  JointStep step;
  const at::Tensor logits = logitsAtPixels(step.image_logits.detach(), step.matches);
  // The drawn points' features are not similar: each keeps its own probabilities, whose mean is the superpoint's.
  const at::Tensor similarity =
      pointSimilarity(step.point_features.detach().index_select(0, step.matches.rows).unsqueeze(0), {4, true});
  const at::Tensor mixed = similarityWeightedMean(similarity, {}, taggedSoftmax(logits, step.matches.image_tags, 2));
  const at::Tensor own = mixed[0].argmax(1);
  ASSERT_NE(own[0].item<std::int64_t>(), own[1].item<std::int64_t>()) << "else nothing is shown";
  const at::Tensor uniform = at::ones({4, kNumClasses});
  const PseudoLabels labels = testing::superpointLabels(byLogits(), uniform)->pixelLabels(step.output());
  EXPECT_TRUE(labels.labels.eq(mixed[0].mean(0).argmax()).all().item<bool>());
}

TEST(SuperpointLabels, RefuseAStateOfOtherScenes) {
  auto labels = testing::superpointLabels(byLogits(), at::ones({4, kNumClasses}));
  TensorFile file;
  file.tensors["lifted_labels"] = toBlob(at::ones({5, kNumClasses}));
  EXPECT_FALSE(labels->restore(file, "x", at::kCPU));
  file.tensors["lifted_labels"] = toBlob(at::ones({1, 1, 4, kNumClasses}));
  EXPECT_TRUE(labels->restore(file, "x", at::kCPU)) << "as earlier versions wrote it";
}

TEST(PseudoLabelSources, HaveNoLabelsWithoutMatches) {
  JointStep step;
  step.matches = {};
  const SingleViewCamLabels single{byLogits()};
  const PointPseudoLabels points = single.pointLabels(step.output());
  EXPECT_EQ(points.rows.numel(), 0);
  EXPECT_EQ(points.pseudo.labels.numel(), 0);
  EXPECT_EQ(single.pixelLabels(step.output()).labels.numel(), 0);
  const auto superpoints = testing::superpointLabels(byLogits(), at::ones({4, kNumClasses}));
  EXPECT_EQ(superpoints->pixelLabels(step.output()).labels.numel(), 0);
}

/// Two ranks whose networks differ, so that each would make labels of its own.
TEST(SuperpointLabels, OfAllRanksAreTheFirstRanksByteForByte) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  const auto group = *ProcessGroup::join(*readRankEnvironment(), {});
  Recipe options = byLogits();
  options.labels.views = LabelViews::Multi;
  options.labels.superpoint_lda = options.labels.superpoint_mlp = true;
  TrainingDataOptions wanted;
  wanted.image_long_side_px = 64;
  wanted.points_per_cloud = 512;
  wanted.clouds_per_scene = 2;
  wanted.with_superpoints = true;
  auto data = std::make_shared<const TrainingData>(prepareTrainingData({testing::makeTinyScene()}, wanted, {}).value());
  const auto source = std::make_shared<const TrainingSource>(std::move(data), wanted);
  Networks networks = Networks::create({}, "cpu", static_cast<std::uint64_t>(group->rank()) + 1).value();

  const at::Tensor own = LiftedLabels::compute(networks.impl(), *source, options).packed();
  SuperpointLabels labels(options, source, group);
  labels.prepare(0, 1, networks.impl());
  TensorFile state;
  labels.store(state);
  const TensorBlob& shared = state.tensors.at("lifted_labels");
  EXPECT_EQ(shared.bytes == toBlob(own).bytes, group->isFirst()) << "rank " << group->rank();
  // What the first rank has, sent to the other.
  const at::Tensor of_first = own.clone();
  broadcastFrom(*group, 0, {of_first});
  EXPECT_EQ(shared.bytes, toBlob(of_first).bytes);
}

}  // namespace
}  // namespace tagscape

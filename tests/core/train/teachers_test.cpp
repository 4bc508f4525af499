// What gives pseudo-labels besides the image network as it is: labels lifted from all frames, and averaged weights.

#include "core/nn/weights_torch.h"
#include "core/train/averaged_teacher_torch.h"
#include "core/train/lifted_labels_torch.h"
#include "core/train/segment_evidence_torch.h"
#include "core/train/trainer.h"
#include "tests/support/tiny_scene.h"

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
  return options;
}

class Lifted : public ::testing::Test {
 protected:
  Lifted() {
    options_.pseudo_labels = "logits";
    options_.lift_neighbours = 0;
    options_.lift_doubt = .01;
    auto data = prepareTrainingData({testing::makeTinyScene()}, smallData(), {});
    source_ =
        std::make_shared<const TrainingSource>(std::make_shared<const TrainingData>(std::move(*data)), smallData());
  }
  [[nodiscard]] at::Tensor lifted() { return LiftedLabels::compute(networks_.impl(), *source_, options_).of({{0, 1}}); }
  void prepareSegments() {
    TrainingDataOptions data_options = smallData();
    data_options.with_segments = true;
    auto data = prepareTrainingData({testing::makeTinyScene()}, data_options, {});
    source_ =
        std::make_shared<const TrainingSource>(std::make_shared<const TrainingData>(std::move(*data)), data_options);
  }
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

  Networks networks_ = Networks::create({}, "cpu", 1).value();
  TrainOptions options_;
  std::shared_ptr<const TrainingSource> source_;
};

TEST_F(Lifted, LabelsThePointsThatFramesSeeAndNoOthers) {
  const at::Tensor sums = lifted().sum(1);
  for (std::uint32_t row = 0; row < 512; ++row) {
    const double expected = framesThatSee(row).empty() ? 0 : 1;
    EXPECT_NEAR(sums[row].item<double>(), expected, 1e-4) << row;
  }
}

TEST_F(Lifted, AClassThatOneSeeingFrameIsNotTaggedWithIsUnlikely) {
  const at::Tensor shares = lifted();
  int num_checked = 0;
  for (std::uint32_t row = 0; row < 512; ++row) {
    const auto frames = framesThatSee(row);
    if (frames.size() < 2) continue;
    TagSet common = frames.front()->tags;
    for (const PreparedFrame* frame : frames) common &= frame->tags;
    if (common.none()) continue;
    for (std::size_t c = 0; c < kNumClasses; ++c) {
      if (common[c]) continue;
      EXPECT_LT(shares[row][static_cast<std::int64_t>(c)].item<double>(), .05) << "point " << row << ", class " << c;
    }
    ++num_checked;
  }
  EXPECT_GT(num_checked, 100);
}

TEST_F(Lifted, NeighboursSpeakForPointsThatNoFrameSees) {
  const at::Tensor alone = lifted().sum(1).gt(0).sum();
  options_.lift_neighbours = 8;
  const at::Tensor voted = lifted().sum(1).gt(0).sum();
  EXPECT_GE(voted.item<std::int64_t>(), alone.item<std::int64_t>());
  EXPECT_LE(lifted().sum(1).max().item<double>(), 1 + 1e-4);
}

TEST_F(Lifted, PointsOfASegmentSpeakWithOneVoice) {
  prepareSegments();
  const at::Tensor alone = lifted();
  options_.vote = "segments";
  const at::Tensor voted = lifted();
  const PreparedCloud& cloud = source_->scene(0).clouds[1];
  ASSERT_EQ(cloud.segments.size(), 512U);
  std::map<std::uint32_t, std::uint32_t> first_of;
  for (std::uint32_t row = 0; row < 512; ++row) {
    const std::uint32_t first = first_of.try_emplace(cloud.segments[row], row).first->second;
    EXPECT_TRUE(at::equal(voted[row], voted[first])) << row;
    EXPECT_GE(voted[row].sum().item<double>(), alone[row].sum().item<double>() - 1e-4) << "seen, so known: " << row;
  }
  EXPECT_GT(first_of.size(), 3U);
  EXPECT_GT(voted.sum(1).gt(0).sum().item<std::int64_t>(), alone.sum(1).gt(0).sum().item<std::int64_t>());
}

TEST_F(Lifted, NamesSegmentsByWhatThePointNetworkSaysToo) {
  prepareSegments();
  options_.vote = "segments";
  options_.lift_appearance = options_.lift_network = true;
  networks_.impl().image->setTraining(false);
  networks_.impl().points->setTraining(false);
  const PreparedScene& scene = source_->scene(0);
  const SceneSegments found = segmentEvidence(scene, networks_.impl(), options_);
  ASSERT_EQ(found.near.rows(), found.looks.rows());
  // Of the segment of the first cloud's first point: the mean over its points in both clouds.
  const std::uint32_t segment = scene.clouds[0].segments[0];
  at::Tensor sum = at::zeros({kNumClasses});
  int count = 0;
  for (const PreparedCloud& cloud : scene.clouds) {
    const at::NoGradGuard no_grad;
    auto& networks = networks_.impl();
    const auto batch = batchClouds({&cloud}, {CloudWarp{}}, networks.inputs.channels, networks.device);
    const at::Tensor maps = networks.points->forward(batch).maps[0];
    for (std::size_t i = 0; i < cloud.segments.size(); ++i) {
      if (cloud.segments[i] != segment) continue;
      sum += maps[static_cast<std::int64_t>(i)];
      ++count;
    }
  }
  ASSERT_GT(count, 1);
  for (Eigen::Index c = 0; c < kNumClasses; ++c)
    EXPECT_NEAR(found.looks(segment, found.looks.cols() - kNumClasses + c), sum[c].item<double>() / count, 1e-4) << c;
}

TEST_F(Lifted, NamingSegmentsLeavesNetworksAndChanceAsTheyWere) {
  prepareSegments();
  options_.vote = "segments";
  options_.lift_appearance = options_.lift_network = true;
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

TEST_F(Lifted, TeachesImagesWhereImagesTeachNoPoints) {
  TrainOptions options;
  options.image_long_side_px = 64;
  options.crop_px = 48;
  options.points_per_cloud = 512;
  options.lift = "scene";
  options.refinement = "lifted";
  options.weight_2d_to_3d = 0;
  options.reverse_after = 0;
  auto trainer = Trainer::create(source_, std::move(networks_), options, ProcessGroup::alone());
  ASSERT_TRUE(trainer) << trainer.error().message;
  trainer->beginPhase(Phase::Joint, 2);
  const auto losses = trainer->step();
  ASSERT_TRUE(losses) << losses.error().message;
  EXPECT_GT(losses->at("loss_3d_to_2d"), 0);
  EXPECT_FALSE(losses->contains("loss_2d_to_3d"));
}

TEST_F(Lifted, ComesBackFromACheckpointUnchanged) {
  const LiftedLabels labels = LiftedLabels::compute(networks_.impl(), *source_, options_);
  EXPECT_TRUE(at::equal(LiftedLabels::unpacked(labels.packed()).of({{0, 0}, {0, 1}}), labels.of({{0, 0}, {0, 1}})));
}

TEST(AveragedTeacher, FollowsTheNetworkByTheShareThatItsDecayLeaves) {
  Networks networks = Networks::create({}, "cpu", 1).value();
  AveragedTeacher teacher(networks, .9, ProcessGroup::alone());
  const at::Tensor weight = networks.impl().image->parameters().front();
  const at::Tensor before = weight.detach().clone();
  {
    const at::NoGradGuard no_grad;
    weight.add_(1);
  }
  teacher.follow(*networks.impl().image);
  TensorFile file;
  teacher.store(file);
  const std::string name = "teacher." + networks.impl().image->namedTensors().front().first;
  ASSERT_TRUE(file.tensors.contains(name));
  const auto* values = reinterpret_cast<const float*>(file.tensors.at(name).bytes.data());
  EXPECT_NEAR(values[0], before.flatten()[0].item<double>() + .1, 1e-6);
}

TEST(AveragedTeacher, BeginsAsTheNetworkAndLeavesNoGradient) {
  Networks networks = Networks::create({}, "cpu", 1).value();
  AveragedTeacher teacher(networks, .99, ProcessGroup::alone());
  const at::Tensor images = at::randn({2, 3, 32, 32});
  networks.impl().image->setTraining(true);
  const at::Tensor maps = teacher.maps(images);
  EXPECT_FALSE(maps.requires_grad());
  EXPECT_TRUE(at::allclose(maps, networks.impl().image->forward(images).maps.detach(), 1e-5, 1e-6));
}

}  // namespace
}  // namespace tagscape

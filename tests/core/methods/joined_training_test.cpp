// The first step of each phase on two ranks against that of one process with the whole batch.

#include "core/distributed/process_group.h"
#include "core/methods/training_methods.h"
#include "core/models/networks_torch.h"
#include "core/train/trainer.h"
#include "core/train/training_method_torch.h"
#include "tests/support/ranks.h"
#include "tests/support/tiny_scene.h"
#include "tests/support/tolerances.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace tagscape {
namespace {

using testing::expectAllPass;
using testing::isRank;
using testing::runThisTestOnRanks;

using Gradients = std::map<std::string, at::Tensor>;

struct FirstStep {
  std::map<std::string, double> values;
  Gradients image, points;
};

Gradients gradientsOf(const Network& network) {
  Gradients gradients;
  for (const auto& [name, tensor] : network.namedTensors()) {
    if (tensor.grad().defined()) gradients[name] = tensor.grad().clone();
  }
  return gradients;
}

/// @param batch  crops and clouds of each rank.
FirstStep firstStep(const std::string& phase, int batch, const std::shared_ptr<ProcessGroup>& group) {
  Recipe options;
  options.images.image_long_side_px = 64;
  options.images.crop_px = 48;
  options.points.points_per_cloud = 512;
  options.points_teach_images.warmup_fraction = 0;
  options.phases.image_batch = options.phases.points_batch = options.phases.joint_batch = batch;
  TrainingDataOptions wanted;
  wanted.image_long_side_px = 64;
  wanted.points_per_cloud = 512;
  auto data = std::make_shared<const TrainingData>(prepareTrainingData({testing::makeTinyScene()}, wanted, {}).value());
  const auto source = std::make_shared<const TrainingSource>(std::move(data), wanted);
  auto trainer =
      Trainer::create(
          source, Networks::create({}, "cpu", 1).value(), options, makeTrainingMethod(options, source, group), group)
          .value();
  trainer.beginPhase(phase, 1);
  FirstStep step;
  step.values = trainer.step().value();
  step.image = gradientsOf(*trainer.networks().impl().image);
  step.points = gradientsOf(*trainer.networks().impl().points);
  return step;
}

/// |a - b| / |a| over all parameters.
double relativeDifference(const Gradients& a, const Gradients& b) {
  EXPECT_EQ(a.size(), b.size());
  double difference = 0, norm = 0;
  for (const auto& [name, tensor] : a) {
    const auto other = b.find(name);
    if (other == b.end()) {
      ADD_FAILURE() << name << " has no gradient";
      continue;
    }
    difference += (tensor - other->second).square().sum().item<double>();
    norm += tensor.square().sum().item<double>();
  }
  return norm > 0 ? std::sqrt(difference / norm) : 0;
}

class JoinedTraining : public ::testing::TestWithParam<const char*> {};

TEST_P(JoinedTraining, HasTheGradientOfOneProcessWithTheWholeBatch) {
  if (!isRank()) return expectAllPass(runThisTestOnRanks(2));
  const std::string phase = GetParam();
  const FirstStep whole = firstStep(phase, 4, ProcessGroup::alone());
  const FirstStep half = firstStep(phase, 2, ProcessGroup::alone());
  const FirstStep joined = firstStep(phase, 2, *ProcessGroup::join(*readRankEnvironment(), {}));

  // Classification losses are continuous: they differ by rounding alone.
  for (const char* name : {"loss_2d_cls", "loss_3d_cls"}) {
    if (!whole.values.contains(name)) continue;
    EXPECT_NEAR(joined.values.at(name), whole.values.at(name), testing::kFloatNetworkRounding) << name;
  }
  // Gradients are not (see the tolerance), and pseudo-labels are the largest of nearly equal values.
  for (const auto& [gradients, part] :
       {std::pair{&FirstStep::image, "image"}, std::pair{&FirstStep::points, "points"}}) {
    if ((whole.*gradients).empty()) continue;
    EXPECT_LT(relativeDifference(whole.*gradients, joined.*gradients), testing::kFloatGradientRounding) << part;
    EXPECT_GT(relativeDifference(whole.*gradients, half.*gradients), 10 * testing::kFloatGradientRounding)
        << part << ": half of the batch must have another gradient, or the test cannot fail";
  }
}
INSTANTIATE_TEST_SUITE_P(Phases, JoinedTraining, ::testing::Values("image", "points", "joint"));

}  // namespace
}  // namespace tagscape

// The trainer takes the steps of any method: here of one that the product does not have.

#include "core/train/trainer.h"

#include "core/nn/weights_torch.h"
#include "core/train/training_method_torch.h"
#include "tests/support/tiny_scene.h"
#include "tests/support/tolerances.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using ::testing::HasSubstr;

/// Pulls the image network's logits towards a value, in two phases; counts what it is asked for.
class PullMethod final : public TrainingMethod {
 public:
  explicit PullMethod(NetworkHeads heads = {{"logits"}, {}}) : heads_(std::move(heads)) {
    const BatchSpec images{.stream = "pictures", .num_images = 2};
    phases_ = {{"up", 3, images, 1e-2, std::nullopt}, {"down", 3, images, 1e-2, std::nullopt}};
  }

  [[nodiscard]] const std::vector<TrainingPhase>& phases() const override { return phases_; }
  [[nodiscard]] NetworkHeads heads() const override { return heads_; }
  void beginPhase(const TrainingPhase& phase) override {
    goal_ = phase.name == "up" ? 1 : -1;
    num_prepared_ = 0;
  }
  void prepareStep(const PhasePosition&, Networks::Impl&) override { ++num_prepared_; }
  [[nodiscard]] std::vector<LossTerm> losses(const StepInput& input) const override {
    EXPECT_FALSE(input.points.has(kLogits)) << "the point network is not trained";
    const at::Tensor apart = (input.image.logits() - goal_).square().mean();
    return {{"loss_pull", apart, 2}, {"loss_same", apart, .5}};
  }
  void store(TensorFile& file) const override {
    file.tensors["pull.prepared"] = toBlob(at::full({1}, static_cast<float>(num_prepared_)));
  }
  [[nodiscard]] Status restore(const TensorFile& file, const std::filesystem::path&, const at::Device&) override {
    num_prepared_ = static_cast<int>(*reinterpret_cast<const float*>(file.tensors.at("pull.prepared").bytes.data()));
    return {};
  }
  [[nodiscard]] int numPrepared() const { return num_prepared_; }

 private:
  NetworkHeads heads_;
  std::vector<TrainingPhase> phases_;
  double goal_ = 0;
  int num_prepared_ = 0;
};

class TrainerTest : public ::testing::Test {
 protected:
  TrainerTest() {
    options_.images.image_long_side_px = 64;
    options_.images.crop_px = 48;
    options_.points.points_per_cloud = 512;
    TrainingDataOptions wanted;
    wanted.image_long_side_px = 64;
    wanted.points_per_cloud = 512;
    wanted.clouds_per_scene = 1;
    auto data =
        std::make_shared<const TrainingData>(prepareTrainingData({testing::makeTinyScene()}, wanted, {}).value());
    source_ = std::make_shared<const TrainingSource>(std::move(data), wanted);
  }
  Result<Trainer> trainerOf(std::shared_ptr<TrainingMethod> method) {
    return Trainer::create(source_, Networks::create({}, "cpu", 1).value(), options_, std::move(method));
  }
  Recipe options_;
  std::shared_ptr<const TrainingSource> source_;
};

TEST_F(TrainerTest, TakesTheStepsOfAnyMethod) {
  auto trainer = trainerOf(std::make_shared<PullMethod>());
  ASSERT_TRUE(trainer) << trainer.error().message;
  trainer->beginPhase("down", 3);
  EXPECT_EQ(trainer->position().phase, "down");
  double before = 0;
  for (int step = 0; step < 3; ++step) {
    const auto values = trainer->step();
    ASSERT_TRUE(values) << values.error().message;
    EXPECT_NEAR(values->at("loss_total"), 2.5 * values->at("loss_pull"), testing::kFloatSumRounding);
    EXPECT_EQ(values->at("loss_same"), values->at("loss_pull"));
    EXPECT_TRUE(values->contains("lr_2d"));
    EXPECT_FALSE(values->contains("lr_3d"));
    EXPECT_NE(values->at("loss_pull"), before) << "the network has changed";
    before = values->at("loss_pull");
  }
}

TEST_F(TrainerTest, StoresWhatTheMethodKeepsAndGoesOnWithIt) {
  auto trainer = trainerOf(std::make_shared<PullMethod>()).value();
  trainer.beginPhase("up", 3);
  ASSERT_TRUE(trainer.step());
  ASSERT_TRUE(trainer.step());
  const TensorFile state = trainer.state();
  const TensorFile weights = trainer.networks().weights();
  const auto expected = trainer.step();
  ASSERT_TRUE(expected);

  const auto method = std::make_shared<PullMethod>();
  auto resumed = trainerOf(method).value();
  ASSERT_TRUE(resumed.networks().setWeights(weights, "x"));
  ASSERT_TRUE(resumed.resume({"up", 2, 3}, state, "x"));
  EXPECT_EQ(method->numPrepared(), 2);
  const auto again = resumed.step();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->at("loss_pull"), expected->at("loss_pull"));
}

TEST_F(TrainerTest, RefusesAMethodThatNeedsAHeadThatThereIsNot) {
  const auto refused = trainerOf(std::make_shared<PullMethod>(NetworkHeads{{"logits", "boxes"}, {}}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::InvalidInput);
  EXPECT_THAT(refused.error().message, HasSubstr("boxes"));
  EXPECT_THAT(refused.error().message, HasSubstr("image_network"));
}

TEST_F(TrainerTest, KnowsThePhasesOfItsMethodOnly) {
  auto trainer = trainerOf(std::make_shared<PullMethod>()).value();
  EXPECT_THROW(trainer.beginPhase("joint", 3), std::logic_error);
}

}  // namespace
}  // namespace tagscape
